"""What is personal in typed text is found and masked. Pure."""
