"""The yardstick: the least that a Textual app can be. One line, which says what was pressed."""

from textual.app import App, ComposeResult
from textual.events import Key
from textual.widgets import Static


class Bare(App[None]):
    """Shows READY, then each key with its number."""

    BINDINGS = [("ctrl+q", "quit", "")]  # noqa: RUF012 - as Textual wants it

    def compose(self) -> ComposeResult:
        """One line."""
        self.line = Static("READY")
        self.pressed = 0
        yield self.line

    def on_key(self, event: Key) -> None:
        """Say which key it was."""
        self.pressed += 1
        self.line.update(f"key {event.key} {self.pressed}")


if __name__ == "__main__":
    Bare().run()
