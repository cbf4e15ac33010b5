"""Standard input and output: UTF-8 whatever the system says, and quiet about a reader that has gone."""

from __future__ import annotations

import io
import os
import sys

from deescalate_tui.clean import clean, escaped_json, steerless

TYPE_CHECKING = False  # see `i18n`
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TextIO

    from deescalate_tui.errors import FileFault

_MARK, _END = "\x1b[1;7m", "\x1b[0m"
"""Bright and reversed, and back."""
INDENT = "    "
"""Before what belongs to the line above it."""
TERMINAL = "CONIN$" if sys.platform == "win32" else "/dev/tty"


def prepare() -> None:
    """UTF-8 on all three streams, also on pipes; what no encoding can hold becomes a question mark."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            try:
                stream.reconfigure(encoding="utf-8", errors="replace")
            except io.UnsupportedOperation:  # input that was read from before keeps its encoding
                continue


def put(text: str) -> None:
    """Data: text on standard output, at once. A reader that has gone is no fault; a full disk is a FileFault."""
    try:
        _write(sys.stdout, steerless(text))
    except OSError as error:
        raise _fault(error) from error


def put_marked(parts: Iterable[tuple[str, bool]]) -> None:
    """Data, with some of it marked by colour: each text, and whether it is. Raises FileFault."""
    try:
        _write(sys.stdout, "".join(f"{_MARK}{steerless(it)}{_END}" if hit else steerless(it) for it, hit in parts))
    except OSError as error:
        raise _fault(error) from error


def put_bytes(data: bytes) -> None:
    """Data that is no text, on standard output. Raises FileFault."""
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        _drop(sys.stdout)
        raise _fault(error) from error


def tell(*lines: str) -> None:
    """Talk: lines on standard error. Where that cannot be written to, there is nobody to tell."""
    say("".join(f"{piece}\n" for line in lines for piece in pieces(line, sys.stderr)))


def say(text: str) -> None:
    """Talk as it is, on standard error, where standard output is another program's."""
    try:
        _write(sys.stderr, steerless(text))
    except OSError:
        return


def pieces(line: str, stream: TextIO | None) -> list[str]:
    """The line; on a terminal in pieces that fit, as it would be broken within words there. What has lines of its own
    stays as it is."""
    if not line.strip() or "\n" in line or not is_terminal(stream) or len(line) <= (width := width_of(stream)):
        return [line]
    import textwrap  # late: most lines are short

    indent = INDENT if line.startswith(" ") else ""
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def width_of(stream: TextIO | None) -> int:
    """Columns of a terminal, as `shutil` finds them, which takes 3 ms to import; 80 where there is none."""
    given = os.environ.get("COLUMNS", "").strip()
    if given.isdecimal() and int(given):
        return int(given)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):
        return 80


def put_json(value: object) -> None:
    """A value as JSON, for programs."""
    import msgspec  # late: --help and --version do without it

    put(escaped_json(msgspec.json.format(msgspec.json.encode(value), indent=2).decode()) + "\n")


def put_table(rows: Iterable[Sequence[str]]) -> None:
    """Rows in columns; a cell is one line, whatever it holds."""
    table = [tuple(map(clean, row)) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table)
    put("".join(f"{line}\n" for line in lines))


def can_show_screen(environ: Mapping[str, str], *, output_taken: bool = False) -> bool:
    """Whether a full screen can be drawn here and keys be read: the screen draws on standard error.

    Where a program has taken the output, and the errors too, the screen draws on the terminal itself.
    """
    drawn_on = sys.stdout if sys.platform == "win32" else sys.stderr
    can_draw = is_terminal(drawn_on) or (output_taken and sys.platform != "win32" and _has_terminal())
    return environ.get("TERM") != "dumb" and is_terminal(sys.stdin) and can_draw


def _has_terminal() -> bool:
    try:
        os.close(os.open(TERMINAL, os.O_RDWR))
    except OSError:
        return False
    return True


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream is there, open and a terminal."""
    return stream is not None and not stream.closed and stream.isatty()


def read_all(limit: int) -> bytes:
    """All of standard input, at most `limit` bytes. Raises UsageFault where it is longer."""
    data = sys.stdin.buffer.read(limit + 1) if sys.stdin is not None else b""
    if len(data) > limit:
        from deescalate_tui.errors import UsageFault  # late: see `i18n`

        raise UsageFault("--json", "json-too-long", limit=limit)
    return data


def open_terminal() -> None:
    """Put the terminal in the place of standard input, which has been read. Raises UsageFault where there is none."""
    try:
        terminal = os.open(TERMINAL, os.O_RDWR)
    except OSError as error:
        from deescalate_tui.errors import UsageFault  # late: see `i18n`

        raise UsageFault("--json", "json-no-terminal") from error
    os.dup2(terminal, 0)
    os.close(terminal)


def settle() -> None:
    """Have nothing left to write at the end: Python would change the exit status over it, as after a closed window."""
    for stream in (sys.stdout, sys.stderr):
        try:
            _write(stream, "")
        except OSError:
            continue


def _fault(error: OSError) -> FileFault:
    # Late: most runs never need to name what the disk said.
    from pathlib import Path

    from deescalate_tui.files import fault_of

    return fault_of(Path("stdout"), error)


def _write(stream: TextIO | None, text: str) -> None:
    """The one way out. Whatever a text may hold, the terminal is ours: it has been through `steerless`."""
    if stream is None or stream.closed:
        return
    try:
        stream.write(text)
        stream.flush()
    except OSError as error:
        _drop(stream)
        if not isinstance(error, BrokenPipeError):
            raise


def _drop(stream: TextIO) -> None:
    """What is still held goes nowhere, or the end of the program would fail over it once more."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)
