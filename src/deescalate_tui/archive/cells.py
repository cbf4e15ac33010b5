"""What a table or a line of an export takes from the index, as SQL over the table `notes` as `n`.

Values are taken as they are: to make a Row of each takes as long as all else together. None of it names the agent.
"""

from __future__ import annotations

_DAY = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
_PLAIN = (
    *("started", "ended", "duration_s", "ticket", "customer_type", "types", "language", "country", "channel"),
    *("level_start", "level_peak", "level_end", "warnings", "outcome", "request", "request_answered", "steps"),
    *("threat", "escalated_to", "commitments", "follow_up", "follow_up_done", "satisfaction", "revision"),
    *("expires",),
)
NAMES = ("id", *_PLAIN)
"""The columns, in order. `types`, `steps` and `commitments` are JSON."""
TYPED = ("request", "escalated_to")
"""Those that hold what was typed and nothing else."""
_JSON = ("types", "steps", "commitments")
_LEVEL = ("level_start", "level_peak", "level_end")


def _when(value: str) -> str:
    """A day, or a day and a time; empty where words were typed instead."""
    return f"CASE WHEN {value} GLOB '{_DAY}' OR {value} GLOB '{_DAY}T[0-9][0-9]:[0-9][0-9]' THEN {value} ELSE '' END"


def _columns(words: bool) -> dict[str, str]:
    columns = {"id": "n.note"} | {name: f"n.{name}" for name in _PLAIN}
    if not words:
        due = _when("json_extract(value, '$.due')")
        promises = (
            f"SELECT json_group_array(json_set(value, '$.what', '', '$.due', {due})) FROM json_each(n.commitments)"
        )
        columns |= dict.fromkeys(TYPED, "''") | {"follow_up": _when("n.follow_up"), "commitments": f"({promises})"}
    return columns


def table(*, words: bool) -> str:
    """The columns of `NAMES`; without `words`, what was typed is empty. A level that was not heard is empty too."""
    columns = _columns(words)
    return ", ".join((columns | {name: f"ifnull({columns[name]}, '')" for name in _LEVEL}).values())


def line(*, words: bool) -> str:
    """The same as one JSON object, with the keys of the front matter of a note."""
    columns = _columns(words)
    columns["threat"] = "json(CASE WHEN n.threat THEN 'true' ELSE 'false' END)"
    columns |= {name: f"json({columns[name]})" for name in _JSON}
    levels = ", ".join(f"'{name.removeprefix('level_')}', {columns.pop(name)}" for name in _LEVEL)
    columns["level"] = f"json_object({levels})"
    pairs = ", ".join(f"'{name}', {value}" for name, value in columns.items())
    return f"json_object({pairs})"
