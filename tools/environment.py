"""The environment variables that the portal's settings read; secrets are made once and kept in var/env."""

import base64
import os
import secrets
import socket
from dataclasses import dataclass
from pathlib import Path

from tools import place, virtualenv
from tools.postgres import PORT, Cluster
from tools.redis import Server

SECRETS = place.VAR / "env"
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # NIST SP 800-186, 3.2.1.3


@dataclass(frozen=True)
class Services:
    """A pair of private servers: those of `up`, or those of the tests, which may lose everything."""

    cluster: Cluster
    redis: Server

    @classmethod
    def of_checkout(cls) -> "Services":
        return cls(Cluster(place.VAR), Server(place.VAR))

    @classmethod
    def for_tests(cls) -> "Services":
        folder = place.VAR / "test"
        return cls(Cluster(folder, fast=True), Server(folder, fast=True))

    def start(self) -> None:
        self.cluster.start()
        self.redis.start()

    def stop(self) -> None:
        self.redis.stop()
        self.cluster.stop()

    def destroy(self) -> None:
        self.redis.destroy()
        self.cluster.destroy()


def kept_secrets(file: Path = SECRETS) -> dict[str, str]:
    """This checkout's keys; readable by its owner alone. Whoever loses them loses the encrypted fields."""
    known = _read(file) if file.exists() else {}
    if missing := {name: value for name, value in _new_secrets().items() if name not in known}:
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text("".join(f"{name}={value}\n" for name, value in (known | missing).items()))
        draft.rename(file)
    return known | missing


def _read(file: Path) -> dict[str, str]:
    lines = file.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and line[0] != "#")


def plain(kind: str) -> dict[str, str]:
    """Enough for what loads the settings and asks no server (types, layers, static files)."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return (
        inherited
        | kept_secrets()
        | {
            "PATH": virtualenv.path(),
            "PYTHONPATH": str(place.ROOT),
            "PYTHONDONTWRITEBYTECODE": "",  # some images set it; each process would compile 1,000 files again
            "PORTAL_ENV": kind,
            "DATABASE_URL": "postgis://portal_web@:5432//nowhere/portal",
            "REDIS_URL": "unix:///nowhere/redis.sock",
            "SITE_URL": "http://localhost:8000",
            "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1],testserver",
            "STATIC_ROOT": str(place.VAR / "static"),
            "MEDIA_ROOT": str(place.VAR / "media"),
            "BEAT_SCHEDULE": str(place.VAR / "beat"),
            "PORTAL_DEMO": "1",
        }
    )


def serving(services: Services, *, kind: str, database: str = "portal") -> dict[str, str]:
    """Everything, for programs that talk to these servers, as the web's role; the owner is beside it."""
    cluster = services.cluster
    return plain(kind) | {
        "DATABASE_URL": cluster.url("portal_web", database),
        "OWNER_DATABASE_URL": cluster.url("portal_owner", database),
        "WEB_DATABASE_URL": cluster.url("portal_web", database),
        "REDIS_URL": services.redis.url(),
        "PGHOST": str(cluster.sockets),
        "PGPORT": str(PORT),
    }


def as_owner(environment: dict[str, str]) -> dict[str, str]:
    """The same as the role that may change tables: for migrations, and for tests, which make databases."""
    return environment | {"DATABASE_URL": environment["OWNER_DATABASE_URL"]}


def lan_address() -> str | None:
    """This machine's address in its own network, as far as it has one; nothing is sent to find out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        try:
            line.connect(("192.0.2.1", 9))  # TEST-NET-1 (RFC 5737): only asks the routing table
        except OSError:
            return None
        address: str = line.getsockname()[0]
    return None if address.startswith("127.") else address


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEYS": f"k1:{_key()}",
        "BLIND_INDEX_KEY": _key(),
        "PIN_PEPPER": _key(),
        "VAPID_PRIVATE_KEY": _p256_private_key(),
    }


def _key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _p256_private_key() -> str:
    """A private key for Web Push (RFC 8292): a number below the order, as 32 bytes in unpadded base64url."""
    number = 1 + secrets.randbelow(P256_ORDER - 1)
    return base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("=")


if __name__ == "__main__":  # for a .env file: keys and passwords that nobody else has
    passwords = ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "WEB_PASSWORD")
    for name, value in {**_new_secrets(), **{name: secrets.token_hex(16) for name in passwords}}.items():
        print(f"{name}={value}")
