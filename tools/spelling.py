"""Spelling of every text an agent reads, by hunspell and the word lists in tools/words.

A word list holds what is right although the dictionary does not know it. Where hunspell or a dictionary is not
installed, the check is skipped and says so; under CI that is a failure, or nobody would ever notice.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DICTIONARIES = {"de": "de_DE", "nl": "nl_NL", "no": "nb_NO"}
PACKAGES = "hunspell hunspell-de-de hunspell-nl hunspell-no"
WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
PLACEHOLDER = re.compile(r"\{[^{}]*\}")
NOT_TEXT = {
    *("id", "format", "language", "revision", "reviewed", "channel", "field", "kind", "gate", "only", "pace"),
    *("techniques", "key", "letter", "source", "url", "cooperating", "numbers", "end", "escalate", "possible"),
}
"""Keys whose values are names, numbers and addresses. Every other key holds text, so a new one is not forgotten."""


def texts(language: str) -> Iterator[tuple[str, str]]:
    """Every text of a language, as (`file:path of keys`, text)."""
    for path in sorted((ROOT / "checklists" / language).glob("*.yaml")):
        yield from scalars(yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader), place(path))
    for path in (ROOT / "src/deescalate_tui/locales").glob(f"{language}.json"):
        yield from scalars(json.loads(path.read_text(encoding="utf-8")), place(path))


def place(path: Path) -> str:
    """A file as a finding names it."""
    return f"{path.relative_to(ROOT).as_posix()}:"


def scalars(value: object, path: str) -> Iterator[tuple[str, str]]:
    """Every text below a parsed value; an item of a list goes by its id where it has one."""
    match value:
        case str():
            yield path.replace(":.", ":"), value
        case dict():
            for key, item in value.items():
                if key not in NOT_TEXT:
                    yield from scalars(item, f"{path}.{key}")
        case list():
            for number, item in enumerate(value):
                name = item.get("id", number) if isinstance(item, dict) else number
                yield from scalars(item, f"{path}.{name}")


def words(text: str) -> list[str]:
    """The words of a text, without placeholders, with the plain apostrophe that dictionaries know."""
    return WORD.findall(PLACEHOLDER.sub(" ", text).replace("’", "'").replace("\N{SOFT HYPHEN}", ""))


def word_list(language: str) -> set[str]:
    """The project's own words; one written small is right at the start of a sentence too."""
    lines = (ROOT / "tools/words" / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    listed = [word for line in lines if (word := line.partition("#")[0].strip())]
    if listed != sorted(listed, key=str.casefold):
        sys.exit(f"tools/words/{language}.txt is not sorted")
    return {*listed, *(word[0].upper() + word[1:] for word in listed)}


def hunspell(dictionary: str, candidates: Iterable[str]) -> set[str] | None:
    """Those candidates, or parts between their hyphens, that are misspelled; None without the dictionary."""
    command = ["hunspell", "-d", dictionary, "-i", "utf-8", "-l"]
    done = subprocess.run(command, input="\n".join(candidates), capture_output=True, encoding="utf-8", check=False)
    return set(done.stdout.split()) if done.returncode == 0 else None


def check(language: str) -> int | None:
    """Print the misspelled words of a language and return how many; None where it cannot be told."""
    found = [(where, word) for where, text in texts(language) for word in words(text)]
    right = word_list(language)
    wrong = hunspell(DICTIONARIES[language], sorted({word for _, word in found} - right))
    if wrong is None:
        return None
    findings = [
        f"{where}: {part}"
        for where, word in found
        if word not in right
        for part in dict.fromkeys([word, *word.split("-")])
        if len(part) > 1 and part in wrong and part not in right  # a letter alone is a key or a level
    ]
    print(*dict.fromkeys(findings), f"{language}: {len(found)} words, {len(findings)} misspelled", sep="\n")
    return len(findings)


def skipped(what: str) -> int:
    """Say that something is not checked; a failure under CI."""
    print(f"SKIPPED: {what} is not installed, so the spelling is NOT checked (Debian: apt install {PACKAGES})")
    return 1 if os.environ.get("CI") else 0


def main() -> int:
    """Check all languages; 1 where a word is misspelled."""
    if not shutil.which("hunspell"):
        return skipped("hunspell")
    status = 0
    for language, dictionary in DICTIONARIES.items():
        count = check(language)
        status |= skipped(f"hunspell's dictionary {dictionary}") if count is None else bool(count)
    return status


if __name__ == "__main__":
    sys.exit(main())
