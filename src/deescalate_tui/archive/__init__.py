"""The archive: every note in the notes folder, found at once.

The files are the truth. Beside them stands an index, an SQLite file in the state folder, that can be thrown away at
any time. `archive.archive.Archive` is what other modules use; agents' sessions never touch any of it.
"""
