"""The Python environment under var/venv, from the hashed pins; installed again only when the pins change."""

import os
import subprocess
import sys
import venv
from pathlib import Path

from tools import place, stamps
from tools.say import Stop, step

RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
PYTHON = place.VENV / "bin" / "python"


def prepare(*, development: bool) -> None:
    """Have everything installed that running needs, or that testing and checking need as well."""
    wanted = DEVELOPMENT if development else RUNTIME
    if any(_installed(name) for name in {wanted, DEVELOPMENT}):
        return
    if not _usable():
        with step("making a Python environment in var/venv"):
            venv.create(place.VENV, clear=True, with_pip=True, symlinks=True)
    install(place.ROOT / wanted)
    stamps.write(wanted, _state(wanted))


def install(requirements: Path, *more: str) -> None:
    log = place.LOGS / "pip.log"
    pip = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--disable-pip-version-check", *more]
    command = [*pip, "-r", str(requirements)]
    with step(f"installing Python packages from {requirements.name}"), log.open("a") as out:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    if done.returncode:
        tail = log.read_text(errors="replace").splitlines()[-12:]
        raise Stop("\n".join([*tail, f"pip failed; the whole story is in {log}"]))


def path() -> str:
    """PATH with the environment's programs first."""
    return f"{place.VENV / 'bin'}:{os.environ.get('PATH', os.defpath)}"


def _installed(requirements: str) -> bool:
    return PYTHON.exists() and stamps.fresh(requirements, _state(requirements)) and _usable()


def _state(requirements: str) -> str:
    # The folder belongs to it, because programs in a moved environment point to the old place.
    return stamps.digest(str(place.VENV), sys.version, place.ROOT / requirements)


def _usable() -> bool:
    """False after the machine's Python was replaced under it, or an interrupted making."""
    if not PYTHON.exists():
        return False
    return subprocess.run([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL).returncode == 0
