"""Which characters may enter: what is typed is cleaned, what stands in a file is refused.

Control characters steer a terminal, bidi controls and invisible characters make a text read
otherwise than it is stored. Every entrance of text uses these rules; nothing here touches a disk.
"""

from __future__ import annotations

LIMIT = 4_000
"""Characters kept of one typed text where the caller sets no limit of its own."""
_BEYOND = "\U000e0000"
"""From here on no character is welcome, though Python prints some of them."""


def is_plain(text: str) -> bool:
    """Whether nothing need be looked at more closely: every character is visible, and it is one line without tabs."""
    return text.isprintable() and (text.isascii() or max(text) < _BEYOND)


def clean(text: str, limit: int = LIMIT, *, lines: bool = False) -> str:
    """What is kept of a text that was typed, pasted or given as an argument.

    Line ends and tabs become spaces, unless `lines` keeps them. The rest is in NFC, visible, and
    at most `limit` characters; cleaning it again changes nothing.
    """
    if not is_plain(text):
        from deescalate_tui.clean_rules import DROPPED, LINE_END, SPACING  # late: most texts are plain

        text = LINE_END.sub("\n", text)
        if not lines:
            text = SPACING.sub(" ", text)
        text = DROPPED.sub("", text)
    if text.isascii():
        return text[:limit]
    import unicodedata  # late: see `quick`

    return unicodedata.normalize("NFC", text)[:limit]


def hostile(text: str) -> list[tuple[int, int]]:
    """The index and code point of every character that a content file must not hold.

    Only the line feed is allowed among the control characters: a tab is not.
    """
    if is_plain(text):
        return []
    from deescalate_tui.clean_rules import HOSTILE  # late: see `clean`

    return [(found.start(), ord(found.group())) for found in HOSTILE.finditer(text)]


def steerless(text: str, instead: str = "\ufffd") -> str:
    """The text as it may be printed: what would steer a terminal is replaced; our own tabs and line feeds stay."""
    if all(map(is_plain, text.replace("\t", "\n").split("\n"))):
        return text
    from deescalate_tui.clean_rules import STEERING  # late: see `clean`

    return STEERING.sub(instead, text)


def escaped_json(text: str) -> str:
    """JSON in which every hostile character of its texts stands as an escape: it says the same, and steers nothing."""
    for code in {code for _, code in hostile(text)}:
        units = chr(code).encode("utf-16-be", "surrogatepass").hex()
        text = text.replace(chr(code), "".join(f"\\u{units[i : i + 4]}" for i in range(0, len(units), 4)))
    return text


def defused(text: str, instead: str = "\ufffd") -> str:
    """The text with each hostile character replaced, so that it can be read on or shown; as long as before."""
    if is_plain(text):
        return text
    from deescalate_tui.clean_rules import HOSTILE  # late: see `clean`

    return HOSTILE.sub(instead, text)
