"""Stamps: what a step was last done for, so that doing it again costs nothing when nothing changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from tools import place


def digest(*parts: str | Path) -> str:
    """One hash over texts and the contents of files; a missing file counts as empty."""
    total = hashlib.sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else _content(part)
        total.update(len(content).to_bytes(8, "big") + content)
    return total.hexdigest()


def outline(files: Iterable[Path]) -> str:
    """A cheap hash over names, sizes and times, for trees that are too large to read each time."""
    lines = []
    for file in sorted(files):
        facts = file.stat()
        lines.append(f"{file}\0{facts.st_size}\0{facts.st_mtime_ns}")
    return digest("\n".join(lines))


def fresh(name: str, value: str) -> bool:
    stamp = place.STAMPS / name
    return stamp.exists() and stamp.read_text() == value


def write(name: str, value: str) -> None:
    place.STAMPS.mkdir(parents=True, exist_ok=True)
    (place.STAMPS / name).write_text(value)


def _content(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""
