"""The file of an unfinished session: written before the screen, so that nothing that was shown is lost."""
