"""Calls for the tests of notes: a loud one, an e-mail that changes its type, a threat; and strings that do harm."""

from collections.abc import Iterable

from deescalate_tui.call import events as ev
from deescalate_tui.call.checklist import CRITICAL, STANDARD, Checklist, Condition, Phase, Step
from deescalate_tui.call.fold import replay
from deescalate_tui.call.session import SessionState

STARTED_AT = 1_795_352_712_000
"""22 November 2026, 13:05:12 UTC."""

PHASES = {
    "control": ("breathe", "calm-sentence", "low-voice"),
    "assess": ("let-finish", "read-fully", "ask-trigger", "summarise", "set-limit", "threat", "check-possible"),
    "resolve": ("offer-options", "get-support", "next-step"),
    "aftercare": ("take-break", "learn"),
}
ONLY = {
    "read-fully": Condition(channels=("email",)),
    "set-limit": Condition(levels=(3,)),
    "threat": Condition(levels=(4,)),
}
TITLES = {
    "de": {
        "breathe": "Tief in den Bauch atmen, ruhig bleiben",
        "calm-sentence": "Sich innerlich einen ruhigen Satz sagen",
        "low-voice": "Stimme senken und langsamer sprechen",
        "let-finish": "Ausreden lassen und kurz bestätigen",
        "ask-trigger": "Nach dem Auslöser fragen statt urteilen",
        "summarise": "Aus Kundensicht kurz zusammenfassen",
        "set-limit": "Eine Grenze setzen, Wahl lassen, dabei bleiben",
        "check-possible": "Prüfen, was geht, und das zuerst sagen",
        "offer-options": "Zwei konkrete Wege zur Wahl stellen",
        "next-step": "Nächsten Schritt mit Termin zusagen",
        "take-break": "Wenn möglich, kurz Pause machen",
        "learn": "Eine Sache für das nächste Mal festhalten",
    },
    "nl": {
        "breathe": "Adem rustig naar je buik",
        "calm-sentence": "Zeg een rustige zin tegen jezelf",
        "read-fully": "Lees het bericht twee keer helemaal",
        "ask-trigger": "Vraag naar de aanleiding, oordeel niet",
        "summarise": "Vat het samen zoals de klant het ziet",
        "check-possible": "Kijk wat kan en zeg dat eerst",
        "offer-options": "Bied twee concrete keuzes aan",
        "get-support": "Haal zo nodig de teamleider erbij",
        "next-step": "Spreek de volgende stap af met een datum",
        "learn": "Noteer één ding voor de volgende keer",
    },
    "no": {
        "breathe": "Pust rolig ned i magen",
        "low-voice": "Senk stemmen og snakk saktere",
        "let-finish": "La kunden snakke ut, og bekreft kort",
        "threat": "Hør etter, skriv ned, varsle teamlederen",
        "next-step": "Avtal neste steg med dato",
        "take-break": "Ta en kort pause hvis du kan",
    },
}


def checklist(language: str, type_id: str = "aggressive", revision: int = 1) -> Checklist:
    """A short checklist with the ids of the built-in ones; a step without a title here shows its id."""
    phases = {
        phase: Phase(
            phase,
            tuple(
                Step(
                    id=step,
                    do=TITLES[language].get(step, step),
                    only=ONLY.get(step, Condition()),
                    gate=CRITICAL if step == "next-step" else STANDARD,
                )
                for step in steps
            ),
        )
        for phase, steps in PHASES.items()
    }
    return Checklist(
        id=type_id,
        language=language,
        revision=revision,
        reviewed="2026-11-22",
        title=type_id,
        summary="",
        cooperating=False,
        recognise=(),
        reminders=(),
        **phases,
        sha256=f"{revision:064x}",
    )


def started(language: str, type_id: str = "aggressive", channel: str = "phone", **facts: object) -> ev.Started:
    """The first event of a call."""
    given = {
        "id": f"01936f2e-7c11-7abc-8def-0123{hash_of(language)}",
        "checklist": checklist(language, type_id),
        "channel": channel,
        "agent": "amsel",
        "app_version": "1.0.0",
        "offset_min": 60,
        **facts,
    }
    return ev.Started(**given)


