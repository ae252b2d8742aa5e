"""`./dev bare`: the two commands on a Debian that has nothing, made in a folder by debootstrap.

A machine that was used before still has what was installed on it; only a bare one shows what is missing.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from tools import place
from tools.say import Stop, step

SUITE = "bookworm"
INSIDE = "/srv/street-corner"
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
# How this machine reaches its package registries; a bare one must reach them the same way.
WAYS_OUT = [
    "/etc/apt/sources.list",
    "/etc/apt/sources.list.d",
    "/etc/apt/apt.conf.d",
    "/etc/apt/auth.conf.d",
]
WAYS_OUT += ["/etc/pip.conf", "/etc/npmrc", "/root/.npmrc", "/root/.config/pip", str(CERTIFICATES)]
VARIABLES = (
    "proxy",
    "PIP_",
    "npm_config_",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
)


def bare(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="./dev bare", description="Run ./dev on a bare Debian made for it.")
    parser.add_argument("--keep", action="store_true", help="leave the folder there afterwards")
    parser.add_argument(
        "command", nargs="*", help="what to give to ./dev there; else: up, up again, and test"
    )
    wish, rest = parser.parse_known_args(arguments)
    said = shlex.join([*wish.command, *rest])
    commands = [said] if said else ["up --check", "up --check", "test"]
    if os.geteuid() != 0 or not shutil.which("debootstrap"):
        raise Stop("This needs root and debootstrap (apt-get install debootstrap).")
    folder = Path(tempfile.mkdtemp(prefix="street-corner-bare-", dir="/var/tmp"))
    folder.chmod(0o755)
    try:
        _make(folder)
        return _inside(folder, commands)
    finally:
        if not wish.keep:
            shutil.rmtree(folder)


def _make(folder: Path) -> None:
    with step(f"making a bare Debian in {folder}"):
        log = place.LOGS / "bare.log"
        place.make_folders()
        include = "--include=ca-certificates,procps"
        with log.open("w") as out:
            done = subprocess.run(
                ["debootstrap", "--variant=minbase", include, SUITE, str(folder), *_mirror()],
                stdout=out,
                stderr=out,
            )
        if done.returncode:
            raise Stop(f"debootstrap failed; see {log}")
    with step("copying this checkout as committed, and the ways to the package registries"):
        (folder / "etc/apt/sources.list").unlink(
            missing_ok=True
        )  # debootstrap's; this machine's may be elsewhere
        for source in map(Path, WAYS_OUT):
            _copy(source, folder / source.relative_to("/"))
        clone = [
            "git",
            "clone",
            "--quiet",
            "--no-hardlinks",
            str(place.ROOT),
            str(folder / INSIDE[1:]),
        ]
        subprocess.run(clone, check=True)


def _inside(folder: Path, commands: list[str]) -> int:
    """Run ./dev in there, until a command fails; its mounts and processes are gone when it ends."""
    setting = [
        f"{name}={value}" for name, value in os.environ.items() if any(mark in name for mark in VARIABLES)
    ]
    there = shlex.join(["env", "-i", "HOME=/root", "LANG=C.UTF-8", f"PATH={PATH}", *setting])
    run = shlex.quote(" && ".join([f"cd {INSIDE}", *(f"./dev {command}" for command in commands)]))
    script = f"""set -e
        cd {shlex.quote(str(folder))}
        mount -t proc proc proc
        mount --rbind /dev dev
        mount -t tmpfs tmpfs tmp
        exec chroot . {there} sh -c {run}"""
    isolated = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private"]
    return subprocess.run([*isolated, "sh", "-c", script]).returncode


def _mirror() -> list[str]:
    """The mirror that this machine's apt uses, as debootstrap wants it."""
    listed = subprocess.run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE)"],
        capture_output=True,
        text=True,
    )
    for line in listed.stdout.splitlines():
        address, _, release = line.partition(" ")
        if release == SUITE:
            return [address]
    return []


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    elif source.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
