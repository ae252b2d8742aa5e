"""Debian packages: only what is missing, and without waking any system service."""

import glob
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools import place
from tools.say import Stop, say, step

APT = [
    *("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"),
    *("-o", "DPkg::Lock::Timeout=600"),  # another apt run: wait for it rather than fail at once
    *("-o", "Acquire::Retries=3", "-o", "Dpkg::Use-Pty=0"),
]
NO_MAIN_CLUSTER = Path("/etc/postgresql-common/createcluster.d/zz-street-corner.conf")
POLICY = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Need:
    """Something the machine must have: where it would be seen, and the packages that bring it, best first."""

    what: str
    seen_at: str  # a file pattern
    packages: str  # a regular expression over package names


RUNTIME = [
    Need(
        "PostgreSQL with PostGIS",
        "/usr/share/postgresql/*/extension/postgis.control",
        r"postgresql-(\d+)-postgis-3",
    ),
    Need("Redis", "/usr/bin/redis-server", r"redis-server"),
    Need("GDAL", "/usr/lib/*/libgdal.so.*", r"libgdal(\d+)(t64)?"),
    Need("GEOS", "/usr/lib/*/libgeos_c.so.1", r"libgeos-c1(v5|t64)"),
    Need("gettext", "/usr/bin/msgfmt", r"gettext"),
    Need("Pango", "/usr/lib/*/libpangoft2-1.0.so.0", r"libpangoft2-1\.0-0"),
    Need("HarfBuzz", "/usr/lib/*/libharfbuzz-subset.so.0", r"libharfbuzz-subset0"),
    Need(
        "Chinese glyphs",
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        r"fonts-noto-cjk",
    ),
]
BROWSER = [
    Need("Chromium", "/usr/bin/chromium", r"chromium"),
    Need("Chromium without windows", "/usr/bin/chromium-headless-shell", r"chromium-headless-shell"),
]


def install(needs: Sequence[Need]) -> None:
    """Bring what is missing; asks for root only when something is."""
    wanted = missing(needs)
    if not wanted:
        return
    names = ", ".join(need.what for need in wanted)
    if not shutil.which("apt-get"):
        raise Stop(
            f"Missing on this machine: {names}. Install them with your package manager, then try again."
        )
    log = place.LOGS / "apt.log"
    with step(f"installing {names}"):
        _admin([*APT, "update"], log)
        packages = [_available(need) for need in wanted]
        with _no_main_cluster(), _no_services():
            _admin([*APT, "install", "-y", "--no-install-recommends", *packages], log)
    if still := missing(wanted):
        raise Stop(f"Installed, but not found: {', '.join(need.what for need in still)}. See {log}.")


def missing(needs: Sequence[Need]) -> list[Need]:
    return [need for need in needs if not glob.glob(need.seen_at)]


def _available(need: Need) -> str:
    """The newest package of this machine's Debian that brings the thing."""
    listed = subprocess.run(
        ["apt-cache", "pkgnames"], capture_output=True, text=True, check=True
    ).stdout.split()
    fitting = [name for name in listed if re.fullmatch(need.packages, name)]
    if not fitting:
        raise Stop(f"This machine's package lists know no {need.what} ({need.packages}).")
    return max(fitting, key=lambda name: [int(number) for number in re.findall(r"\d+", name)])


def _admin(command: list[str], log: Path | None = None, text: str | None = None) -> None:
    """Run as root, by sudo if we aren't; a password is asked for only where somebody sits."""
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise Stop(f"This needs root once: {' '.join(command)}")
        command = [*(["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]), *command]
    with (log or Path(os.devnull)).open("a") as out:
        done = subprocess.run(command, input=text or "", stdout=out, stderr=out, text=True)
    if done.returncode:
        if log:
            say("\n".join(log.read_text(errors="replace").splitlines()[-8:]))
        raise Stop(f"This failed (code {done.returncode}): {' '.join(command)}")


@contextmanager
def _no_main_cluster() -> Iterator[None]:
    """Debian's server package makes and starts a cluster `main`; not while we install it."""
    _admin(["mkdir", "-p", str(NO_MAIN_CLUSTER.parent)])
    _admin(["tee", str(NO_MAIN_CLUSTER)], text="create_main_cluster = false\nstart_conf = manual\n")
    try:
        yield
    finally:
        _admin(["rm", "-f", str(NO_MAIN_CLUSTER)])


@contextmanager
def _no_services() -> Iterator[None]:
    """Maintainer scripts ask policy-rc.d whether to start a service: no. A machine's own answer stands."""
    if POLICY.exists():
        yield
        return
    _admin(["tee", str(POLICY)], text="#!/bin/sh\nexit 101\n")
    _admin(["chmod", "755", str(POLICY)])
    try:
        yield
    finally:
        _admin(["rm", "-f", str(POLICY)])
