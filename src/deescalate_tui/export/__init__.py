"""Notes for other programs and people: as a bundle, a table, lines or a page. Never with the agent's alias.

`job` gives what is exported, one module a format writes it, `record` says what it was made of, `work` publishes it.
"""
