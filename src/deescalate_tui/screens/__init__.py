"""How each screen looks: pure functions from views to rows of styled text, for any size. No toolkit, no terminal."""
