"""The developer's commands, the same on every system: run, test and check from a bare checkout.

    python3 tools/dev.py COMMAND [arguments]      (Windows: dev.cmd COMMAND [arguments])

It needs nothing but Python 3.11 or newer, and keeps what it installs in .venv beside pyproject.toml.
"""

import hashlib
import importlib.util
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python gets this far and deserves a plain word
    sys.exit(f"deescalate-tui needs Python 3.11 or newer; {sys.executable} is {sys.version.split()[0]}")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
CACHES = (".fuzz", ".hypothesis", ".import_linter_cache", ".mypy_cache", ".pytest_cache", ".ruff_cache")
LOCK = "locks/requirements.txt"
EXTRAS = ("crypto", "xlsx")
"""Extras that the lock file holds, and with it all that people take away."""
ELSEWHERE = ("-m", "mypy", "--no-warn-unreachable", "--follow-imports=silent", r"--exclude=/(instant|thrifty)\.py$")
"""The types that other systems have; Windows never gets to these two modules."""
CHECKS = {
    "form": ("-m", "ruff", "format", "--check"),
    "lint": ("-m", "ruff", "check"),
    "types": ("-m", "mypy"),
    "types on Windows": (*ELSEWHERE, "--platform=win32", "--cache-dir=.mypy_cache/windows", "src", "tools"),
    "types on macOS": (*ELSEWHERE, "--platform=darwin", "--cache-dir=.mypy_cache/macos", "src", "tools"),
    "imports": ("-c", "from importlinter.cli import lint_imports_command as main; main(['--no-logo'])"),
    "tests": ("-m", "pytest"),
    "packages": ("tools/dev.py", "trial"),
    "checklists": ("-m", "deescalate_tui", "checklists", "check"),
    "spelling": ("tools/spelling.py",),
    "sizes": ("tools/house.py",),
}
"""What `check` runs, by the Python of .venv, in this order."""
PACKS = {
    "packages": "build wheel and sdist into dist/",
    "wheelhouse": "build a zip for pip without a network; for this system, or for linux, macos, windows",
    "onefile": "build a single file for Linux or macOS with a Python",
    "onefolder": "build a folder that needs no Python, for this system",
    "trial": "build all of these and use each as a stranger would; --wheel: the wheel alone",
}
"""What tools/packs.py and tools/trial.py do."""


def say(words: str) -> None:
    """Report progress on stderr: stdout belongs to the program."""
    print(f"dev: {words}", file=sys.stderr, flush=True)


def any_text() -> None:
    """Have stdout take any text: on Windows a pipe holds no more than that country's letters."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")


def environment(**changes: str) -> dict[str, str]:
    """This environment, with bytecode written: without it every start takes several times as long."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | changes


def program(venv: Path, name: str = "python") -> Path:
    """A program of a venv."""
    return venv / (f"Scripts/{name}.exe" if os.name == "nt" else f"bin/{name}")


def succeeds(*command: str | Path, quiet: bool = False) -> bool:
    """Whether a command, run in the project's folder, ends well."""
    where = subprocess.DEVNULL if quiet else None
    return not subprocess.run(command, cwd=ROOT, env=environment(), check=False, stdout=where, stderr=where).returncode


# --- the venv


