"""What people take away: wheel and sdist, an offline wheelhouse, one folder, one file. All of it lands in dist/.

    tools/dev.py packages|wheelhouse|onefile|onefolder      (Windows: dev.cmd WORD)

What is built depends on this commit, on the lock file and on this system; the tools for it lie in build/tools.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from dev import EXTRAS, LOCK, ROOT, environment, install, make_venv, program, say

DIST, BUILD = ROOT / "dist", ROOT / "build"
TOOLS = BUILD / "tools"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""What a wheelhouse and the single file serve; two of the packages are compiled for each of them."""
SYSTEMS = {
    "linux": ("manylinux2014_x86_64", "manylinux2014_aarch64"),
    "macos": ("macosx_14_0_x86_64", "macosx_14_0_arm64"),
    "windows": ("win_amd64",),
}
"""Other systems than this one, by pip's names."""
UNUSED = ("tkinter", "pip", "setuptools", "ensurepip", "unittest", "pydoc", "pydoc_data", "xmlrpc", "lib2to3")
"""What the one folder would hold because something mentions it, although nothing of ours gets there."""
INSTALL = """\
deescalate {version}: installation without a network, for {systems}, Python {least} to {most}.

Linux, macOS, as root (here: into /opt/deescalate; any folder does that only root writes to):

    python3 -m venv /opt/deescalate
    /opt/deescalate/bin/python -m pip install --no-index --find-links . --require-hashes -r requirements.txt
    ln -sf /opt/deescalate/bin/deescalate /usr/local/bin/deescalate
    deescalate --version

Windows, in a command prompt as administrator (not into C:\\deescalate: there every user could change the program):

    set "D=C:\\Program Files\\deescalate"
    py -3 -m venv "%D%"
    "%D%\\Scripts\\python" -m pip install --no-index --find-links . --require-hashes -r requirements.txt
    "%D%\\Scripts\\deescalate" --version

Run these lines in the folder in which this file lies. docs/install.md tells the rest.
"""
PREAMBLE = """\
import sys
if not {least} <= sys.version_info[:2] <= {most}:
    sys.exit("deescalate: this file needs Python {first} to {last}; this is " + sys.version.split()[0])
"""


def pyproject() -> dict[str, Any]:
    """What pyproject.toml says."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def version() -> str:
    """The version of the program, as it says itself."""
    text = (ROOT / "src" / "deescalate_tui" / "__init__.py").read_text(encoding="utf-8")
    (found,) = re.findall(r'^__version__ = "(.+)"$', text, re.MULTILINE)
    return str(found)


def here() -> str:
    """This system and its kind of processor, as files are named after them."""
    system = {"darwin": "macos"}.get(sys.platform, "windows" if os.name == "nt" else sys.platform)
    return f"{system}-{platform.machine().lower()}"


def moment() -> dict[str, str]:
    """SOURCE_DATE_EPOCH of the last commit; without git nothing, and then the build takes a fixed date of its own."""
    if "SOURCE_DATE_EPOCH" in os.environ or not (ROOT / ".git").exists() or not shutil.which("git"):
        return {}
    asked = subprocess.run(("git", "log", "-1", "--format=%ct"), cwd=ROOT, capture_output=True, text=True, check=False)
    return {"SOURCE_DATE_EPOCH": asked.stdout.strip()} if asked.stdout.strip() else {}


def toolbox() -> Path:
    """The Python of build/tools, which has what the extra `build-tools` and the build itself ask for."""
    says = pyproject()
    wanted = [*says["build-system"]["requires"], *says["project"]["optional-dependencies"]["build-tools"]]
    state = hashlib.sha256(repr((str(ROOT), wanted)).encode()).hexdigest()
    stamp = TOOLS / "installed"
    if not (stamp.exists() and stamp.read_text("utf-8") == state):
        make_venv(TOOLS)
        say("installing the tools that build, in build/tools, once ...")
        install(program(TOOLS), *wanted)
        stamp.write_text(state)
    return program(TOOLS)


def step(*command: str | Path, **changes: str) -> None:
    """Run a part of a build; its words are shown only where it fails."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(**changes),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}\ndev: this failed: {' '.join(map(str, command))}")


@cache
def packages(outdir: Path = DIST, **changes: str) -> tuple[Path, Path]:
    """wheel and sdist, the same bytes whenever this commit is built; the wheel comes from the sdist"""
    outdir.mkdir(exist_ok=True)
    for path in outdir.glob("deescalate_tui-*"):
        path.unlink()
    step(toolbox(), "-m", "build", "--no-isolation", ROOT, "--outdir", outdir, **(moment() | changes))
    (wheel,), (sdist,) = outdir.glob("*.whl"), outdir.glob("deescalate_tui-*.tar.gz")
    return wheel, sdist


def wheelhouse(*systems: str) -> Path:
    """a zip with all wheels and hashes, for pip without a network; for this system, or for linux, macos, windows"""
    if unknown := set(systems) - set(SYSTEMS):
        sys.exit(f"dev: wheelhouse knows no {', '.join(sorted(unknown))}, only {', '.join(SYSTEMS)}")
    folder = gather(*systems)
    text = INSTALL.format(version=version(), systems=", ".join(systems) or here(), least=PYTHONS[0], most=PYTHONS[-1])
    (folder / "INSTALL.txt").write_text(text, encoding="utf-8", newline="\r\n")
    return Path(shutil.make_archive(str(DIST / folder.name), "zip", BUILD, folder.name))


