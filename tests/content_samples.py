"""Content files for tests: small, valid, and made to be broken in one place."""

from __future__ import annotations

from pathlib import Path

from deescalate_tui.errors import Fault

TYPE = """\
format: 1
id: aggressive
language: de
revision: 3
reviewed: 2026-11-22
title: Aggressiv
summary: Laut und fordernd, ruhig und klar führen
cooperating: false
recognise:
  - spricht laut
  - fällt ins Wort
reminders:
  - tief atmen
  - kurz antworten
phases:
  control:
    title: Ruhe
    steps:
      - id: breathe
        do: Ruhig in den Bauch atmen
        tone: langsam, die Schultern sinken
        why: Ein langer Atem senkt den Puls.
        pace: {in: 4, out: 6.5, times: 3}
        only: {channel: phone}
        techniques: [breathe, stay-calm]
      - id: regroup
        do: Noch nicht antworten
        only: {channel: email}
  assess:
    title: Lage
    steps:
      - id: let-finish
        do: Ausreden lassen
        say:
          - Ich höre Ihnen zu.
          - Ich habe {request} vor mir.
        avoid: nicht unterbrechen
        ask:
          - {field: request, label: Worum geht es?, kind: text}
      - id: check-possible
        do: Prüfen, was möglich ist
        gate: critical
        ask:
          - {field: possible, label: Geht das?, kind: choice, options: {no: nein, yes: ja, partly: zum Teil}}
  resolve:
    title: Lösung
    steps:
      - id: say-no
        do: Klar nein sagen
        only: {possible: [partly, no], level: [0, 1]}
      - id: wrap-up
        do: Abschließen
        ask:
          - {field: follow_up, label: Wann wieder?, kind: date}
aftercare:
  title: Danach
  steps:
    - id: learn
      do: Eine Lehre notieren
"""

LADDER = """\
format: 1
kind: ladder
language: de
revision: 1
reviewed: 2026-11-22
rungs:
  - id: ask
    do: Um einen anderen Ton bitten
    say: [Bitte ohne Beleidigungen., Ich helfe gern.]
  - id: consequence
    do: Sagen, was folgt
    say: [Sonst beende ich das Gespräch.]
  - id: end
    do: Ankündigen und beenden
    say: [Ich beende das Gespräch jetzt.]
"""

CARDS = """\
format: 1
kind: cards
language: de
revision: 1
reviewed: 2026-11-22
cards:
  - id: danger
    letter: d
    title: Gefahr
    cue: Ein Kind schreit.
    do: [Ort erfragen, In der Leitung bleiben, Hilfe holen]
    say: [Wo sind Sie gerade?]
    avoid: nicht auflegen
    end: keep
    escalate: must
    numbers: [emergency]
  - id: crying
    title: Weinen
    cue: Schluchzen
    do: [Zeit lassen, Leise sprechen, Warten]
    say: [Nehmen Sie sich Zeit.]
    avoid: nicht trösten wollen
    end: never
    escalate: may
"""

COUNTRY = """\
format: 1
kind: country
id: NO
name: Norge
revision: 1
numbers:
  - kind: ambulance
    number: "113"
    source: a page (2021-11)
    verified: null
  - kind: crisis
    number: 22 40 00 40
    name: Kirkens SOS
    source: from memory
    verified: 2026-11-01
"""


TECHNIQUES = """\
format: 1
kind: techniques
revision: 1
techniques:
  - id: mantra
    phase: control
    types: []
    sources: [C1.2a]
    teaches: Say a calm sentence to yourself.
  - id: get-support
    phase: resolve
    types: []
    sources: [A10, CW, E]
    channel: phone
    asks: who was brought in
    teaches: Know who to ask.
  - id: train
    phase: practice
    types: []
    sources: [D10]
    teaches: Rehearse.
"""