def hash_of(language: str) -> str:
    """Eight hex digits that differ by language."""
    return "".join(f"{ord(letter):x}" for letter in language) * 2


def state_of(timed: Iterable[tuple[int, ev.AnyEvent]], started_at: int = STARTED_AT) -> SessionState:
    """The state after events, each with its second."""
    records = (ev.Record(i, started_at + s * 1000, s * 1000, event) for i, (s, event) in enumerate(timed))
    return replay(records)


def german() -> SessionState:
    """A loud call: a limit, a hold, a step skipped and one left open for a reason."""
    return state_of(
        (
            (0, started("de", country="DE", ticket="T-4711")),
            (14, ev.StepDone("breathe")),
            (31, ev.StepDone("calm-sentence")),
            (36, ev.StepSkipped("low-voice")),
            (52, ev.LevelHeard(1)),
            (75, ev.RequestPinned("Ersatzrouter kam zum dritten Mal nicht an, Internet seit 9. November weg.")),
            (118, ev.StepDone("let-finish")),
            (130, ev.LevelHeard(3)),
            (141, ev.QuoteHeard("Sie sind doch alle unfähig, und Sie ganz besonders!")),
            (150, ev.LimitGiven(1, "ask")),
            (166, ev.StepDone("set-limit")),
            (190, ev.FieldAnswered("cause", "Zusage „morgen da“ am 18.11. nicht gehalten")),
            (191, ev.StepDone("ask-trigger")),
            (215, ev.LevelHeard(2)),
            (228, ev.FieldAnswered("summary", "Drei Termine geplatzt, will Router und Gutschrift. Stimmt.")),
            (229, ev.StepDone("summarise")),
            (236, ev.HoldBegun()),
            (334, ev.HoldEnded()),
            (350, ev.FieldAnswered("possible", "partly")),
            (351, ev.StepDone("check-possible")),
            (380, ev.FieldAnswered("options", "Express bis Dienstag oder Abholung im Shop; gewählt: Express")),
            (381, ev.StepDone("offer-options")),
            (402, ev.LevelHeard(1)),
            (410, ev.NoteWritten("Kunde rechnet: 3 * 4 = 12 Tage ohne Netz.")),
            (431, ev.Promised("Ersatzrouter per Express senden", "2026-11-24")),
            (458, ev.Promised("Rückruf mit der Sendungsnummer", "2026-11-23T15:00")),
            (470, ev.FieldAnswered("satisfaction", "partly")),
            (480, ev.FieldAnswered("follow_up", "2026-11-27")),
            (495, ev.Ended("follow-up")),
            (499, ev.RequestAnswered("partly")),
            (520, ev.GateOverridden("next-step", "Termin von der Logistik noch nicht bestätigt")),
            (521, ev.AftercareBegun()),
            (600, ev.StepDone("take-break")),
            (631, ev.FieldAnswered("lesson", "Beim zweiten Fehlversuch gleich Express anbieten")),
            (632, ev.StepDone("learn")),
            (640, ev.Closed()),
        )
    )


def dutch() -> SessionState:
    """An e-mail that turned rude, handled across midnight, with the team lead brought in."""
    late = STARTED_AT + (9 * 60 + 40) * 60_000
    return state_of(
        (
            (0, started("nl", channel="email", country="NL", ticket="2026/88 & co")),
            (40, ev.StepDone("breathe")),
            (61, ev.StepDone("calm-sentence")),
            (190, ev.RequestPinned("Wil de 3 dubbele afschrijvingen (€ 89,95) terug")),
            (200, ev.StepDone("read-fully")),
            (230, ev.LevelHeard(2)),
            (305, ev.ChecklistTaken(checklist("nl", "rude", 2))),
            (340, ev.QuoteHeard("Jullie zijn een stelletje oplichters")),
            (420, ev.FieldAnswered("cause", "Incasso liep 3x door na een storing op 1 november")),
            (421, ev.StepDone("ask-trigger")),
            (470, ev.FieldAnswered("possible", "yes")),
            (471, ev.StepDone("check-possible")),
            (700, ev.HelpCalled("take-over")),
            (950, ev.FieldAnswered("helper", "Teamleider Bakker, akkoord met terugbetaling")),
            (951, ev.StepDone("get-support")),
            (960, ev.StepDone("next-step")),
            (965, ev.Promised("€ 179,90 terugstorten", "binnen 3 werkdagen")),
            (1000, ev.LevelHeard(0)),
            (1100, ev.Ended("resolved")),
            (1105, ev.RequestAnswered("yes")),
            (1106, ev.AftercareBegun()),
            (1130, ev.FieldAnswered("lesson", "Eerst in het systeem kijken, dan pas schrijven")),
            (1131, ev.StepDone("learn")),
            (1140, ev.Closed()),
        ),
        late,
    )


