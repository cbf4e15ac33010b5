"""What happens in a call, and what comes of it: commands, events, the state they lead to. Pure."""
