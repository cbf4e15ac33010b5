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
from deescalate_tui.cli.hooks import no_values_printed, report
from deescalate_tui.cli.language import ui_language
from deescalate_tui.cli.print_note import form_of, put_notes
from deescalate_tui.cli.tables import terminal_width
from deescalate_tui.errors import ContentFaults, Exit, Fault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.quick import HELP
from deescalate_tui.streams import can_show_screen, is_terminal, prepare, put, say, settle, tell

if TYPE_CHECKING:
    from argparse import Namespace

    from deescalate_tui.instant import Instant
    from deescalate_tui.opening import Opening
    from deescalate_tui.workplace import Workplace


COMMAND_S = 2.0
"""So long the end of the program may wait for the command of a finished note."""


def main(argv: Sequence[str] | None = None, window: Instant | None = None) -> int:
    """Run one command; the exit status. Every error ends here, in words, without a traceback.

    `window` is where the start screen may be shown already.
    """
    gc.disable()  # see `launch`
    try:
        with no_values_printed():
            os.umask(0o077)
            prepare()
            arguments = sys.argv[1:] if argv is None else argv
            return _answer(arguments, catalogues.load(ui_language(os.environ)), window)
    finally:
        settle()
        gc.enable()


def _answer(argv: Sequence[str], messages: Messages, window: Instant | None) -> int:
    try:
        return run(argv, messages, window)
    except BaseException as error:  # noqa: BLE001 - the last net: a traceback could show what a customer said
        return ended(error, messages)


def ended(error: BaseException, messages: Messages | None = None) -> int:
    """The exit status after an error, which is said in words."""
    messages = messages or catalogues.load(ui_language(os.environ))
    if isinstance(error, Fault):
        tell(clean(messages.fault(error)))
        return error.status
    if isinstance(error, ContentFaults):
        tell(*(clean(messages.fault(fault)) for fault in error.faults))
        return error.status
    if isinstance(error, KeyboardInterrupt):
        return Exit.INTERRUPTED
    if isinstance(error, Exception):
        return _crashed(error, messages)
    raise error


def run(arguments: Sequence[str], messages: Messages, window: Instant | None = None) -> int:
    """Do what the arguments ask for; the exit status. Raises Fault and ContentFaults."""
    if not arguments:
        try:
            return _lead(messages, {}, plain=False, window=window)
        finally:
            if window is not None:
                window.restore()  # before anything is said
    # Late: an agent who just starts the program needs no argparse, which takes 7 ms.
    from deescalate_tui.cli.parser import PROG, parse

    found = parse(arguments, messages)
    if "help" in found:
        put(found.help)
        if list(arguments) in HELP:
            # Late: done once.
            from deescalate_tui.kept_making import keep_help

            keep_help(found.help, terminal_width(), messages)
        return Exit.OK
    if "version" in found:
        put(f"{PROG} {__version__}\n")
        return Exit.OK
    if not getattr(found, "what", "-"):
        raise UsageFault(found.parser.prog, "cli-command-missing", help=f"{found.parser.prog} --help")
    if found.command in OWN:
        return OWN[found.command](found, messages)
    # Late: an agent who starts a call needs none of them.
    from deescalate_tui.cli.commands import COMMANDS

    return COMMANDS[found.command](found, messages)


def _start(found: Namespace, messages: Messages) -> int:
    return _lead(messages, {}, plain="plain" in found)


def _guide(found: Namespace, messages: Messages) -> int:
    call = {
        key: clean(getattr(found, key)).strip() for key in ("type", "lang", "channel", "country", "ticket", "agent")
    }
    form = form_of(found.print)
    if found.json:
        # Late: only programs that start a call for the agent speak JSON.
        from deescalate_tui.cli.call_json import take_call

        call = {**take_call(found.json), **{key: value for key, value in call.items() if value}}
    return _lead(messages, call, plain="plain" in found, form=form)


def _lead(
    messages: Messages, call: Mapping[str, str], *, plain: bool, form: str = "", window: Instant | None = None
) -> int:
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
    begun = _unless_begun(workplace, opening, messages)
    return _open(workplace, begun, messages, plain=plain, form=form, window=window)


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

    form = form_of(found.print)
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
        write = say if form else put
        write("".join(f"{entry.id}  {waiting_text(entry, messages)}\n" for entry in free))
        raise UsageFault("ID", "cli-several")
    return _open(workplace, Opening(resume=free[0].id), messages, plain="plain" in found, form=form)


def _open(
    workplace: Workplace, opening: Opening, messages: Messages, *, plain: bool, form: str, window: Instant | None = None
) -> int:
    """The screen, or lines where there can be none; with a form of `--print`, the notes on standard output alone."""
    if plain or not can_show_screen(os.environ, output_taken=bool(form)):
        status = _talk(workplace, opening, messages, say if form else put)
    else:
        status = _show(workplace, opening, window)
    put_notes(form, workplace.closed)
    _tell_of_command(workplace)
    return status


def _tell_of_command(workplace: Workplace) -> None:
    """Where the command for a finished note has failed, it is said, and nothing else comes of it."""
    live = workplace.leading
    if live is not None and live.close_run is not None:
        # Late: few sites have such a command.
        from deescalate_tui.close_command import failure

        failed = failure(live.close_run, live.messages, COMMAND_S)
        tell(*([clean(failed)] if failed else []))


def _talk(workplace: Workplace, opening: Opening, messages: Messages, write: Callable[[str], None]) -> int:
    from deescalate_tui.plain.lines import Lines
    from deescalate_tui.plain.session import run_plain

    asks = is_terminal(sys.stdin) and is_terminal(sys.stdout if write is put else sys.stderr)
    with Lines(lambda: write(messages("plain.prompt") if asks else "")) as lines:
        return run_plain(workplace, opening, lines, write)


def _show(workplace: Workplace, opening: Opening, window: Instant | None) -> int:
    # Late: see above.
    from deescalate_tui.spared import spare

    spare()
    from deescalate_tui.workplace import CLOSE_S

    preview = None
    if window is not None:
        from deescalate_tui.tui.leaves import Preview

        preview = Preview(workplace, opening, window)
    # Late: Textual takes longer to load than everything else together.
    from deescalate_tui.tui.app import run as show

    status = show(workplace, opening, preview)
    live = workplace.leading
    if live is None or live.noted:
        return status
    lost = live.leave(CLOSE_S)
    kept = live.messages("leave.nothing") if live.removed else live.messages("leave.kept", id=live.state.id)
    tell(f"{live.messages('plain.lost')}\n\n{lost}" if lost else kept)
    return status or (Exit.DISK if lost else Exit.OK)


def _desk(found: Namespace, messages: Messages) -> int:
    if "plain" in found or not can_show_screen(os.environ):
        raise UsageFault(found.parser.prog, "desk-screen")
    # asyncio does without ssl, and this program never opens a connection: see `_open`.
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    # Late: see `_open`.
    from deescalate_tui.tui.desk_app import run as show
    from deescalate_tui.workplace import Workplace

    return show(Workplace.open(os.environ, {}), messages)


OWN: Mapping[str, Callable[[Namespace, Messages], int]] = {
    "": _start,
    "guide": _guide,
    "resume": _resume,
    "desk": _desk,
}
"""What leads to a screen."""


def _crashed(error: Exception, messages: Messages) -> int:
    """A fault of ours: said plainly, with a report in which nothing typed stands."""
    path = report(error)
    tell(messages("cli.crash"), *([messages("crash.report", path=clean(str(path)))] if path else []))
    return Exit.CRASH