def norwegian() -> SessionState:
    """A call with a threat, ended from our side, one thing taken back."""
    return state_of(
        (
            (0, started("no", country="NO")),
            (12, ev.StepDone("breathe")),
            (25, ev.StepDone("low-voice")),
            (48, ev.RequestPinned("Vil ha strømmen tilbake i dag")),
            (49, ev.StepDone("let-finish")),
            (60, ev.LevelHeard(2)),
            (84, ev.LevelHeard(4)),
            (90, ev.CardOpened("vague-threat", "Uklar trussel")),
            (101, ev.CardClosed()),
            (104, ev.HelpCalled("listen")),
            (120, ev.FieldAnswered("threat_words", "Jeg vet hvor du jobber, og jeg venter utenfor")),
            (126, ev.FieldAnswered("threat_target", "me")),
            (140, ev.FieldAnswered("threat_told", "Teamleder Hansen, kl. 14:07")),
            (141, ev.StepDone("threat")),
            (150, ev.LimitGiven(1, "ask")),
            (171, ev.LimitGiven(2, "consequence")),
            (172, ev.LimitGiven(3, "end")),
            (174, ev.Undone()),
            (190, ev.LimitGiven(3, "end")),
            (200, ev.Ended("ended-by-agent")),
            (205, ev.RequestAnswered("no")),
            (206, ev.AftercareBegun()),
            (500, ev.StepDone("take-break")),
            (510, ev.Closed()),
        )
    )


SAMPLES = {"de": german, "nl": dutch, "no": norwegian}

EVIL = (
    "---",
    "--- ",
    "# Überschrift",
    "## Zeitleiste",
    "- [x] 14:05:24 Erledigt",
    "- 14:05:24 Punkt",
    "+ Punkt",
    "* Punkt",
    "* * *",
    "1. Punkt",
    "2) Punkt",
    "> Zitat",
    "  > Zitat",
    "    Code",
    "\tCode",
    "```",
    "```text",
    "~~~",
    "`Code`",
    "``",
    "<b>fett</b>",
    "<!-- timeline 0 -->",
    "<!-- quotes 1 -->",
    "-->",
    "</script><script>alert(1)</script>",
    "[a](https://evil.example)",
    "![a](https://evil.example/pixel.png)",
    "[a]: https://evil.example",
    "<https://evil.example>",
    "**fett** und *kursiv* und _kursiv_ und ~~weg~~",
    "snake_case_name und __init__",
    "&amp; &#10; &lt; & &;",
    "\\",
    "\\\\*",
    "a\\",
    "| a | b |",
    "===",
    "=cmd|'/C calc'!A0",
    '"; rm -rf /; "',
    "'",
    "„Wort“",
    "‘woord’",
    "«ord»",
    "id: x\noutcome: y",
    "Zeile\r\nZeile\rZeile",
    "\x85\u2028\u2029\x0b\x0c\x1c",
    "\x1b]0;Titel\x07\x1b[31m",
    "\u202etxt.exe\u2066",
    "\u200b\ufeff\x00\x7f",
    "\U000e0041\U0001f600\uffff",
    "{request} {0} {",
    "%s %d %",
    " ",
    "   ",
    " vorn und hinten ",
    "Wort " * 2000,
    "no",
    "null",
    "2026-11-22",
    "00:12 done breathe",
    "14:05:24",
    "*",
)
"""What somebody may type, and nothing may come of."""
