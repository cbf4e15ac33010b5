"""`checklists` and `countries`: what there is, how it reads, and what is wrong with it."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from deescalate_tui.call.checklist import CRITICAL, PHASES, Checklist, Condition, SafetyNumber, Step
from deescalate_tui.clean import clean
from deescalate_tui.clock import Clock
from deescalate_tui.content.check import check
from deescalate_tui.content.check_drafts import Drafts
from deescalate_tui.content.check_texts import readability
from deescalate_tui.content.site_profile import profile_faults
from deescalate_tui.errors import Exit, Fault, UsageFault
from deescalate_tui.i18n import Messages
from deescalate_tui.screens.presenter import quoted
from deescalate_tui.screens.prompts import number_text, recording_text
from deescalate_tui.streams import put, put_json, put_table, tell
from deescalate_tui.workplace import Workplace


def list_checklists(found: Namespace, messages: Messages) -> int:
    """Every customer type in every language, or in the one that is asked for; 1 where a file was refused."""
    workplace = _workplace(found)
    library = workplace.library
    languages = (workplace.settings.language,) if found.lang else library.languages()
    types = [checklist for language in languages for checklist in library.types(language)]
    rows = [
        {
            "id": it.id,
            "language": it.language,
            "title": it.title,
            "revision": it.revision,
            "reviewed": it.reviewed,
            "file": clean(library.place(it).rsplit(":", 2)[0]),
        }
        for it in types
    ]
    if "json" in found:
        put_json({"checklists": rows, "faults": described(library.faults, messages)})
    else:
        put_table(tuple(str(value) for value in row.values()) for row in rows)
    return _told(library.faults, messages)


def show_checklist(found: Namespace, messages: Messages) -> int:
    """One customer type as a text to read, in the language of the calls."""
    type_id = clean(found.type).strip().lower()
    workplace = _workplace(found)
    if "techniques" in found:
        return _show_techniques(found, type_id, workplace, messages)
    if not type_id:
        raise UsageFault("TYPE", "cli-type-missing", help=f"{found.parser.prog} --help")
    checklist = workplace.library.checklist(type_id, workplace.settings.language)
    if "json" in found:
        put_json(checklist)
    else:
        put("\n".join(_text(checklist, workplace.messages(checklist.language))) + "\n")
    return Exit.OK


def _show_techniques(found: Namespace, type_id: str, workplace: Workplace, messages: Messages) -> int:
    """All types in all languages, or those that are asked for."""
    # Late: only who reviews the texts wants them by technique.
    from deescalate_tui.cli.techniques import show_techniques

    library = workplace.library
    languages = (workplace.settings.language,) if found.lang else library.languages()
    if type_id:
        checklists = [library.checklist(type_id, language) for language in languages]
    else:
        checklists = [checklist for language in languages for checklist in library.types(language)]
    return show_techniques(library, checklists, messages, json="json" in found)


def check_checklists(found: Namespace, messages: Messages) -> int:
    """Everything that is wrong with the content and the site's profile, one line each; 1 where there is anything."""
    workplace = Workplace.open(os.environ, {})
    library = Drafts.of(workplace.library)
    faults = (*check(library), *profile_faults(workplace.paths))
    if "json" in found:
        index = [{"file": clean(file), "lix": lix} for file, lix in readability(library).items()]
        put_json({"faults": described(faults, messages), "readability": index})
    else:
        lines = [clean(messages.fault(fault)) for fault in faults] or [messages("cli.no-faults")]
        put("".join(f"{line}\n" for line in lines))
        tell(*([messages.count("cli.faults", len(faults))] if faults else []))
    return Exit.FINDINGS if faults else Exit.OK


def list_countries(found: Namespace, messages: Messages) -> int:
    """Every country with its numbers, and how surely they are known; 1 where a file was refused."""
    library = Workplace.open(os.environ, {}).library
    countries = library.countries()
    if "json" in found:
        put_json({"countries": countries, "faults": described(library.faults, messages)})
    else:
        today = Clock().now().date()
        for country in countries:
            put(f"{country.id}  {country.name}\n")
            put("".join(f"    {_number(number, messages, today)}\n" for number in country.numbers))
            put(f"    {recording_text(country, messages, today)}\n")
    return _told(library.faults, messages)


def _number(number: SafetyNumber, messages: Messages, today: date) -> str:
    """The number as a card shows it, and who confirmed it."""
    text = number_text(number, messages, today)
    return f"{text} ({number.confirmed_by})" if number.confirmed_by else text


COMMANDS: Mapping[tuple[str, str], Callable[[Namespace, Messages], int]] = {
    ("checklists", "list"): list_checklists,
    ("checklists", "show"): show_checklist,
    ("checklists", "check"): check_checklists,
    ("countries", "list"): list_countries,
}


def described(faults: Iterable[Fault], messages: Messages) -> list[dict[str, str]]:
    """Faults for a program: where, which, and in words."""
    return [{"place": clean(it.place), "fault": it.key, "text": clean(messages.fault(it))} for it in faults]


def _told(faults: Iterable[Fault], messages: Messages) -> int:
    lines = [clean(messages.fault(fault)) for fault in faults]
    tell(*lines)
    return Exit.FINDINGS if lines else Exit.OK


def _workplace(found: Namespace) -> Workplace:
    return Workplace.open(os.environ, {"language": clean(found.lang).strip()})


def _text(checklist: Checklist, words: Messages) -> list[str]:
    lines = [f"{checklist.title}: {checklist.summary}", "", f"{words('start.hear')}:"]
    lines += [f"  - {cue}" for cue in checklist.recognise]
    lines += ["", *(f"  * {reminder}" for reminder in checklist.reminders)]
    for name in PHASES:
        phase = checklist.phase(name)
        lines += ["", phase.title]
        for number, step in enumerate(phase.steps, 1):
            lines += ["", *_step(number, step, checklist.language, words)]
    return lines


def _step(number: int, step: Step, language: str, words: Messages) -> list[str]:
    gate = f" {words('plain.critical')}" if step.gate == CRITICAL else ""
    lines = [f"{number}. {step.do}{gate}"]
    lines += [f"   {quoted(line, language)}" for line in step.say]
    lines += [f"   {words('channel.email')}: {quoted(line, language)}" for line in step.write]
    lines += [f"   {words(f'view.{name}')}: {words.keyed(text)}" for name, text in step.details()]
    if step.ask:
        lines.append(f"   {words('plain.asks', questions=' · '.join(ask.label for ask in step.ask))}")
    only = _only(step.only, words)
    return [*lines, f"   {words('cli.only', when=only)}"] if only else lines


def _only(condition: Condition, words: Messages) -> str:
    """When the step is shown, by what is heard and answered."""
    levels = [f"{words('key.level')} {', '.join(str(level) for level in condition.levels)}"] if condition.levels else []
    channels = [words(f"channel.{channel}") for channel in condition.channels]
    answers = [f"{field}: {', '.join(values)}" for field, values in condition.answers]
    return " · ".join((*levels, *channels, *answers))
