"""Finished notes on their way to a ticket system, where a site wants that."""
