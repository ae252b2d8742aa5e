"""Where this checkout keeps things; all of it is under the git-ignored `var/`."""

import hashlib
from pathlib import Path

NAME = "street-corner"
ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"
LOGS = VAR / "log"
STAMPS = VAR / "stamps"
VENV = VAR / "venv"


def key_of(folder: Path) -> str:
    """A short name for a folder that tells two checkouts apart."""
    return hashlib.sha256(str(folder).encode()).hexdigest()[:10]


def make_folders() -> None:
    for folder in (VAR, LOGS, STAMPS):
        folder.mkdir(parents=True, exist_ok=True)
