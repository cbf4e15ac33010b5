"""What many notes say in sum, for the team lead: figures about calls and checklists, never about a person.

`tally` counts one note, `suppress` decides which groups are large enough to be told apart, `figures` makes the report
and `checkup` looks at the checklists; `terminal`, `html` and the JSON of the structs show it.
"""
