"""Where a private server stands: its folder, the user who runs it, and the folder of its sockets."""

import os
import pwd
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tools import place, processes

OUTSIDE = Path("/var/lib") / place.NAME
LONGEST_SOCKET_FOLDER = 85  # a socket's path holds 107 bytes, and PostgreSQL adds /.s.PGSQL.5432.lock


def home_of(folder: Path) -> tuple[Path, str]:
    """Where PostgreSQL's data lives, and which user runs it.

    PostgreSQL refuses to run as root: then it runs as `postgres`, and lives outside a checkout that this
    user can't enter (one under /root, or a private temporary folder).
    """
    inside = folder / "postgres"
    if os.geteuid() != 0:
        return inside, me()
    try:
        user = (inside / "data").owner()
    except FileNotFoundError:
        user = "postgres"
    enters = subprocess.run(["test", "-x", str(folder)], cwd="/", **identity(user))
    return (inside if enters.returncode == 0 else OUTSIDE / place.key_of(folder)), user


def socket_folder(wanted: Path) -> Path:
    """The folder for sockets: as wanted, or under /tmp where the path is too long or would need quoting."""
    if len(str(wanted)) <= LONGEST_SOCKET_FOLDER and re.fullmatch(r"[\w./-]+", str(wanted), re.ASCII):
        return wanted
    return Path("/tmp") / f"{place.NAME}-{os.geteuid()}-{place.key_of(wanted)}"


def forget_abandoned() -> None:
    """Remove throw-away clusters outside a checkout whose checkout is gone."""
    for mark in OUTSIDE.glob("*/disposable") if os.geteuid() == 0 else ():
        home = mark.parent
        if not Path((home / "belongs-to").read_text()).exists() and not processes.living_in(home / "data"):
            shutil.rmtree(home)


def identity(user: str) -> dict[str, Any]:
    """What subprocess needs to run as this user; nothing where we already are."""
    if user == me():
        return {}
    account = pwd.getpwnam(user)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def me() -> str:
    return pwd.getpwuid(os.geteuid()).pw_name
