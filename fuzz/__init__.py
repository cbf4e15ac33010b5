"""Coverage-guided fuzzing of what reads the words and files of others: `tools/dev.py fuzz [seconds] [target ...]`."""
