"""The command line: its words, options and help, in the language of the user. argparse does the work, our catalogue
speaks: no sentence of argparse's own is ever shown."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, NoReturn

from deescalate_tui.cli import parser_notes as cli_parser_notes
from deescalate_tui.errors import UsageFault
from deescalate_tui.i18n import Messages

PROG = "deescalate"


def parse(arguments: Sequence[str], messages: Messages) -> argparse.Namespace:
    """What the arguments ask for. `command` and `what` name it, `help` holds the help text where that is asked for.

    Raises UsageFault.
    """
    found: argparse.Namespace
    arguments = list(arguments)
    found, unknown = parser(messages, *arguments[:1]).parse_known_args(arguments)
    if "help" in found:
        found.help = found.parser.format_help()
    elif unknown and found.parser.takes_words and not any(word.startswith("--") for word in unknown):
        found.text += unknown  # argparse takes one row of words; these stand behind a further option
    elif unknown:
        raise UsageFault(unknown[0], "cli-unknown", help=f"{found.parser.prog} --help")
    return found


def parser(messages: Messages, only: str = "") -> Parser:
    """The whole command line; or, sooner, what one command needs of it, where `only` names one."""
    top = Parser(messages, PROG, "cli.description")
    top.flag("--version", "version")
    top.flag("--plain", "plain")
    commands = top.commands("command")
    for name in (only,) if only in COMMANDS else COMMANDS:
        COMMANDS[name](commands.add(name))
    return top


def _resume(resume: Parser) -> None:
    resume.text("id", "ID", "id")
    resume.flag("--plain", "plain")
    resume.value("--print", "path|md|json", "print")


def _checklists(checklists: Parser) -> None:
    commands = checklists.commands("what")
    for name in ("list", "show", "check"):
        command = commands.add(name)
        if name == "show":
            command.text("type", "TYPE", "type")
            command.flag("--techniques", "techniques")
        if name != "check":
            command.language()
        command.flag("--json", "json")
    _author(commands)


def _notes(notes: Parser) -> None:
    commands = notes.commands("what")
    cli_parser_notes.archive(commands)
    cli_parser_notes.rights(commands)


def _json_alone(command: Parser) -> None:
    command.flag("--json", "json")


def _desk(desk: Parser) -> None:
    desk.flag("--plain", "plain-desk")


def _deliver(deliver: Parser) -> None:
    deliver.flag("--list", "deliver-list")
    deliver.value("--retry", "ID|all", "retry")
    deliver.flag("--json", "json")


def _author(checklists: Commands) -> None:
    """What a team lead writes."""
    new = checklists.add("new")
    new.text("type", "TYPE", "new-type")
    new.value("--title", "TEXT", "title")
    for option in ("cooperating", "difficult", "site"):
        new.flag(f"--{option}", option)
    checklists.add("schema").text("name", "NAME", "schema")


def _countries(countries: Parser) -> None:
    commands = countries.commands("what")
    commands.add("list").flag("--json", "json")
    confirm = commands.add("confirm")
    confirm.text("country", "CC", "country")
    confirm.text("kind", "KIND", "kind")
    confirm.text("number", "NUMBER", "number")
    confirm.value("--by", "NAME", "by")
    confirm.value("--date", "YYYY-MM-DD", "date")
    confirm.value("--instead-of", "NUMBER", "instead-of")
    confirm.flag("--site", "site")


def _guide(guide: Parser) -> None:
    guide.text("type", "TYPE", "type")
    guide.language()
    guide.value("--channel", "phone|email", "channel")
    guide.value("--country", "CC", "country")
    guide.value("--ticket", "REF", "ticket")
    guide.value("--agent", "ALIAS", "agent")
    guide.flag("--plain", "plain")
    guide.value("--json", "-", "json-input")
    guide.value("--print", "path|md|json", "print")


COMMANDS: Mapping[str, Callable[[Parser], None]] = {
    "guide": _guide,
    "resume": _resume,
    "checklists": _checklists,
    "countries": _countries,
    "privacy": _json_alone,
    "settings": _json_alone,
    "doctor": _json_alone,
    "notes": _notes,
    "desk": _desk,
    "due": cli_parser_notes.due,
    "deliver": _deliver,
    "report": cli_parser_notes.report,
}
"""In the order of the help."""


class Parser(argparse.ArgumentParser):
    """A parser that speaks through the catalogue and raises UsageFault."""

    def __init__(self, messages: Messages, prog: str, description: str, color: bool = False) -> None:
        """`color` is what argparse hands on to the parser of a command from Python 3.14 on."""
        super().__init__(
            prog=prog,
            description=messages(description),
            formatter_class=partial(_Formatter, messages),
            add_help=False,
            allow_abbrev=False,
            exit_on_error=False,
        )
        del color
        self.color = False  # the help is the same text on every Python
        self._messages = messages
        self._texts = self.add_argument_group(messages("cli.arguments"))
        self._options = self.add_argument_group(messages("cli.options"))
        self._options.add_argument(
            "-h", "--help", action="store_true", default=argparse.SUPPRESS, help=messages("cli.option.help")
        )
        self.set_defaults(parser=self)
        self._known: tuple[str, ...] = ()
        self.takes_words = False
        """Whether it takes words of a query, wherever they stand."""

    def text(self, name: str, metavar: str, key: str) -> None:
        """A word that may be left out: what is needed is said by the command, in its own words."""
        self._texts.add_argument(
            name, nargs="?", default="", metavar=metavar, help=self._messages(f"cli.argument.{key}")
        )

    def several(self, name: str, metavar: str, key: str) -> None:
        """Words of a query, which need no quotation marks around them; a list under `name`."""
        self.takes_words = True
        self._texts.add_argument(name, nargs="*", metavar=metavar, help=self._messages(f"cli.argument.{key}"))

    def value(self, option: str, metavar: str, key: str) -> None:
        """An option with a value; empty where it is not given."""
        self._options.add_argument(option, default="", metavar=metavar, help=self._messages(f"cli.option.{key}"))

    def values(self, option: str, metavar: str, key: str) -> None:
        """An option with a value that may be given more than once; a list, empty where it is not given."""
        self._options.add_argument(
            option, action="append", default=[], metavar=metavar, help=self._messages(f"cli.option.{key}")
        )

    def language(self) -> None:
        """The language of a conversation, by one name on every help, and by the one that the setting has."""
        self.value("--lang", "de|nl|no", "lang")
        self._options.add_argument("--language", dest="lang", default=argparse.SUPPRESS, help=argparse.SUPPRESS)

    def pair(self, option: str, metavars: tuple[str, str], key: str) -> None:
        """An option with two values; empty where it is not given."""
        text = self._messages(f"cli.option.{key}")
        self._options.add_argument(option, nargs=2, default=(), metavar=metavars, help=text)

    def flag(self, option: str, key: str) -> None:
        """An option that is given or not."""
        # Without a default of its own, because the one of a command would undo what stands before the command.
        self._options.add_argument(
            option, action="store_true", default=argparse.SUPPRESS, help=self._messages(f"cli.option.{key}")
        )

    def commands(self, dest: str) -> Commands:
        """Commands of this one, by their name under `dest`; none is empty."""
        commands = Commands(self, dest, self._messages)
        self.set_defaults(**{dest: ""})
        return commands

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As argparse does it, with what is wrong said by a UsageFault."""
        try:
            return super().parse_known_args(args, namespace)
        except argparse.ArgumentError as error:
            raise self._fault(error, args or ()) from error

    def _parse_optional(self, arg_string: str) -> Any:
        """As argparse does it; in a query `-word` is no option but what no note may hold."""
        if self.takes_words and re.match("-[^-]", arg_string) and arg_string != "-h":
            return None
        return super()._parse_optional(arg_string)

    def error(self, message: str) -> NoReturn:
        """What argparse has no exception for; `message` is English, and stays unsaid."""
        del message
        raise UsageFault(self.prog, "cli-usage", help=f"{self.prog} --help")

    def _fault(self, error: argparse.ArgumentError, args: Sequence[str]) -> UsageFault:
        option = error.argument_name or ""
        if option.startswith("-"):
            return UsageFault(option, "cli-option", help=f"{self.prog} --help")
        # No option before a command takes a value, so the first word is the one that was meant as the command.
        word = next((arg for arg in args if not arg.startswith("-")), "")
        return UsageFault(self.prog, "cli-command", found=word, known=", ".join(self._known))


