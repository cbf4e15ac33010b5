"""What shells and `man` know of the command: completion for bash, zsh and fish, and the manual page, all read off the
program's own command line. A wheel gets them as it is built; by hand: `python tools/shells.py FOLDER`.
"""

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import shtab

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))  # a build has the sources alone, and nothing that they need to run

from deescalate_tui import __version__, catalogues  # noqa: E402
from deescalate_tui.cli.parser import Parser, parser  # noqa: E402

MANUAL = "deescalate.1.in"
FISH_HEAD = """\
# The words so far that are no options begin with these; or are just these.
function __deescalate_under
    set -l words (commandline -opc | string match --invert -- '-*')
    set -l last (math 1 + (count $argv))
    test "$words[2..$last]" = "$argv"
end
function __deescalate_at
    set -l words (commandline -opc | string match --invert -- '-*')
    test "$words[2..]" = "$argv"
end
complete --command deescalate --no-files
"""


def files() -> dict[str, str]:
    """Every file by its place under share/."""
    return {
        "man/man1/deescalate.1": manual(),
        "bash-completion/completions/deescalate": by_shtab("bash"),
        "zsh/site-functions/_deescalate": by_shtab("zsh"),
        "fish/vendor_completions.d/deescalate.fish": "\n".join([FISH_HEAD, *fish(command_line()), ""]),
    }


# --- the command line


def command_line() -> Parser:
    """The command line in English, with what can be chosen from."""
    top = parser(catalogues.load("en"))
    for path, of in commands(top):
        for action in own(of):
            action.choices = choices(path, action)
    return top


def commands(of: Parser, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Parser]]:
    """Every command by its words, the whole first."""
    yield path, of
    for action in of._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, inner in action.choices.items():
                yield from commands(inner, (*path, name))


def own(of: Parser) -> list[argparse.Action]:
    """Arguments and options of a command that its help names, without its commands."""
    shown = (action for action in of._actions if action.help != argparse.SUPPRESS)
    return [action for action in shown if not isinstance(action, argparse._SubParsersAction)]


def choices(path: tuple[str, ...], action: argparse.Action) -> list[str] | None:
    """What an argument or option can be: from its own name for it (`de|nl|no`), or from the content that ships."""
    name = str(action.metavar or "")
    if re.fullmatch(r"[a-z-]+(\|[a-z-]+)*", name):
        return name.split("|")
    if name == "TYPE" and "new" not in path:
        return sorted({it.stem for it in ROOT.glob("checklists/??/*.yaml")} - {"cards", "ladder"})
    if name == "CC":
        return sorted(it.stem.upper() for it in ROOT.glob("checklists/countries/*.yaml"))
    return None


def groups(of: Parser) -> bool:
    """Whether a command has commands of its own."""
    return any(isinstance(action, argparse._SubParsersAction) for action in of._actions)


def takes_file(action: argparse.Action) -> bool:
    """Whether an argument or option is a path."""
    return bool(re.search("PATH|FILE|FOLDER", str(action.metavar or "")))


def takes_value(action: argparse.Action) -> bool:
    """Whether an option is followed by a value."""
    return action.nargs != 0


# --- shells


def by_shtab(shell: str) -> str:
    """The completion for bash or zsh."""
    top = command_line()
    for _, of in commands(top):
        for action in filter(takes_file, own(of)):
            vars(action)["complete"] = shtab.FILE  # shtab's own way to ask for it; argparse knows no such attribute
    return str(shtab.complete(top, shell)).rstrip() + "\n"


def fish(top: Parser) -> Iterator[str]:
    """The completion for fish, a line a word."""
    for path, of in commands(top):
        if path:
            owner = " ".join(path[:-1])
            yield f"complete -c deescalate -n '__deescalate_at {owner}' -a {path[-1]} -d {quoted(of.description)}"
        # Options of what has commands of its own stand before those.
        place = "at" if groups(of) else "under"
        under = f"complete -c deescalate -n '__deescalate_{place} {' '.join(path)}'"
        for action in own(of):
            words = f" -a {quoted(' '.join(map(str, action.choices)))}" if action.choices else ""
            if not action.option_strings:
                words += " -F" if takes_file(action) else ""
                yield from [f"{under}{words}"] if words else []
                continue
            names = " ".join(f"-l {it[2:]}" if it.startswith("--") else f"-s {it[1:]}" for it in action.option_strings)
            value = (" -r -F" if takes_file(action) else " -x") if takes_value(action) else ""
            yield f"{under} {names}{value}{words} -d {quoted(action.help)}"


def quoted(text: str | None) -> str:
    """A text as fish reads it back."""
    return "'" + (text or "").replace("\\", "\\\\").replace("'", "\\'") + "'"


# --- the manual page


def manual() -> str:
    """The manual page: the frame of deescalate.1.in around the commands."""
    frame = Path(__file__).with_name(MANUAL).read_text(encoding="utf-8")
    return frame.replace("@VERSION@", __version__).replace("@COMMANDS@\n", "".join(f"{line}\n" for line in described()))


def described() -> Iterator[str]:
    """The commands in mdoc, each with its options."""
    for path, of in commands(command_line()):
        if path and groups(of):
            continue
        arguments = [it for it in own(of) if not it.option_strings]
        options = [it for it in own(of) if it.option_strings and "--help" not in it.option_strings]
        yield " ".join([".It Nm", *path, *(f"Op Ar {roff(str(it.metavar))}" for it in arguments)])
        yield from sentences(of.description)
        if not (arguments or options):
            continue
        yield ".Bl -tag -width Ds -compact"
        for it in arguments + options:
            flag = f" Fl {roff(it.option_strings[-1][1:])}" if it.option_strings else ""
            value = f" Ar {roff(str(it.metavar))}" if takes_value(it) else ""
            yield f".It{flag}{value}"
            yield from sentences(it.help)
        yield ".El"


def sentences(text: str | None) -> Iterator[str]:
    """A help text as sentences, each beginning on a line of its own."""
    words = (text or "").strip().rstrip(".")
    words += "" if words.endswith("?") else "."
    for sentence in re.split(r"(?<=\.) (?=[A-Z])", words[:1].upper() + words[1:]):
        yield from map(roff, textwrap.wrap(sentence, 76, break_on_hyphens=False))


def roff(text: str) -> str:
    """A text in which nothing is a request and every minus can be copied."""
    shown = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{shown}" if shown.startswith((".", "'")) else shown


def main() -> int:
    """Write all files below a folder."""
    for name, text in files().items():
        path = Path(sys.argv[1], name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