VOICE = """\
format: 1
kind: voice
revision: 1
de: {customer: [Sie müssen, leider], foreign: [canceln], phone: [Hörer]}
nl: {customer: [u moet], foreign: [meneer], phone: [hoorn]}
no: {customer: [du må], foreign: [sir], phone: [røret]}
"""

SITE = """\
format: 1
kind: site
company: Nordlicht
leads:
  - {name: Kim, contact: extension 12}
escalation:
  - {level: Team lead, contact: extension 12, takes: refunds}
grants: [Refund up to 50 euros]
policies: [No cash]
aftercare:
  - {name: Noor}
limits: {insult: 2, harassment: 1}
"""


def steps(*steps: str) -> str:
    """A list of steps, each in the braces of YAML."""
    return "[" + ", ".join(steps) + "]"


def plain_steps(prefix: str, number: int) -> list[str]:
    """Steps that have nothing but an id and a headline."""
    return [f"{{id: {prefix}-{index}, do: Etwas tun}}" for index in range(number)]


def _with_lines(steps: list[str], line: str) -> list[str]:
    """The steps, the last of which that is always shown has two lines to write, as each phase of an e-mail needs."""
    always = [index for index, step in enumerate(steps) if "only: " not in step and step.endswith("}")]
    if not always or any("write: " in step for step in steps):
        return steps
    lines = f"write: [{line} eins, {line} zwei]}}"
    return [f"{step[:-1]}, {lines}" if index == always[-1] else step for index, step in enumerate(steps)]


def type_text(type_id: str, language: str, **phases: list[str]) -> str:
    """A valid customer type; `phases` replaces the steps of a phase. Its last step in the call brings help."""
    cooperating = type_id in ("direct", "timid")
    usual = {phase: plain_steps(phase, 2 if cooperating else 4) for phase in ("control", "assess", "resolve")}
    usual["aftercare"] = plain_steps("aftercare", 1)
    chosen = {**usual, **phases}
    *others, last = chosen["resolve"]
    chosen["resolve"] = [*others, last if "helper" in last else f"{last[:-1]}, techniques: [get-support]}}"]
    for phase in ("control", "assess", "resolve"):
        chosen[phase] = _with_lines(chosen[phase], f"{type_id} {phase}")
    body = {phase: f"{{title: {phase}, steps: {steps(*listed)}}}" for phase, listed in chosen.items()}
    return f"""\
format: 1
id: {type_id}
language: {language}
revision: 1
reviewed: 2026-11-22
title: {type_id[:16]}
summary: for a test
cooperating: {str(cooperating).lower()}
recognise: [one, two]
reminders: [one, two]
phases:
  control: {body["control"]}
  assess: {body["assess"]}
  resolve: {body["resolve"]}
aftercare: {body["aftercare"]}
"""


def write(root: Path, relative: str, text: str) -> Path:
    """Puts a content file below a root."""
    path = root / relative
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def write_all(root: Path) -> Path:
    """A root with all that a library needs, in three languages."""
    for language in ("de", "nl", "no"):
        for type_id in ("direct", "timid", "aggressive", "rude"):
            write(root, f"{language}/{type_id}.yaml", type_text(type_id, language))
        write(root, f"{language}/ladder.yaml", LADDER.replace("language: de", f"language: {language}"))
        write(root, f"{language}/cards.yaml", CARDS.replace("language: de", f"language: {language}"))
    write(root, "countries/no.yaml", COUNTRY)
    write(root, "techniques.yaml", TECHNIQUES)
    write(root, "voice.yaml", VOICE)
    return root


def position(text: str, part: str) -> str:
    """`line:column` of the first occurrence of a part."""
    index = text.index(part)
    return f"{text.count(chr(10), 0, index) + 1}:{index - text.rfind(chr(10), 0, index)}"


def seen(faults: tuple[Fault, ...]) -> list[tuple[str, str]]:
    """Places and keys."""
    return [(fault.place, fault.key) for fault in faults]