@cache
def gather(*systems: str) -> Path:
    """A folder with our wheel, all wheels of the lock file for each Python, and their requirements with hashes."""
    folder = BUILD / f"deescalate-{version()}-wheelhouse-{'-'.join(systems) or here()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    wheel, _ = packages()
    shutil.copy(wheel, folder)
    pip = (toolbox(), "-m", "pip", "download", "--quiet", "--require-hashes", "--only-binary", ":all:", "-r", LOCK)
    platforms = [f"--platform={tag}" for system in systems for tag in SYSTEMS[system]]
    for python, tag in product(PYTHONS, platforms or [""]):
        step(*pip, "--dest", folder, "--python-version", python, *([tag] if tag else ()))
    ours = f"deescalate-tui=={version()} \\\n    --hash=sha256:{sha256(wheel)}\n"
    (folder / "requirements.txt").write_text(ours + (ROOT / LOCK).read_text(encoding="utf-8"), encoding="utf-8")
    return folder


def sha256(path: Path) -> str:
    """The checksum of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def optional() -> list[str]:
    """The packages of the extras that are packed too."""
    lists = pyproject()["project"]["optional-dependencies"]
    return [re.split(r"[<>=]", line)[0] for extra in EXTRAS for line in lists[extra]]


def onefile() -> Path:
    """a single file for Linux or macOS with a Python; it unpacks itself once into the home of who starts it"""
    if os.name == "nt":
        sys.exit("dev: Windows starts no such file by itself; build the one folder: dev.cmd onefolder")
    site = BUILD / "site"
    shutil.rmtree(site, ignore_errors=True)
    # The compiled modules of several Pythons have different names: unpacked over each other, each finds its own.
    for wheel in sorted(gather().glob("*.whl")):
        with zipfile.ZipFile(wheel) as held:
            held.extractall(site)
    first, last = PYTHONS[0], PYTHONS[-1]
    least, most = (tuple(map(int, python.split("."))) for python in (first, last))
    preamble = BUILD / "preamble.py"
    preamble.write_text(PREAMBLE.format(least=least, most=most, first=first, last=last), encoding="utf-8")
    made = DIST / f"deescalate-{version()}-{here()}.pyz"
    line = ("--site-packages", site, "-e", "deescalate_tui.cli.main:main", "--python", "/usr/bin/env python3")
    # Compiled where it unpacks, by the Python that is there.
    step(toolbox(), "-m", "shiv", *line, "--preamble", preamble, "--compile-pyc", "--compressed", "-o", made)
    return made


def onefolder() -> Path:
    """a folder that needs no Python, for this system, and an archive of it"""
    wheel, _ = packages()
    python = toolbox()
    install(python, "--require-hashes", "--requirement", LOCK)
    install(python, "--force-reinstall", "--no-deps", wheel)
    name = f"deescalate-{version()}-{here()}"
    shutil.rmtree(DIST / name, ignore_errors=True)
    step(
        *(python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "--onedir", "--name", "deescalate"),
        *("--distpath", BUILD / "onefolder", "--workpath", BUILD / "pyinstaller", "--specpath", BUILD),
        # Checklists, locales, everybody's metadata with the licences; and Textual's widgets, which it imports by name.
        *("--collect-data", "deescalate_tui", "--recursive-copy-metadata", "deescalate_tui"),
        *(word for name in optional() for word in ("--copy-metadata", name)),
        *("--collect-submodules", "deescalate_tui", "--collect-submodules", "textual.widgets"),
        *(word for module in UNUSED for word in ("--exclude-module", module)),
        # Half of a Linux Python's size is symbols for debuggers; elsewhere there are none, or signatures would break.
        *(["--strip"] if sys.platform == "linux" and shutil.which("strip") else []),
        ROOT / "src" / "deescalate_tui" / "__main__.py",
    )
    shutil.move(BUILD / "onefolder" / "deescalate", DIST / name)
    with zipfile.ZipFile(wheel) as held:
        held.extractall(BUILD / "wheel")
    # The manual page and what shells complete.
    shutil.copytree(BUILD / "wheel" / f"deescalate_tui-{version()}.data" / "data" / "share", DIST / name / "share")
    # Root's, because who unpacks it as root gets the owners that it names: whoever built it is somebody else there.
    form = "zip" if os.name == "nt" else "gztar"
    return Path(shutil.make_archive(str(DIST / name), form, DIST, name, owner="root", group="root"))


WORDS = (packages, wheelhouse, onefile, onefolder)


def main() -> int:
    """Build what the first argument names, and say where it lies."""
    word, *arguments = sys.argv[1:]
    os.umask(0o022)  # what is built is for others to read, however private its builder's own files are
    made = {it.__name__: it for it in WORDS}[word](*arguments)
    for path in made if isinstance(made, tuple) else (made,):
        print(f"{path.relative_to(ROOT).as_posix()}  {path.stat().st_size / 1e6:.1f} MB  sha256 {sha256(path)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
