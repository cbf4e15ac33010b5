"""The command `deescalate`: reads the arguments, does what they ask for, and owns standard error and the exit status.

What a command needs is imported when it runs: `--help` and `--version` stay quick.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from deescalate_tui import __version__, catalogues
from deescalate_tui.clean import clean
from deescalate_tui.cli_hooks import no_values_printed, report
from deescalate_tui.cli_language import ui_language
from deescalate_tui.cli_streams import can_show_screen, is_terminal, prepare, put, tell
from deescalate_tui.errors import ContentFaults, Exit, Fault, UsageFault
from deescalate_tui.i18n import Messages

if TYPE_CHECKING:
    from argparse import Namespace

    from deescalate_tui.opening import Opening
    from deescalate_tui.workplace import Workplace


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status. Every error ends here, in words, without a traceback."""
    gc.disable()  # A start is a tenth quicker without the collector; the screen switches it on after its first picture.
    try:
        with no_values_printed():
            os.umask(0o077)
            prepare()
            return _answer(sys.argv[1:] if argv is None else argv, catalogues.load(ui_language(os.environ)))
    finally:
        gc.enable()


def _answer(argv: Sequence[str], messages: Messages) -> int:
    try:
        return run(argv, messages)
    except Fault as fault:
        tell(clean(messages.fault(fault)))
        return fault.status
    except ContentFaults as error:
        tell(*(clean(messages.fault(fault)) for fault in error.faults))
        return error.status
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last net: a traceback could show what a customer said
        return _crashed(error, messages)


def run(arguments: Sequence[str], messages: Messages) -> int:
    """Do what the arguments ask for; the exit status. Raises Fault and ContentFaults."""
    if not arguments:
        return _lead(messages, {}, plain=False)
    # Late: an agent who just starts the program needs no argparse, which takes 7 ms.
    from deescalate_tui.cli_parser import PROG, parse

    found = parse(arguments, messages)
    if "help" in found:
        put(found.help)
        return Exit.OK
    if "version" in found:
        put(f"{PROG} {__version__}\n")
        return Exit.OK
    if not getattr(found, "what", "-"):
        raise UsageFault(found.parser.prog, "cli-command-missing", help=f"{found.parser.prog} --help")
    return COMMANDS[found.command](found, messages)


def _start(found: Namespace, messages: Messages) -> int:
    return _lead(messages, {}, plain="plain" in found)


def _guide(found: Namespace, messages: Messages) -> int:
    call = {
        key: clean(getattr(found, key)).strip() for key in ("type", "lang", "channel", "country", "ticket", "agent")
    }
    if found.json:
        # Late: only programs that start a call for the agent speak JSON.
        from deescalate_tui.cli_json import take_call

        call = {**take_call(found.json), **{key: value for key, value in call.items() if value}}
    return _lead(messages, call, plain="plain" in found)


def _lead(messages: Messages, call: Mapping[str, str], *, plain: bool) -> int:
    """A session, or the start screen where no type is given."""
    # Late, as everything below: help and version do without it.
    from deescalate_tui.opening import Opening
    from deescalate_tui.workplace import Workplace

    options = {"language": "lang", "channel": "channel", "country": "country", "agent": "agent"}
    flags = {name: call.get(option, "") for name, option in options.items()}
    workplace = Workplace.open(os.environ, flags)
    settings = workplace.settings
    tell(*(clean(messages.fault(fault)) for fault in settings.attempts if fault.place.startswith("--")))
    type_id = call.get("type", "").lower()
    if type_id:
        workplace.library.checklist(type_id, settings.language)  # what is wrong is said before a screen opens
    opening = Opening(type_id, settings.language, settings.channel, call.get("ticket", ""))
    return _open(workplace, _unless_begun(workplace, opening, messages), messages, plain=plain)


def _unless_begun(workplace: Workplace, opening: Opening, messages: Messages) -> Opening:
    """A call whose ticket has an unfinished session does not begin another one unasked, where somebody can answer."""
    begun = workplace.begun(opening.ticket) if opening.type_id and opening.ticket else ()
    if not begun:
        return opening
    if is_terminal(sys.stdin):
        from msgspec.structs import replace  # late: see above

        return replace(opening, type_id="", wanted=opening.type_id)
    tell(messages("cli.same-ticket", ticket=opening.ticket, id=begun[0].id))
    return opening


