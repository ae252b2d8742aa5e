"""Results with command, machine and date, appended to docs/benchmarks.md under their own heading."""

import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"


def told(heading: str, command: str, table: list[list[str]], notes: str = "") -> str:
    """A dated section as Markdown."""
    head, *rows = table
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    said = f"`{command}` · {_machine()} · {datetime.now(UTC):%Y-%m-%d %H:%M} UTC · {_commit()}"
    return "\n".join([f"### {heading}", "", said, "", *lines, "", notes]).rstrip() + "\n"


def append(chapter: str, section: str) -> None:
    """Under the chapter's heading, newest first; the chapter is begun when it isn't there."""
    text = PAGE.read_text() if PAGE.exists() else "# Benchmarks\n"
    mark = f"\n## {chapter}\n"
    if mark not in text:
        text = text.rstrip() + "\n" + mark
    PAGE.write_text(text.replace(mark, f"{mark}\n{section}", 1))


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0].split()[0]
    busy = f"load {os.getloadavg()[0]:.1f}"
    return f"{os.cpu_count()} cores, {busy}, PostgreSQL {server}, Python {platform.python_version()}"


def _commit() -> str:
    asked = ["git", "-C", str(PAGE.parent), "rev-parse", "--short", "HEAD"]
    return subprocess.run(asked, capture_output=True, text=True).stdout.strip() or "no commit"
