"""The session as numbered lines: for screen readers, pipes and terminals that can draw nothing.

One command a line, the same letters as the keys, text after the letter. It reads lines and prints views: what
comes of a command is for the core to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deescalate_tui.call import commands as cmd
from deescalate_tui.call.keys import Action
from deescalate_tui.call.questions import is_choice
from deescalate_tui.clean import clean
from deescalate_tui.errors import Exit
from deescalate_tui.i18n import language_of
from deescalate_tui.live import LiveSession
from deescalate_tui.offer import saved_text
from deescalate_tui.opening import Opening
from deescalate_tui.plain.line import ESCAPE, command_of, option_of, passes, takes_text
from deescalate_tui.plain.lines import Signalled
from deescalate_tui.plain.page import LETTERS, breath_lines, command_lines, hit_lines, notice_lines, welcome
from deescalate_tui.plain.shown import Shown
from deescalate_tui.plain.start import choose
from deescalate_tui.screens.finder import Hit, find
from deescalate_tui.screens.footer import key_names
from deescalate_tui.screens.presenter import session_view
from deescalate_tui.screens.prompts import question_view
from deescalate_tui.workplace import Workplace

CLOSE_S = 5
"""So long the disk may take to store the rest before the program ends without it."""
HELP_S = 1
"""So long the next line may wait for the help command."""

Write = Callable[[str], None]


def run_plain(workplace: Workplace, opening: Opening, lines: Iterator[str], write: Write) -> int:
    """Lead one session; the exit status. `write` puts text on standard output.

    Raises Fault or ContentFaults where the session cannot begin, FileFault where its note, which is printed
    then, cannot be saved.
    """
    try:
        chosen = opening if opening.type_id or opening.resume else choose(workplace, opening, lines, write)
    except Signalled as signalled:
        return signalled.status
    if chosen is None:
        return Exit.OK
    if chosen.resume:
        live = workplace.resume(chosen.resume)
    else:
        live = workplace.start(chosen.type_id, chosen.language, chosen.channel, ticket=chosen.ticket)
    return Talk(live, lines, write).run()


class Talk:
    """One session, line by line."""

    def __init__(self, live: LiveSession, lines: Iterator[str], write: Write) -> None:
        self.live = live
        self._lines = lines
        self._write = write
        self._shown = Shown(compact=live.workplace.settings.compact == "on")
        self._said: list[str] = []
        """What the last command brings to be printed."""
        self._hits: tuple[Hit, ...] = ()
        """What was just found: the next line may open one."""

    def run(self) -> int:
        """Until the note is written, the agent leaves, the input ends or a signal comes; the exit status."""
        try:
            why = "" if self.live.state.closed else self._listen()
            return self._keep(why) if why else self._finish()
        except Signalled as signalled:
            self._keep("signal.kept")
            return signalled.status
        finally:
            self.live.journal.close(CLOSE_S)

    def _listen(self) -> str:
        """Lead the session. Why the talk ended, as a catalogue key; empty where the session is closed."""
        live = self.live
        self._said = welcome(session_view(live.state, live.book, live.messages), live.messages)
        self._said += [live.greeting.text] if live.greeting is not None else []
        self._print()
        for line in self._lines:
            if not self._take(clean(line).strip()):
                return "leave.kept"
            if live.state.closed:
                return ""
            self._print()
        return "plain.ended"

    def _take(self, line: str) -> bool:
        """Carry out a line; False where it leaves."""
        state = self.live.state
        hits, self._hits = self._hits, ()
        back = line.casefold() in ESCAPE
        if state.sign or back:
            self._do(cmd.Leave())
        if back or (state.sign and not line):
            return True
        if len(line) == 1 and line in LETTERS[: len(hits)]:
            self._do(hits[LETTERS.index(line)].opens)
            return True
        keymap = self.live.workplace.keymap
        names = {name.casefold(): key for key, name in key_names(self.live.messages).items()}
        action, rest = command_of(line, keymap, names)
        if state.question is not None and not passes(action, line, rest, keymap):
            self._answer(line)
            return True
        if action is None or (rest and not takes_text(action)):
            self._said.append(self.live.messages("plain.unknown", text=line))
            return True
        return self._act(action, rest)

    def _act(self, action: Action, rest: str) -> bool:
        if action.id != "unmask":
            self.live.another_key()
        if action.id == "leave":
            return False
        if action.command is not None:
            self._do(action.command)
            if rest:
                self._answer_at_once(rest)
        elif action.id == "find":
            self._find(rest)
        elif action.id == "help":
            self._said += command_lines(self.live.workplace.keymap, self.live.messages)
        elif action.id == "name":
            self._said.append(self.live.name_customer(rest).text)
        elif action.id == "compact":
            self._said.append(self.live.messages(f"plain.compact-{self._shown.toggle()}"))
        else:
            steps = self.live.state.call.checklist.steps()
            pace = next((step.pace for _, step in steps if step.pace is not None), None)
            self._said += breath_lines(pace, self.live.messages)
        return True

    def _do(self, command: cmd.Command) -> None:
        notice = self.live.do(command)
        if notice is not None:
            self._said += notice_lines(notice, self.live.messages)

    def _answer_at_once(self, text: str) -> None:
        """The text after a letter; for a promise what, and after a semicolon until when."""
        question = self.live.state.question
        promised, semicolon, due = text.partition(";")
        if question is None or question.kind != "promise":
            self._answer(text)
            return
        self._answer(promised.strip())
        if semicolon:
            self._answer(due.strip())

    def _answer(self, text: str) -> None:
        """The answer to the open question, if there is one; an empty line leaves it empty."""
        state, messages = self.live.state, self.live.messages
        view = question_view(state, self.live.book, messages)
        if view is None or state.question is None:
            return
        if not is_choice(state):
            self._do(cmd.Submit(text))
        elif not text:
            self._do(cmd.Leave())
        else:
            wanted = (language_of(text) or text) if state.question.kind == "language" else text
            value = option_of(wanted, view.choices)
            if value is None:
                self._said.append(messages("plain.no-option", text=text))
                self._shown.ask_again()
            else:
                self._do(cmd.Choose(value))

    def _find(self, words: str) -> None:
        hits = find(words, self.live.state, self.live.book)[: len(LETTERS)]
        if not hits:
            self._said.append(self.live.messages("find.none"))
        elif len(hits) == 1:
            self._do(hits[0].opens)
        else:
            self._hits = hits
            self._said += hit_lines(hits, self.live.messages)

    def _print(self) -> None:
        """What the last command said, and what is new since."""
        news = self._shown.news(self.live, self._said)
        lines, self._said = [*self._said, *news], []
        self._tell(*(lines or [self.live.messages("plain.same")]))
        self._tell_of_help()

    def _tell_of_help(self) -> None:
        """How the help command fares: most have ended before one could read the sign, the others are told of later."""
        run = self.live.help_run
        told = run.news(HELP_S) if run is not None else None
        if told is not None:
            # Late: few calls call for help.
            from deescalate_tui.help_command import told_text

            self._tell(told_text(told, self.live.messages))

    def _tell(self, *lines: str) -> None:
        self._write("".join(f"{line}\n" for line in lines))

    def _keep(self, why: str) -> int:
        """The session stays, if anything is in it. Where the disk has not all of it, the note so far is printed."""
        messages = self.live.messages
        lost = self.live.leave(CLOSE_S)
        if lost:
            self._tell(messages("plain.lost"), "", lost)
            return Exit.DISK
        self._tell(messages("leave.nothing" if self.live.removed else why, id=self.live.state.id))
        return Exit.OK

    def _finish(self) -> int:
        """Write the note and print it; last, on a line of its own, what belongs in the ticket."""
        finished = self.live.finish()
        messages = self.live.messages
        head = saved_text(finished, messages) or self.live.unnoted
        self._tell(head, "", finished.text, messages("plain.handover"), finished.handover)
        if finished.fault is not None:
            raise finished.fault
        return Exit.OK
