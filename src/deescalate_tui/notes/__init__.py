"""The note that a session leaves, its file and the folder of all of them."""
