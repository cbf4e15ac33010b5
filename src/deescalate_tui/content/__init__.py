"""What agents read: the files of checklists, cards, ladder and countries, from their bytes to valid values."""
