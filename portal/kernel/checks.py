"""What must be true of the code and the configuration before the portal serves anybody."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations import Migration
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from portal.kernel.access import undeclared
from portal.kernel.crypto import blind_index, keyring

TAG = "portal"
Step = tuple[str, str]  # app and name of a migration
AT_HOME = ("localhost", "127.0.0.1", "[::1]", "::1")
SHORTEST_SECRET, FEWEST_CHARACTERS = 40, 10


@register(TAG)
def every_route_declares_its_policy(**kwargs: Any) -> list[CheckMessage]:
    return [Error(f"{route.path} declares no access policy", id="kernel.E001") for route in undeclared()]


@register(TAG)
def personal_data_can_be_sealed(**kwargs: Any) -> list[CheckMessage]:
    """Everywhere, not only in production: without the keys nothing personal can be written or read."""
    faults: list[CheckMessage] = []
    for attempt, name in ((keyring, "FIELD_KEYS"), (lambda: blind_index(""), "BLIND_INDEX_KEY")):
        try:
            attempt()
        except (ImproperlyConfigured, ValueError) as fault:
            faults.append(Error(f"{name} can't be used: {fault}", id="kernel.E002"))
    return faults


@register(TAG)
def production_is_closed(**kwargs: Any) -> list[CheckMessage]:
    """What is convenient at a desk and dangerous in the street."""
    if not settings.PRODUCTION:
        return []
    secret, site = settings.SECRET_KEY, urlsplit(settings.SITE_URL)
    plain = site.scheme != "https" and site.hostname not in AT_HOME
    faults = {
        "DEBUG is on": settings.DEBUG,
        "SECRET_KEY is short or guessable: 40 random characters or more": len(secret) < SHORTEST_SECRET
        or len(set(secret)) < FEWEST_CHARACTERS
        or "insecure" in secret,
        "ALLOWED_HOSTS must name the hosts that the portal answers to": not settings.ALLOWED_HOSTS
        or "*" in settings.ALLOWED_HOSTS,
        "SITE_URL is plain http: use https, or ALLOW_PLAIN_HTTP=1 where something in front of the portal "
        "ends TLS": plain and not settings.ALLOW_PLAIN_HTTP,
        "SITE_URL must be the bare origin, such as https://example.org": bool(site.path) or not site.hostname,
        "the code that lets anybody through the second step is set": bool(
            getattr(settings, "MFA_TOTP_INSECURE_BYPASS_CODE", "")
        ),
    }
    return [Error(sentence, id="kernel.E003") for sentence, broken in faults.items() if broken]


@register(Tags.database)
def migrations_can_go_on(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """A database in the middle of steps that have become fewer is told so, rather than left half migrated."""
    shipped = MigrationLoader(None).disk_migrations
    return [
        Error(
            f"{app} stands in the middle of earlier migrations: {there} of {whole} are applied",
            hint="Bring the database to their end first: docs/operations.md, “A database of long ago”.",
            id="kernel.E004",
        )
        for alias in databases or ()
        for app, there, whole in halfway(
            set(MigrationRecorder(connections[alias]).applied_migrations()), shipped
        )
    ]


def halfway(applied: set[Step], shipped: dict[Step, Migration]) -> list[tuple[str, int, int]]:
    """App, steps that are applied, steps there were: of migrations that replace what is only partly there."""
    found = set()
    for step, migration in shipped.items():
        there = applied.intersection(migration.replaces)
        if step not in applied and there and len(there) < len(migration.replaces):
            found.add(step[0])
    steps = {app: {old for one in shipped.values() for old in one.replaces if old[0] == app} for app in found}
    return [(app, len(applied & steps[app]), len(steps[app])) for app in sorted(found)]


def refuse_to_start() -> None:
    """Called where requests and tasks begin; management commands run the same checks by themselves."""
    if faults := [fault for fault in run_checks(tags=[TAG]) if fault.is_serious()]:
        raise ImproperlyConfigured("; ".join(str(fault.msg) for fault in faults))
