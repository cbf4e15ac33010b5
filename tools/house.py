"""The rooms of the house stay small: a file up to 300 lines, a class up to 200, a function up to 40."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE, CLASS, FUNCTION = 300, 200, 40


def outgrown(path: Path) -> Iterator[str]:
    """What in one file has outgrown its room, as `file:line: name, so many lines`."""
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(ROOT).as_posix()
    if (lines := len(text.splitlines())) > FILE:
        yield f"{place}:1: the file has {lines} lines, at most {FILE}"
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                limit = FUNCTION
            case ast.ClassDef():
                limit = CLASS
            case _:
                continue
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > limit:
            yield f"{place}:{node.lineno}: {node.name} has {lines} lines, at most {limit}"


def main() -> int:
    """Print every finding; 1 where there is one."""
    files = sorted((ROOT / "src").rglob("*.py"))
    findings = [finding for path in files for finding in outgrown(path)]
    print(*findings, f"{len(files)} files, {len(findings)} rooms too large", sep="\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
