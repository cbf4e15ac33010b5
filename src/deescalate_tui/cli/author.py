"""What a team lead writes: a customer type of one's own, a confirmed safety number; and the schemas for an editor."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path

from deescalate_tui import catalogues
from deescalate_tui.call.checklist import LANGUAGES
from deescalate_tui.clean import clean
from deescalate_tui.content.confirm import RECORDING, Check, confirmed, country_text
from deescalate_tui.content.file import SUFFIX, checklist_file, country_file, read_bytes
from deescalate_tui.content.from_yaml import parse_checklist, parse_country
from deescalate_tui.content.library import Library, builtin_root
from deescalate_tui.content.own_content import content_root, save_content
from deescalate_tui.content.scaffold import MAX_TITLE, NewType, scaffolded, title_of
from deescalate_tui.content.schema import is_slug
from deescalate_tui.content.schema_files import SHAPES, schema_path, schema_text
from deescalate_tui.errors import Exit, FileFault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.streams import put, put_table, tell
from deescalate_tui.workplace import Workplace

PHONE = re.compile(r"\+?[0-9]([ -]?[0-9]){1,17}")
MAX_NAME = 60


def new_type(found: Namespace, messages: Messages) -> int:
    """Begin a customer type in all languages, complete and valid; the files, one a line."""
    workplace = Workplace.open(os.environ, {})
    new = _wanted(found, workplace)
    root = content_root(workplace.paths, site="site" in found)
    _is_free(new.id, root, workplace.library)
    files = dict(_files(new, root))
    save_content(root, schema_path("checklist"), schema_text("checklist").encode(), shared="site" in found)
    made = _all_or_none(root, files, shared="site" in found)
    put("".join(f"{clean(str(path))}\n" for path in made))
    tell(messages("new.next", name=new.id))
    return Exit.OK


def _all_or_none(root: Path, files: Mapping[str, bytes], *, shared: bool) -> list[Path]:
    """Put the files below the root. Raises FileFault; then none of them is there."""
    made: list[Path] = []
    try:
        for relative, data in files.items():
            made.append(save_content(root, relative, data, shared=shared, new=True))
    except FileFault:
        for path in made:
            with suppress(OSError):
                path.unlink()
        raise
    return made


def _wanted(found: Namespace, workplace: Workplace) -> NewType:
    type_id = clean(found.type).strip().lower()
    if not type_id:
        raise UsageFault("TYPE", "cli-type-missing", help=f"{found.parser.prog} --help")
    if not is_slug(type_id):
        raise UsageFault("TYPE", "value-id", found=clean(type_id, 40))
    if "cooperating" in found and "difficult" in found:
        raise UsageFault("--cooperating", "new-both", other="--difficult")
    title = clean(found.title).strip() or title_of(type_id)
    if len(title) > MAX_TITLE:
        raise UsageFault("--title", "text-long", found=len(title), most=MAX_TITLE)
    return NewType(type_id, title, "cooperating" in found, workplace.clock.now().date().isoformat())


def _is_free(type_id: str, root: Path, library: Library) -> None:
    """Raises UsageFault where there is a type of this name already, or a file that is in the way."""
    for place in (root, *reversed(library.roots)):
        for language in LANGUAGES:
            path = place / language / f"{type_id}{SUFFIX}"
            if os.path.lexists(path):
                raise UsageFault(type_id, "new-exists", path=clean(str(path)))


def _files(new: NewType, root: Path) -> Iterator[tuple[str, bytes]]:
    """Path below the root and bytes of the type's file in each language, proven to be valid."""
    built_in = builtin_root()
    for language in LANGUAGES:
        base, file = checklist_file(language, new.base), checklist_file(language, new.id)
        source = read_bytes(built_in, base.path)
        if source is None:
            raise FileFault(base.path, "content-missing")
        title = parse_checklist(source, str(built_in / base.path)).title
        text = scaffolded(source.decode(), new, title, catalogues.load(language))
        parse_checklist(text.encode(), str(root / file.path))
        yield file.path, text.encode()


def show_schema(found: Namespace, _: Messages) -> int:
    """The JSON Schema of a format; without a name, all of them and the files in which they lie."""
    name = clean(found.name).strip().lower()
    if not name:
        put_table((known, clean(str(builtin_root() / schema_path(known)))) for known in SHAPES)
        return Exit.OK
    if name not in SHAPES:
        raise UsageFault("NAME", "value-unknown", found=clean(name, 40), allowed=", ".join(SHAPES))
    put(schema_text(name))
    return Exit.OK


def confirm_number(found: Namespace, messages: Messages) -> int:
    """Note who checked a safety number, and when; the file it is noted in."""
    workplace = Workplace.open(os.environ, {})
    site = "site" in found
    root = content_root(workplace.paths, site=site)
    # What the site confirms does not take over what one agent has changed for himself.
    library = Library.open((root,)) if site else workplace.library
    code = clean(found.country).strip().upper()
    country = library.country(code)
    if country is None:
        known = ", ".join(it.id for it in library.countries())
        raise UsageFault("CC", "unknown-country", found=clean(code, 40), known=known)
    if not clean(found.number).strip():
        law = [f"{RECORDING} {country.recording.consent}"] if country.recording is not None else []
        listed = ", ".join((*(f"{number.kind} {number.number}" for number in country.numbers), *law))
        raise UsageFault(found.parser.prog, "confirm-what", country=code, known=listed)
    check = _check(found, workplace.clock.now().date())
    text = country_text(confirmed(country, check))
    file = country_file(code)
    parse_country(text.encode(), str(root / file.path))
    save_content(root, schema_path("country"), schema_text("country").encode(), shared=site)
    path = save_content(root, file.path, text.encode(), shared=site)
    put(f"{clean(str(path))}\n")
    tell(messages("cli.confirmed", number=check.number, kind=messages(f"number.{check.kind}"), country=code))
    return Exit.OK


def _check(found: Namespace, today: date) -> Check:
    by = clean(found.by).strip()
    if not by:
        raise UsageFault("--by", "confirm-who")
    if len(by) > MAX_NAME:
        raise UsageFault("--by", "text-long", found=len(by), most=MAX_NAME)
    day = clean(found.date).strip() or today.isoformat()
    try:
        when = date.fromisoformat(day)
    except ValueError as error:
        raise UsageFault("--date", "value-date") from error
    if when > today:
        raise UsageFault("--date", "confirm-future", found=when)
    kind = clean(found.kind).strip().lower()
    if kind == RECORDING:
        return Check(kind, clean(found.number).strip().lower(), by, when.isoformat())
    number, instead_of = (_phone(text) for text in (found.number, found.instead_of))
    return Check(kind, number, by, when.isoformat(), instead_of)


def _phone(text: str) -> str:
    number = clean(text).strip()
    if number and not PHONE.fullmatch(number):
        raise UsageFault("NUMBER", "value-phone", found=clean(number, 40))
    return number


COMMANDS: Mapping[str, Callable[[Namespace, Messages], int]] = {
    "new": new_type,
    "schema": show_schema,
    "confirm": confirm_number,
}