def _resume(found: Namespace, messages: Messages) -> int:
    # Late: see above.
    from deescalate_tui.offer import waiting_text
    from deescalate_tui.opening import Opening
    from deescalate_tui.workplace import Workplace

    workplace = Workplace.open(os.environ, {})
    waiting = [entry for entry in workplace.waiting() if entry.title]
    wanted = clean(found.id).strip().lower()
    named = [entry for entry in waiting if entry.id == wanted or (len(wanted) >= 4 and entry.id.endswith(wanted))]
    free = named if wanted else [entry for entry in waiting if not entry.in_use]
    if wanted and len(named) != 1:
        known = ", ".join(entry.id for entry in waiting) or "–"
        raise UsageFault("ID", "no-session", found=wanted, known=known)
    if not free:
        raise UsageFault(found.parser.prog, "nothing-unfinished")
    if len(free) > 1 and not is_terminal(sys.stdin):
        put("".join(f"{entry.id}  {waiting_text(entry, messages)}\n" for entry in free))
        raise UsageFault("ID", "cli-several")
    return _open(workplace, Opening(resume=free[0].id), messages, plain="plain" in found)


def _open(workplace: Workplace, opening: Opening, messages: Messages, *, plain: bool) -> int:
    """The screen, or lines where there can be none."""
    if plain or not can_show_screen(os.environ):
        from deescalate_tui.plain import run_plain
        from deescalate_tui.plain_lines import Lines

        asks = is_terminal(sys.stdin) and is_terminal(sys.stdout)
        with Lines(lambda: put(messages("plain.prompt") if asks else "")) as lines:
            return run_plain(workplace, opening, lines, put)
    # asyncio does without ssl, and this program never opens a connection: 7 ms and 4 MiB less.
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    # Late: Textual takes longer to load than everything else together.
    from deescalate_tui.tui.app import run as show
    from deescalate_tui.workplace import CLOSE_S

    status = show(workplace, opening)
    live = workplace.leading
    if live is None or live.noted:
        return status
    lost = live.leave(CLOSE_S)
    kept = live.messages("leave.nothing") if live.removed else live.messages("leave.kept", id=live.state.id)
    tell(f"{live.messages('plain.lost')}\n\n{lost}" if lost else kept)
    return status or (Exit.DISK if lost else Exit.OK)


def _content(found: Namespace, messages: Messages) -> int:
    if found.what in ("new", "schema", "confirm"):
        from deescalate_tui import cli_author

        return cli_author.COMMANDS[found.what](found, messages)
    from deescalate_tui import cli_content

    return cli_content.COMMANDS[found.command, found.what](found, messages)


def _settings(found: Namespace, messages: Messages) -> int:
    from deescalate_tui import cli_settings

    return cli_settings.COMMANDS[found.command](found, messages)


def _notes(found: Namespace, messages: Messages) -> int:
    if found.what == "correct":
        from deescalate_tui import cli_correct

        return cli_correct.correct(found, messages)
    if found.what in ("purge", "hold", "access", "erase"):
        from deescalate_tui import cli_rights

        return cli_rights.COMMANDS[found.what](found, messages)
    if found.what == "export":
        from deescalate_tui import cli_export

        return cli_export.export(found, messages)
    if found.what in ("verify", "reindex"):
        from deescalate_tui import cli_index

        return cli_index.COMMANDS[found.what](found, messages)
    from deescalate_tui import cli_notes

    return cli_notes.COMMANDS[found.what](found, messages)


def _privacy(found: Namespace, messages: Messages) -> int:
    from deescalate_tui import cli_privacy

    return cli_privacy.show_privacy(found, messages)


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {
    "": _start,
    "guide": _guide,
    "resume": _resume,
    "checklists": _content,
    "countries": _content,
    "settings": _settings,
    "doctor": _settings,
    "notes": _notes,
    "privacy": _privacy,
}


def _crashed(error: Exception, messages: Messages) -> int:
    """A fault of ours: said plainly, with a report in which nothing typed stands."""
    path = report(error)
    tell(messages("cli.crash"), *([messages("crash.report", path=clean(str(path)))] if path else []))
    return Exit.CRASH
