"""A companion for calls with upset customers: one thing to do, one thing to say, and the note writes itself."""

__version__ = "0.1.0"
