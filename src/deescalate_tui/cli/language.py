"""In which language the command line speaks, before anything else is known."""

from __future__ import annotations

from collections.abc import Mapping

from deescalate_tui.errors import UsageFault
from deescalate_tui.i18n import language_of
from deescalate_tui.paths import SETTINGS_FILE, locate

VARIABLES = ("DEESCALATE_UI_LANGUAGE", "DEESCALATE_LANGUAGE")
DEFAULT = "en"


def ui_language(environ: Mapping[str, str]) -> str:
    """The setting `ui_language`; where that follows the call, the system's language, then the language of the calls."""
    wanted, spoken = _set(environ)
    system = (environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    codes = (language_of(text) for text in (wanted, *system, spoken))
    return next((code for code in codes if code), DEFAULT)


def _set(environ: Mapping[str, str]) -> tuple[str, str]:
    """The settings `ui_language` and `language`; empty where nobody has set them."""
    try:
        paths = locate(environ)
    except UsageFault:  # the command that needs the folders says it
        return "", ""
    files = [folder / SETTINGS_FILE for folder in (paths.config, paths.site) if folder]
    if not any(environ.get(name) for name in VARIABLES) and not any(file.is_file() for file in files):
        return "", ""
    # Late: it brings YAML along, which most runs of --help do without.
    from deescalate_tui.content.cache import ContentCache
    from deescalate_tui.settings.fields import BUILT_IN, SYSTEM, load

    settings = load(paths, environ, {}, ContentCache.below(paths.state))
    chosen = settings.origin("language").layer not in (BUILT_IN, SYSTEM)
    return settings.ui_language, settings.language if chosen else ""
