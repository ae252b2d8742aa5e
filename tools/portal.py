"""Making the portal ready: translations, tables, static files, the demo; each only when something changed."""

import subprocess
import sys
from pathlib import Path

from tools import place, stamps, virtualenv
from tools.environment import Services, as_owner, serving
from tools.say import Stop, step

APPS = (
    "portal",
    "messaging",
    "merchants",
    "loyalty",
    "coupons",
    "orders",
    "consumers",
    "complaints",
    "crm",
)
SEEDING = "seeding the demo"


def manage(*arguments: str, environment: dict[str, str], quiet: bool = False) -> None:
    """Run a management command. What it printed is shown only when it failed, its progress unless `quiet`."""
    command = [str(virtualenv.PYTHON), "manage.py", *arguments]
    errors = subprocess.PIPE if quiet else None
    done = subprocess.run(
        command, cwd=place.ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
    )
    if done.returncode:
        sys.stderr.write(f"{done.stdout or ''}{done.stderr or ''}")
        raise Stop(f"manage.py {' '.join(arguments)} failed (code {done.returncode}).")


def compile_translations() -> None:
    """A compiled file beside each translation, newer than it."""
    stale = [
        source
        for app in APPS
        for source in (place.ROOT / app).glob("**/locale/*/LC_MESSAGES/*.po")
        if not _newer(source.with_suffix(".mo"), source)
    ]
    for source in stale:
        command = ["msgfmt", "--check-format", "-o", str(source.with_suffix(".mo")), str(source)]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise Stop(f"{source.relative_to(place.ROOT)} can't be compiled:\n{done.stderr}")


def prepare_database(services: Services, name: str = "portal", *, disposable: bool = False) -> None:
    """The database, migrated; for what is noted on the database itself, so that a new one is never missed.

    A seeding that was cut short left half a town: that database is made anew. So is a disposable one at every
    change of the migrations.
    """
    cluster, wanted = services.cluster, f"migrated {_migrations()}"
    if (
        cluster.has_database(name)
        and (note := _note(services, name)) != wanted
        and (disposable or note == SEEDING)
    ):
        cluster.drop_database(name)
    if not cluster.has_database(name):
        cluster.create_database(name)
    if _note(services, name) != wanted:
        with step(f"migrating the database {name}"):
            owner = as_owner(serving(services, kind="production", database=name))
            manage("migrate", "--no-input", environment=owner, quiet=True)
        _write_note(services, name, wanted)


def seed(services: Services, environment: dict[str, str]) -> None:
    """The demo town, where the database is empty."""
    if services.cluster.query("select exists (select from kernel_user)", database="portal") == "t":
        return
    migrated = _note(services, "portal")
    _write_note(services, "portal", SEEDING)
    with step("building the demo town (a few minutes, once)"):
        manage("seed_demo", environment=environment)
    _write_note(services, "portal", migrated)


def collect_static(environment: dict[str, str]) -> None:
    """Fingerprinted and compressed copies of all static files, for a web that runs as in production."""
    folders = [place.ROOT / "static", *(place.ROOT / app for app in APPS)]
    files = [
        file for folder in folders for file in folder.glob("**/*") if file.is_file() and _is_static(file)
    ]
    target = Path(environment["STATIC_ROOT"])
    stamp, state = (
        f"static-{place.key_of(target)}",
        stamps.digest(stamps.outline(files), place.ROOT / virtualenv.RUNTIME),
    )
    if stamps.fresh(stamp, state) and (target / "staticfiles.json").exists():
        return
    with step("collecting static files"):
        manage("collectstatic", "--no-input", "--clear", environment=environment, quiet=True)
    stamps.write(stamp, state)


def _is_static(file: Path) -> bool:
    return "static" in file.relative_to(place.ROOT).parts


def _newer(product: Path, source: Path) -> bool:
    return product.exists() and product.stat().st_mtime_ns >= source.stat().st_mtime_ns


def _migrations() -> str:
    files = [file for app in APPS for file in sorted((place.ROOT / app).glob("**/migrations/*.py"))]
    words = place.ROOT / "portal" / "kernel" / "migrating.py"
    return stamps.digest(place.ROOT / virtualenv.RUNTIME, words, *files)


def _note(services: Services, database: str) -> str:
    sql = f"select shobj_description(oid, 'pg_database') from pg_database where datname = '{database}'"
    return services.cluster.query(sql)


def _write_note(services: Services, database: str, note: str) -> None:
    services.cluster.query(f"comment on database \"{database}\" is '{note}'")
