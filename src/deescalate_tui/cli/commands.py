"""The commands without a screen, each by its name. What one needs is imported when it runs: others stay quick."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping

from deescalate_tui.i18n import Messages


def _content(found: Namespace, messages: Messages) -> int:
    if found.what in ("new", "schema", "confirm"):
        from deescalate_tui.cli import author as cli_author

        return cli_author.COMMANDS[found.what](found, messages)
    from deescalate_tui.cli import content as cli_content

    return cli_content.COMMANDS[found.command, found.what](found, messages)


def _settings(found: Namespace, messages: Messages) -> int:
    from deescalate_tui.cli import settings as cli_settings

    return cli_settings.COMMANDS[found.command](found, messages)


def _notes(found: Namespace, messages: Messages) -> int:
    if found.what == "correct":
        from deescalate_tui.cli import correct as cli_correct

        return cli_correct.correct(found, messages)
    if found.what in ("purge", "hold", "access", "erase"):
        from deescalate_tui.cli import rights as cli_rights

        return cli_rights.COMMANDS[found.what](found, messages)
    if found.what == "export":
        from deescalate_tui.cli import export as cli_export

        return cli_export.export(found, messages)
    if found.what in ("verify", "reindex"):
        from deescalate_tui.cli import index as cli_index

        return cli_index.COMMANDS[found.what](found, messages)
    from deescalate_tui.cli import notes as cli_notes

    return cli_notes.COMMANDS[found.what](found, messages)


def _due(found: Namespace, messages: Messages) -> int:
    from deescalate_tui.cli import due as cli_due

    return cli_due.due(found, messages)


def _privacy(found: Namespace, messages: Messages) -> int:
    from deescalate_tui.cli import privacy as cli_privacy

    return cli_privacy.show_privacy(found, messages)


def _deliver(found: Namespace, messages: Messages) -> int:
    from deescalate_tui.cli import deliver as cli_deliver

    return cli_deliver.deliver(found, messages)


def _report(found: Namespace, messages: Messages) -> int:
    from deescalate_tui.cli import report as cli_report

    return cli_report.show_report(found, messages)


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {
    "checklists": _content,
    "countries": _content,
    "settings": _settings,
    "doctor": _settings,
    "notes": _notes,
    "privacy": _privacy,
    "deliver": _deliver,
    "due": _due,
    "report": _report,
}
