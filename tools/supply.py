"""What the program runs on: its packages with their licences, as a page (`licences`) or as an SBOM (`sbom`).

The truth is what is installed here: the package, and what it needs at run time, with what that needs.
"""

import json
import os
import re
import sys
import uuid
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dev import EXTRAS

ROOT = Path(__file__).resolve().parent.parent
OURS = "deescalate-tui"
LOCK = ROOT / "locks" / "requirements.txt"
PAGE = ROOT / "docs" / "licences.md"
SPDX = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
"""What older packages say in a classifier, as the identifier of today."""
IN_A_FILE = {"pyrage": "MIT"}
"""What packages say of themselves in the file with their licence, and nowhere else."""


def locked(text: str) -> dict[str, tuple[str, list[str]]]:
    """The packages of a lock file: version and SHA-256 sums by name."""
    entries = re.findall(r"^([a-z0-9.-]+)==([^ ;\\\n]+)(.*(?:\n    --hash=.*)*)", text, re.MULTILINE)
    return {name: (version, re.findall(r"sha256:([0-9a-f]{64})\b", rest)) for name, version, rest in entries}


def needed() -> dict[str, list[str]]:
    """Each package that can run, ours first, and those it asks for itself: the same on any system without markers."""
    found: dict[str, set[str]] = {}
    waiting = [Requirement(f"{OURS}[{','.join(EXTRAS)}]")]
    seen = set()
    while waiting:
        wanted = waiting.pop(0)
        name = canonicalize_name(wanted.name)
        for extra in ("", *sorted(wanted.extras)):
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            asked = [Requirement(line) for line in metadata.requires(name) or ()]
            asked = [it for it in asked if it.marker is None or it.marker.evaluate({"extra": extra})]
            found.setdefault(name, set()).update(canonicalize_name(it.name) for it in asked)
            waiting += asked
    return {name: sorted(others - {name}) for name, others in found.items()}


def says(name: str, field: str) -> list[str]:
    """What an installed package says of itself under a field of its metadata."""
    return [str(line) for line in metadata.metadata(name).get_all(field) or ()]


def licence(name: str) -> str:
    """The licence of an installed package, as an SPDX identifier where it says one that we know."""
    classifiers = [line.rpartition(" :: ")[2] for line in says(name, "Classifier") if "License" in line]
    plain = IN_A_FILE.get(name, "unknown")
    first = [*says(name, "License-Expression"), *says(name, "License"), *classifiers, plain][0]
    return SPDX.get(first, first)


def home(name: str) -> str:
    """The address of a package's home page, or of its sources; empty where it names neither."""
    urls = {label.lower(): url for label, _, url in (line.partition(", ") for line in says(name, "Project-URL"))}
    known = [
        *says(name, "Home-page"),
        *(urls[label] for label in ("homepage", "repository", "source") if label in urls),
    ]
    return next(iter(known), "")


def asking(name: str, user: str) -> str:
    """Who asks for a package, with the extra where it is one of ours that does."""
    asked = [Requirement(line) for line in metadata.requires(OURS) or () if user == OURS]
    marks = [it.marker for it in asked if canonicalize_name(it.name) == name and it.marker]
    extras = [extra for extra in EXTRAS if any(mark.evaluate({"extra": extra}) for mark in marks)]
    return f"{user}[{extras[0]}]" if extras else user


def page() -> str:
    """The licences, as Markdown."""
    packages = needed()
    names = sorted(packages.keys() - {OURS})
    direct = [name for name in packages[OURS] if asking(name, OURS) == OURS]
    extra = [name for name in packages[OURS] if name not in direct]
    lines = [
        "# Licences",
        "",
        f"{OURS} is under the [{licence(OURS)} licence](../LICENSE). To run, it asks for {len(direct)} packages,",
        f"and these for {len(names) - len(packages[OURS])} more. Its extras alone ask for {' and '.join(extra)}, which",
        "wheelhouse, single file and one folder hold. `tools/dev.py licences` writes this page from what they say.",
        "",
        "| package | licence | needed by |",
        "|---|---|---|",
    ]
    for name in names:
        users = ", ".join(asking(name, user) for user in sorted(packages) if name in packages[user])
        link = f"[{name}]({home(name)})" if home(name) else name
        lines.append(f"| {link} | {licence(name)} | {users} |")
    return "\n".join(lines) + "\n"


def sbom() -> dict[str, Any]:
    """A software bill of materials, CycloneDX 1.6. SOURCE_DATE_EPOCH, where it is set, is its time."""
    packages = needed()
    components = {name: component(name) for name in packages}
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    moment = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    time = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    refs = {name: entry["bom-ref"] for name, entry in components.items()}
    ours = {**components.pop(OURS), "type": "application"}
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, time + json.dumps(components))}",
        "version": 1,
        "metadata": {"timestamp": time, "component": ours},
        "components": [components[name] for name in sorted(components)],
        "dependencies": [
            {"ref": refs[name], "dependsOn": [refs[other] for other in others]} for name, others in packages.items()
        ],
    }


def component(name: str) -> dict[str, Any]:
    """One installed package, as CycloneDX has it."""
    version, terms, url = metadata.version(name), licence(name), home(name)
    purl = f"pkg:pypi/{name}@{version}"
    if re.fullmatch(r"[\w.+-]+", terms):
        licences: list[dict[str, Any]] = [{"license": {"id": terms}}]
    else:
        licences = [{"expression": terms}]
    links = {"externalReferences": [{"type": "website", "url": url}]} if url else {}
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "description": "".join(says(name, "Summary")[:1]),
        "licenses": licences,
        "purl": purl,
        **links,
    }


def main() -> int:
    """Write the page, or print the SBOM."""
    match sys.argv[1:]:
        case ["licences"]:
            PAGE.write_text(page(), encoding="utf-8", newline="\n")
            print(PAGE.relative_to(ROOT))
        case ["sbom"]:
            print(json.dumps(sbom(), indent=2, ensure_ascii=False))
        case _:
            print((__doc__ or "").strip())
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
