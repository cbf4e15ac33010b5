"""Build what people take away, and use each piece as a stranger would: in an empty environment, an empty home, a
folder with blanks and umlauts, started from somewhere else. `tools/dev.py trial`; `--wheel` tries the wheel alone.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from dev import ROOT, any_text, install, make_venv, program, say
from packs import DIST, onefile, onefolder, packages, sha256, wheelhouse

TRIALS = (
    ("--version", ""),
    ("checklists list", ""),
    ("checklists check", ""),
    ("guide aggressive --lang no --country NO --plain", "3\n\nw\nq Nå er det nok!\nn ringer på nytt\nu\n0\n\n"),
    ("guide direct --lang de --country DE --plain --print path", "x\nd\na\n"),
)
"""What a stranger does first, and types; the third input ends in mid-call, which leaves the session unfinished."""
KEY = {"DEESCALATE_ENCRYPT_NOTES_TO": '["age1vulz7n84zkqvz0v2qtp876kldxzd0c03azd0txyu29usn67295vqaw8ll9"]'}
"""A note that has to be encrypted is written only where the package that does it is there."""
SHARED = (
    "man/man1/deescalate.1",
    "bash-completion/completions/deescalate",
    "zsh/site-functions/_deescalate",
    "fish/vendor_completions.d/deescalate.fish",
)
NEEDED = ("SYSTEMROOT", "SYSTEMDRIVE", "COMSPEC", "PATHEXT")
"""What no program on Windows starts without."""
PATIENCE_S = 60


def differing(folder: Path) -> Iterator[str]:
    """Packages that come out otherwise at another time zone, with another umask, in another folder."""
    made = packages()
    before = os.umask(0o077)
    twins = packages(folder / "again", TZ="Pacific/Kiritimati", PYTHONHASHSEED="1")
    os.umask(before)
    for one, twin in zip(made, twins, strict=True):
        if sha256(one) != sha256(twin):
            yield f"{one.name} is built differently each time"


def lacking(wheel: Path) -> set[str]:
    """Files that a wheel ought to hold and does not."""
    with zipfile.ZipFile(wheel) as held:
        names = set(held.namelist())
    sources = [it for it in (ROOT / "src").rglob("*") if it.is_file() and it.suffix != ".pyc"]
    wanted = {it.relative_to(ROOT / "src").as_posix() for it in sources}
    wanted |= {f"deescalate_tui/{it.relative_to(ROOT).as_posix()}" for it in (ROOT / "checklists").rglob("*.yaml")}
    data = f"{'-'.join(wheel.name.split('-')[:2])}.data/data/share"
    return (wanted | {f"{data}/{path}" for path in SHARED}) - names


def owned(archive: Path) -> Iterator[str]:
    """Files that would belong to somebody else than root where root unpacks them."""
    if archive.suffix == ".zip":
        return
    with tarfile.open(archive) as held:
        yield from (f"{archive.name}: {it.name} is not root's" for it in held if it.uid)


def installed(folder: Path, *what: str | Path) -> str:
    """The command, after pip has installed it into a fresh venv."""
    make_venv(folder)
    install(program(folder), *what)
    return str(program(folder, "deescalate"))


def started(folder: Path, *command: str, **variables: str) -> list[str]:
    """Faults met where the command is used with nothing around it: no variables, no PATH, nothing in its home."""
    home, empty = folder / "home", folder / "empty"
    for path in (home, empty):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir()
    bare = dict.fromkeys(("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMPDIR"), str(home))
    bare |= {name: os.environ[name] for name in NEEDED if name in os.environ} | variables
    faults = []
    for line, typed in TRIALS:
        begin = time.monotonic()
        done = subprocess.run(
            [*command, *line.split()],
            cwd=empty,
            env=bare,
            input=typed,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            check=False,
        )
        print(f"$ {Path(command[-1]).name} {line}  ({time.monotonic() - begin:.2f} s)", flush=True)
        if done.returncode or not done.stdout or "Traceback" in done.stderr:
            faults.append(f"{command[-1]} {line}: status {done.returncode}\n{done.stdout}{done.stderr}")
    faults += on_screen(command, empty, bare)
    return faults + [f"{path.name} was written where {command[-1]} was started" for path in empty.iterdir()]


def on_screen(command: tuple[str, ...], cwd: Path, bare: dict[str, str]) -> list[str]:
    """Faults met on a terminal, but for Windows: the screen of a call has to come, and to go again with its key."""
    if sys.platform == "win32":
        return []
    # Late: Windows has neither.
    import pty
    import select

    master, slave = pty.openpty()
    line = [*command, "guide", "rude", "--lang", "nl", "--country", "NL"]
    environ = bare | {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}
    begin, shown = time.monotonic(), b""
    with subprocess.Popen(line, cwd=cwd, env=environ, stdin=slave, stdout=slave, stderr=slave) as child:
        os.close(slave)
        while time.monotonic() - begin < PATIENCE_S and child.poll() is None:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    shown += os.read(master, 65536)
                except OSError:  # Linux says so where the program has closed its side
                    break
            elif b"\x1b[?1049h" in shown and b"Telefoon" in shown:
                os.write(master, b"\x11")
        child.kill()
    os.close(master)
    print(f"$ {Path(command[-1]).name} guide rude --lang nl --country NL, on a terminal", flush=True)
    return [] if child.returncode == 0 else [f"{command[-1]}: no screen\n{shown.decode(errors='replace')}"]


def trial(folder: Path) -> Iterator[str]:
    """Every fault of everything that is built."""
    yield from differing(folder)
    wheel, _ = packages()
    yield from (f"the wheel lacks {name}" for name in sorted(lacking(wheel)))
    place = folder / "Büro Süd 2"
    place.mkdir()
    if "--wheel" in sys.argv or "PIP_CONSTRAINT" in os.environ:  # other versions than the locked ones are wanted
        yield from started(place, installed(place / "venv", wheel))
        return
    say("building the wheelhouse, and installing from it without a network ...")
    with zipfile.ZipFile(wheelhouse()) as house:
        house.extractall(place)
    (house_folder,) = place.iterdir()
    offline = ("--no-index", "--find-links", house_folder, "--require-hashes", "-r", house_folder / "requirements.txt")
    yield from started(place, installed(place / "venv", *offline), **KEY)
    if os.name != "nt":
        say("building the single file ...")
        yield from started(place, sys.executable, str(shutil.copy(onefile(), place)), **KEY)
    say("building the one folder ...")
    archive = onefolder()
    yield from owned(archive)
    shutil.unpack_archive(archive, place / "moved")
    (moved,) = (place / "moved").iterdir()
    yield from started(place, str(moved / ("deescalate.exe" if os.name == "nt" else "deescalate")), **KEY)


def main() -> int:
    """Print every fault, and how large everything is; 1 where there is a fault."""
    any_text()
    shutil.rmtree(DIST, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="deescalate-", ignore_cleanup_errors=True) as name:
        faults = list(trial(Path(name)))
    for path in sorted(DIST.iterdir()):
        print(path.name, "" if path.is_dir() else f"{path.stat().st_size / 1e6:.1f} MB")
    print(*faults, f"{len(faults)} faults", sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
