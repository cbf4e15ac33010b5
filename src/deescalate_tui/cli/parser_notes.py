"""The words and options of what reads, hands on and erases notes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deescalate_tui.cli.parser import Commands, Parser


def due(command: Parser) -> None:
    """What is promised and open."""
    command.several("text", "TEXT", "text")
    filters(command)
    command.flag("--expired", "with-expired")
    command.value("--limit", "N", "limit")
    command.flag("--json", "json")
    command.value("--ics", "FILE.ics|-", "ics")
    command.pair("--done", ("ID", "N"), "done")
    command.pair("--open", ("ID", "N"), "reopen")


def archive(notes: Commands) -> None:
    """What reads the notes."""
    listed = notes.add("list")
    listed.several("text", "TEXT", "text")
    filters(listed)
    search = notes.add("search")
    search.several("text", "QUERY", "query")
    search.flag("--best", "best")
    for command in (listed, search):
        command.value("--limit", "N", "limit")
        command.flag("--json", "json")
    export = notes.add("export")
    export.several("text", "TEXT", "text")
    export.value("--to", "FILE", "export-to")
    export.value("--format", "md|csv|jsonl|xlsx|html", "format")
    for option in ("without-text", "brief", "comma", "force"):
        export.flag(f"--{option}", option)
    filters(export)
    for name in ("show", "open"):
        command = notes.add(name)
        command.text("note", "TICKET|ID|PATH", "note")
        if name == "show":
            command.flag("--json", "json")
    notes.add("verify").flag("--json", "json")
    notes.add("reindex")


def filters(command: Parser) -> None:
    """The options by which notes are chosen."""
    command.value("--since", "DATE", "since")
    command.value("--until", "DATE", "until-day")
    _kinds(command)
    command.value("--outcome", "OUTCOME", "outcome")
    command.value("--level", "N|N-N", "level")
    command.flag("--threat", "threat")
    command.value("--ticket", "REF", "ticket")
    command.flag("--due", "due")
    command.flag("--overdue", "overdue")


def _kinds(command: Parser) -> None:
    """The options that lists and reports share."""
    command.value("--type", "TYPE", "type")
    command.language()
    command.value("--country", "CC", "of-country")
    command.value("--channel", "phone|email", "channel")


def report(command: Parser) -> None:
    """What the notes say in sum."""
    command.value("--since", "DATE|WEEK", "since-week")
    command.value("--until", "DATE|WEEK", "until-week")
    _kinds(command)
    command.value("--html", "FILE", "html")
    command.flag("--force", "force")
    command.flag("--checklists", "checklists")
    command.flag("--json", "json")


def rights(notes: Commands) -> None:
    """What keeps notes no longer than allowed, and gives those whom they are about their rights."""
    purge = notes.add("purge")
    purge.value("--before", "YYYY-MM-DD", "before")
    hold = notes.add("hold")
    hold.text("note", "TICKET|ID|PATH", "one-note")
    hold.value("--ticket", "REF", "ticket")
    hold.value("--reason", "TEXT", "reason")
    hold.value("--until", "YYYY-MM-DD", "until")
    hold.flag("--end", "end")
    access = notes.add("access")
    access.value("--ticket", "REF", "ticket")
    access.value("--to", "FILE.zip", "to")
    erase = notes.add("erase")
    erase.value("--ticket", "REF", "ticket")
    erase.value("--by", "customer|employee|authority|site", "asked-by")
    for command in (purge, erase):
        command.flag("--yes", "yes")
        command.flag("--json", "json")
    correct = notes.add("correct")
    correct.text("note", "TICKET|ID|PATH", "one-note")
    correct.values("--field", "NAME=VALUE", "field")
