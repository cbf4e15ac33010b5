"""How the texts of the content are written: their signs, the words nobody should hear, how hard they are to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from deescalate_tui.call.checklist import EMAIL, PHASES, Checklist
from deescalate_tui.content.check_drafts import Draft, Drafts
from deescalate_tui.content.check_paths import walk
from deescalate_tui.content.from_yaml import channels_of, phase_path
from deescalate_tui.content.library import Library
from deescalate_tui.content.nodes import items, said, under
from deescalate_tui.content.texts import Text, texts_in
from deescalate_tui.content.voice import Avoided
from deescalate_tui.errors import ContentFaults, Fault, FileFault

QUOTED = {"de": "„[^„“]*“|‚[^‚‘]*‘", "nl": "‘[^‘]*’", "no": "«[^«»]*»"}
"""A passage between the quotation marks of each language."""
MARKS = {"de": "„…“", "nl": "‘…’", "no": "«…»"}
LONG_WORD = 7
"""Letters from which on the index counts a word as long."""

_QUOTES = frozenset("\"'`´„“”‚‘’«»‹›")
_APOSTROPHE = "’"
_WITHIN = re.compile(r"(?<=\w)’(?=\w)|’(?=[stnkm]\b)")
"""Apostrophes that no quotation mark could be: foto’s, ’s avonds."""
_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE_END = re.compile(r"[.?!:…]+(?=[\s“’»]|$)")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


def quotes(drafts: Drafts) -> Iterator[Fault]:
    """Quotation marks are those of the language, in pairs; an apostrophe is a real one."""
    for draft in drafts.written():
        quoted = {fault.place for fault in draft.faults if fault.key == "say-quoted"}
        for text in draft.texts():
            left = re.sub(QUOTED[draft.language], "", _WITHIN.sub("", text.text))
            wrong = [sign for sign in left if sign in _QUOTES and sign != _APOSTROPHE]
            if wrong and (place := _place(draft, text)) not in quoted:
                yield Fault(place, "text-quotes", found=wrong[0], expected=MARKS[draft.language])


def exclamations(drafts: Drafts) -> Iterator[Fault]:
    """Nobody is shouted at, neither customer nor agent."""
    for draft in drafts.written():
        for text in draft.texts():
            if "!" in text.text:
                yield Fault(_place(draft, text), "text-exclamation")


def words(drafts: Drafts) -> Iterator[Fault]:
    """Nothing that is never said to a customer, and nothing that is translated rather than spoken."""
    for draft, avoided in _with_avoided(drafts):
        never, foreign = _either(avoided.customer), _either(avoided.foreign)
        for text in draft.texts():
            for key, pattern in (("word-customer", never if text.spoken else None), ("word-foreign", foreign)):
                if found := _found(pattern, text):
                    yield Fault(_place(draft, text), key, found=found)


def phone_words(drafts: Drafts) -> Iterator[Fault]:
    """An e-mail is not heard: what an agent reads or writes on its path speaks of no voice and no receiver."""
    for draft, avoided in _with_avoided(drafts):
        pattern = _either(avoided.phone)
        for text in _in_email(draft):
            if found := _found(pattern, text):
                yield Fault(_place(draft, text), "word-phone", found=found)


def _in_email(draft: Draft) -> Iterator[Text]:
    """What is shown on the channel e-mail. Cards and rungs are shared: there, only the lines to write."""
    if draft.file.kind is not Checklist:
        yield from (text for text in draft.texts() if "write" in text.path)
        return
    reached = walk(draft.value, EMAIL).steps if isinstance(draft.value, Checklist) else None
    yield from _below(draft, "reminders")
    for name in PHASES:
        steps = (*phase_path(name), "steps")
        for index, step in enumerate(items(under(draft.root, *steps))):
            if said(under(step, "id")) in reached if reached is not None else EMAIL in channels_of(step):
                hidden = {"tone"} if under(step, "write") is None else {"tone", "say"}
                for text in _below(draft, *steps, index):
                    if hidden.isdisjoint(text.path):
                        yield text


def _below(draft: Draft, *path: str | int) -> Iterator[Text]:
    node = under(draft.root, *path)
    return texts_in(node, path) if node is not None else iter(())


def readability(library: Library) -> dict[str, float]:
    """The LIX of every file in use, by its path: 30 is easy, 50 hard. Words a sentence, and long words in a hundred."""
    return {draft.place: lix(draft.texts()) for draft in Drafts.of(library).written() if draft.root is not None}


def lix(texts: Iterable[Text]) -> float:
    """The index of some texts, each at least one sentence; 0 where there is no word."""
    count = long = sentences = 0
    for text in texts:
        for sentence in _SENTENCE_END.split(_PLACEHOLDER.sub("", text.text)):
            found = _WORD.findall(sentence)
            count += len(found)
            long += sum(len(word) >= LONG_WORD for word in found)
            sentences += bool(found)
    return round(count / sentences + 100 * long / count, 1) if count else 0.0


def _with_avoided(drafts: Drafts) -> Iterator[tuple[Draft, Avoided]]:
    """All that people read, with what its language avoids."""
    try:
        voice = drafts.voice()
    except (ContentFaults, FileFault):
        return  # told by other rules
    for draft in drafts.written():
        yield draft, voice.avoided(draft.language)


def _place(draft: Draft, text: Text) -> str:
    line, column = text.mark
    return f"{draft.place}:{line}:{column}"


def _found(pattern: re.Pattern[str] | None, text: Text) -> str:
    """What the pattern finds beside placeholders, or the empty text."""
    found = pattern.search(_PLACEHOLDER.sub("", text.text)) if pattern else None
    return found[0] if found else ""


@cache
def _either(entries: tuple[str, ...]) -> re.Pattern[str] | None:
    """Any of the entries as whole words; None where there are none."""
    longest_first = sorted(entries, key=len, reverse=True)
    alternatives = "|".join(re.escape(entry) for entry in longest_first)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if entries else None