class Commands:
    """The commands of a parser."""

    def __init__(self, owner: Parser, dest: str, messages: Messages) -> None:
        self._owner = owner
        self._messages = messages
        self._prefix = "cli" if dest == "command" else f"cli.{owner.prog.split()[-1]}"
        self._actions = owner.add_subparsers(
            title=messages("cli.commands"),
            dest=dest,
            metavar=messages("cli.command"),
            parser_class=Parser,
            prog=owner.prog,  # or argparse lays out the whole usage to find it
        )

    def add(self, name: str) -> Parser:
        """A further command; what it does is the message `cli.<command>` or `cli.<command>.<name>`."""
        key = f"{self._prefix}.{name}"
        self._owner._known = (*self._owner._known, name)
        prog = f"{self._owner.prog} {name}"
        added: Parser = self._actions.add_parser(
            name, messages=self._messages, prog=prog, description=key, help=self._messages(key)
        )
        return added


class _Formatter(argparse.HelpFormatter):
    """Help in the language of the catalogue."""

    def __init__(self, messages: Messages, prog: str, **options: Any) -> None:
        super().__init__(prog, **options)
        self._messages = messages

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """The line with all options, after the language's own word for it."""
        words = f"{self._messages('cli.usage')} " if prefix is None else prefix
        super().add_usage(usage, actions, groups, words)
