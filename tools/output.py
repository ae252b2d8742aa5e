"""What the running processes print: for the eye on the terminal, word for word in var/log."""

import json
import re
import subprocess
from pathlib import Path

PREFIX = re.compile(r"^[\d:]+ (?P<name>\w+)\.\d+ *\| (?P<text>.*)$")
SHOWN_ELSEWHERE = {"at", "level", "from", "said", "trace"}
LARGEST_LOG = 5_000_000  # bytes; then it is put aside as *.1


class Readable:
    """Splits a supervisor's output into one log file per process, and shows it as lines that can be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def follow(self, supervisor: "subprocess.Popen[str]") -> None:
        for line in supervisor.stdout or ():
            name, text = split(line)
            self._keep(name, text)
            print(f"{name:<7}| {readable(text)}", flush=True)

    def _keep(self, name: str, text: str) -> None:
        log = self.folder / f"{name}.log"
        if log.exists() and log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))
        with log.open("a") as out:
            out.write(text + "\n")


def split(line: str) -> tuple[str, str]:
    """Whose line it is, and what it says."""
    found = PREFIX.match(line.rstrip("\n"))
    return (found["name"], found["text"]) if found else ("system", line.rstrip("\n"))


def readable(text: str) -> str:
    """A structured line as a person would write it; any other line as it is."""
    try:
        record = json.loads(text) if text.startswith("{") else None
    except json.JSONDecodeError:
        record = None
    if not isinstance(record, dict) or "said" not in record:
        return text
    facts = " ".join(f"{key}={value}" for key, value in record.items() if key not in SHOWN_ELSEWHERE)
    first = " ".join(str(part) for part in (record.get("level", ""), record["said"], facts) if part)
    return "\n".join([first, *str(record.get("trace", "")).splitlines()])
