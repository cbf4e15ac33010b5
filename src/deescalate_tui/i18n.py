"""Every sentence the program says, by id, from one catalogue a language (`locales/*.json`).

Plurals: `key.one` and `key.other`; in all four languages one is singular, everything else plural.
`no` and `nb` both mean Norwegian Bokmål.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from deescalate_tui.errors import Fault

UI_LANGUAGES = ("de", "nl", "no", "en")
_ALIASES = {"nb": "no", "nn": "no"}


def language_of(text: str) -> str | None:
    """The UI language a locale name or option means (`nb_NO.UTF-8` is `no`), or None."""
    code = text.strip().lower().replace("-", "_").split(".")[0].split("_")[0]
    code = _ALIASES.get(code, code)
    return code if code in UI_LANGUAGES else None


class Messages:
    """The catalogue of one language."""

    def __init__(self, language: str, texts: Mapping[str, str], always: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._texts = texts
        self._always = always or {}

    def naming(self, always: Mapping[str, str]) -> Messages:
        """The same catalogue with placeholders that every sentence may use, such as the names of keys."""
        return Messages(self.language, self._texts, always)

    def __call__(self, key: str, **params: object) -> str:
        """The sentence `key`, with its placeholders filled. An unknown key shows itself: the tests find it."""
        text = self._texts.get(key)
        if text is None:
            return key
        return text.format_map({**self._always, **params}) if "{" in text else text

    def count(self, key: str, number: int, **params: object) -> str:
        """The sentence for a number of things: `key.one` or `key.other`, with `{number}`."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", number=number, **params)

    def has(self, key: str) -> bool:
        """Whether the catalogue knows the key."""
        return key in self._texts

    def fault(self, fault: Fault) -> str:
        """A fault in words: its place, what was found there and what to do."""
        sentence = self(f"fault.{fault.key}", **fault.params)
        return f"{fault.place}: {sentence}" if fault.place else sentence


def load(language: str) -> Messages:
    """The catalogue that ships for `language`, one of `UI_LANGUAGES`."""
    # Not importlib.resources: it takes 15 ms to import, and this package is never run from a zip.
    text = (Path(__file__).parent / "locales" / f"{language}.json").read_text(encoding="utf-8")
    return Messages(language, json.loads(text))
