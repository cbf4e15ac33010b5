"""The screen: the only room that knows Textual. It draws pages, reads keys, and decides nothing."""
