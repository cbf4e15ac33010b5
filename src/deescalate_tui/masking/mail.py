"""E-mail addresses, also those that are written as they are spoken, or with a slip. Pure."""

from __future__ import annotations

import re

from deescalate_tui.masking.numbered import Found

_AT_WORDS = r"ät|klammeraffe|krøllalfa|kroellalfa|alfakrøll|ape?n?staart(?:je)?"
_DOT_WORDS = r"dot|punkt|punt|punktum"
_JOINT = rf"{_DOT_WORDS}|unterstrich|underscore|laag streepje|understrek|bindestrich|minus|streepje|strek"
_MAILERS = (
    r"gmail|googlemail|gmx|web|t-online|freenet|hotmail|outlook|live|yahoo|icloud|me|aol|msn|posteo|mailbox|proton(?:mail)?"
    r"|ziggo|kpnmail|kpn|xs4all|planet|home|hetnet|online|broadpark|getmail|telenet|bluewin|aon"
)
"""Where single persons have their address: before these, a bare `at` is no word."""
_PREFIX = r"(?<![\w.+%'’-])(?:e-?mail|e-?post)?"
_LOCAL = rf"{_PREFIX}(?P<local>\w(?:[\w.+%'’-]{{0,63}}\w)?)"
_DICTATED = rf"(?<!\w)(?P<local>\w[\w.+-]{{0,40}}(?:\s(?:{_JOINT})\s\w[\w.+-]{{0,40}}){{0,4}})"
_AT = rf"(?:\s?[(\[{{]\s?(?:at|a|{_AT_WORDS})\s?[)\]}}]\s?|\s(?:{_AT_WORDS})\s|\s?@\s?)"
_DOT = rf"(?:\.|\s?[(\[]\s?(?:{_DOT_WORDS})\s?[)\]]\s?|\s(?:{_DOT_WORDS})\s)"
_TOP = r"[a-zæøåäöü]{2,}\b"
_EMAILS = (
    re.compile(rf"{_LOCAL}@\w[\w-]*(?:(?:\.\w[\w-]*)+|,[a-z]{{2,3}}\b)?"),
    re.compile(
        rf"{_DICTATED}(?:{_AT}|\sat\s)\w[\w-]*(?:\s(?:{_JOINT})\s\w[\w-]*)*\s(?:{_DOT_WORDS})\s{_TOP}", re.IGNORECASE
    ),
    re.compile(rf"{_LOCAL}{_AT}\w[\w-]*(?:\.\w[\w-]*)*{_DOT}{_TOP}", re.IGNORECASE),
    re.compile(rf"{_LOCAL}\sat\s(?:{_MAILERS}){_DOT}{_TOP}", re.IGNORECASE),
    re.compile(rf"{_PREFIX}(?P<local>\w+(?:[._]\w+)+) at \w[\w-]*\.[a-z]{{2,}}\b", re.IGNORECASE),
)


def emails(text: str) -> Found:
    """Where they begin and end."""
    for pattern in _EMAILS:
        for found in pattern.finditer(text):
            yield found.start("local"), found.end()
