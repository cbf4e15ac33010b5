"""Every sentence the program says, by id. `catalogues` reads the texts of a language.

Plurals: `key.one` and `key.other`; in all four languages one is singular, everything else plural.
`no` and `nb` both mean Norwegian Bokmål.
"""

from __future__ import annotations

TYPE_CHECKING = False  # not `typing`'s, which takes longer to import than this module and all that it says
if TYPE_CHECKING:
    from collections.abc import Mapping

    from deescalate_tui.errors import Fault

UI_LANGUAGES = ("de", "nl", "no", "en")
_ALIASES = {"nb": "no", "nn": "no"}


def language_of(text: str) -> str | None:
    """The UI language a locale name or option means (`nb_NO.UTF-8` is `no`), or None."""
    code = text.strip().lower().replace("-", "_").split(".")[0].split("_")[0]
    code = _ALIASES.get(code, code)
    return code if code in UI_LANGUAGES else None


class _Params(dict[str, object]):
    """What fills the placeholders. One that is missing shows itself: no sentence may end a call."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


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
        return text.format_map(_Params({**self._always, **params})) if "{" in text else text

    def keyed(self, text: str) -> str:
        """A text of the content that may name keys: `{key_type}` becomes the key in use."""
        return text.format_map(_Params(self._always)) if "{" in text else text

    def count(self, key: str, number: int, **params: object) -> str:
        """The sentence for a number of things: `key.one` or `key.other`, with `{number}`."""
        return self(f"{key}.{'one' if number == 1 else 'other'}", number=number, **params)

    def those(self, beginnings: tuple[str, ...]) -> dict[str, str]:
        """The texts as they are, by their keys, of all keys that begin so."""
        return {key: text for key, text in self._texts.items() if key.startswith(beginnings)}

    def has(self, key: str) -> bool:
        """Whether the catalogue knows the key."""
        return key in self._texts

    def fault(self, fault: Fault) -> str:
        """A fault in words: its place, what was found there and what to do."""
        sentence = self.sentence(fault)
        return f"{fault.place}: {sentence}" if fault.place else sentence

    def sentence(self, fault: Fault) -> str:
        """A fault in words, without its place. Days among its params are written as the language does."""
        from datetime import date  # late: most runs have no fault to say

        from deescalate_tui.dates_shown import format_date

        days = {name: format_date(it, self.language) for name, it in fault.params.items() if isinstance(it, date)}
        return self(f"fault.{fault.key}", **{**fault.params, **days})
