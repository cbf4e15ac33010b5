"""The command line: what is typed, a file a command."""