def prepare(extra: str = "") -> None:
    """Have .venv hold the package and an extra's tools: at once where pyproject.toml is as it was then."""
    # With the path, because an editable install points to where the project lay.
    state = hashlib.sha256(bytes(ROOT) + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamp, full = VENV / f"installed-{extra or 'run'}", VENV / f"installed-{extra if extra == 'fuzz' else 'dev'}"
    if program(VENV).exists() and any(it.exists() and it.read_text("utf-8") == state for it in (stamp, full)):
        return
    make_venv(VENV)
    say(f"installing {'the development tools' if extra else 'the program'} in .venv, once ...")
    install(program(VENV), "--editable", f".[{extra}]" if extra else ".")
    succeeds(program(VENV), "-m", "compileall", "-q", "src")
    stamp.write_text(state)


def make_venv(venv: Path) -> None:
    """Make a venv; one that is there keeps its packages, unless its Python has gone."""
    missing = [name for name in ("venv", "ensurepip") if not importlib.util.find_spec(name)]
    if missing:
        sys.exit(f"dev: this Python lacks {' and '.join(missing)}; on Debian or Ubuntu: sudo apt install python3-venv")
    python = program(venv)
    # A start that was broken off leaves a Python without pip.
    if python.exists() and succeeds(python, "-m", "pip", "--version", quiet=True):
        return
    say(f"making {venv.name} ...")
    gone = ["--clear"] if venv.exists() and not python.exists() else []
    if not succeeds(sys.executable, "-m", "venv", *gone, venv):
        sys.exit(f"dev: {venv} could not be made; on Debian or Ubuntu: sudo apt install python3-venv")


def install(python: Path, *what: str | Path) -> None:
    """Install packages without a word, unless it fails: then pip says why."""
    if not succeeds(python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", *what):
        sys.exit("dev: the packages could not be installed; the reason stands above")


def become(*command: str | Path) -> int:
    """Hand terminal and signals to a program; its exit status is ours."""
    if os.name != "nt":
        os.execve(command[0], [str(word) for word in command], environment())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # no exec there: ctrl+c is for the program to answer
    return subprocess.run(command, env=environment(), check=False).returncode


# --- the commands


def setup() -> int:
    """make .venv with all that a developer needs"""
    prepare("dev")
    return 0


def run(*arguments: str) -> int:
    """start the program with these arguments"""
    prepare()
    return become(program(VENV), "-m", "deescalate_tui", *arguments)


def test(*arguments: str) -> int:
    """run the tests; arguments go to pytest"""
    prepare("dev")
    os.chdir(ROOT)
    return become(program(VENV), "-m", "pytest", *arguments)


def check(*options: str) -> int:
    """all that a change must pass; --no-tests leaves the tests out"""
    if set(options) - {"--no-tests"}:
        sys.exit(f"dev: check knows no {' '.join(options)}")
    prepare("dev")
    any_text()
    last_lines, failed = {}, []
    for name, command in CHECKS.items():
        if name == "tests" and options:
            continue
        print(f"\n== {name}", flush=True)
        start = time.monotonic()
        fine, last_lines[name] = watch(*command)
        print(f"-- {name} {'ok' if fine else 'FAILED'}, {time.monotonic() - start:.1f} s")
        failed += [] if fine else [name]
    print(f"\nFAILED: {', '.join(failed)}" if failed else f"\nAll {len(last_lines)} checks passed.")
    print(last_lines.get("tests", "(The tests were left out.)"))
    return 1 if failed else 0


def fmt() -> int:
    """put the sources in form"""
    prepare("dev")
    ruff = (program(VENV), "-m", "ruff")
    return 0 if all([succeeds(*ruff, "check", "--fix"), succeeds(*ruff, "format")]) else 1


def fuzz(*arguments: str) -> int:
    """look for inputs that break a parser: fuzz [seconds] [target ...]; Linux"""
    prepare("fuzz")
    os.chdir(ROOT)
    return become(program(VENV), "-m", "fuzz", *arguments)


def pack(word: str, *arguments: str) -> int:
    """Build what people take away, or try it."""
    own = (str(ROOT / "tools" / "trial.py"),) if word == "trial" else (str(ROOT / "tools" / "packs.py"), word)
    return become(sys.executable, *own, *arguments)


def bench(*options: str) -> int:
    """measure how fast the program is (--quick, --only, --json FILE, --write docs/performance.md)"""
    prepare("dev")
    return become(program(VENV), "bench", *options)


def lock() -> int:
    """renew the lock file of the packages that run, with their hashes; needs the network"""
    prepare("dev")
    form = ("--universal", "--python-version", "3.11", "--generate-hashes", "--upgrade", "--no-config", "--quiet")
    header = ("--custom-compile-command", "tools/dev.py lock", *(f"--extra={name}" for name in EXTRAS))
    uv: tuple[str | Path, ...] = (program(VENV), "-m", "uv", "pip", "compile", *form, *header)
    return 0 if succeeds(*uv, "pyproject.toml", "--output-file", LOCK, quiet=True) and not licences() else 1


def licences() -> int:
    """write docs/licences.md anew from the installed packages"""
    prepare("dev")
    return 0 if succeeds(program(VENV), "tools/supply.py", "licences") else 1


def lowest() -> int:
    """print the lowest versions of the packages that run, as constraints for pip"""
    import tomllib  # late: a Python that is too old gets to its word above

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    lines = (*project["dependencies"], *extras["crypto"], *extras["xlsx"])
    print(*(re.sub(r">=([0-9.]+).*", r"==\1", line) for line in lines), sep="\n")
    return 0


def sbom() -> int:
    """print a bill of materials of the installed packages: CycloneDX 1.6, JSON"""
    prepare("dev")
    return 0 if succeeds(program(VENV), "tools/supply.py", "sbom") else 1


def clean() -> int:
    """remove .venv and what the tools leave behind"""
    for name in (".venv", "build", "dist", *CACHES):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for folder in ("src", "tests", "tools"):
        for path in (ROOT / folder).rglob("__pycache__"):
            shutil.rmtree(path, ignore_errors=True)
    return 0


# --- what check needs


def watch(*command: str) -> tuple[bool, str]:
    """Run a check, showing what it says: whether it ended well, and its last line."""
    last = ""
    with tempfile.TemporaryDirectory(prefix="deescalate-") as home:
        child = subprocess.Popen(
            [program(VENV), *command],
            cwd=ROOT,
            env=environment(DEESCALATE_HOME=home, PYTHONUNBUFFERED="1", PYTHONIOENCODING="utf-8"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        with child:
            for line in child.stdout or ():
                print(line, end="", flush=True)
                last = line.strip() or last
    return child.returncode == 0, last


def main() -> int:
    """Do the command, or list them."""
    words = (setup, run, test, check, fmt, fuzz, bench, lock, lowest, licences, sbom, clean)
    commands = {it.__name__: it for it in words}
    if len(sys.argv) > 1 and sys.argv[1] in commands:
        return commands[sys.argv[1]](*sys.argv[2:])
    if len(sys.argv) > 1 and sys.argv[1] in PACKS:
        return pack(*sys.argv[1:])
    print((__doc__ or "").strip(), "", sep="\n")
    does = {name: it.__doc__ for name, it in commands.items()} | PACKS
    print(*(f"    {name:10} {text}" for name, text in does.items()), sep="\n")
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
