"""The web's database role may not rewrite what was written once: ledgers, replies, consents, the audit trail.

Triggers refuse it already; a right that isn't there can't be used even by code that switches triggers
off. Runs after every ``migrate`` (by the owner role), so a new append-only model needs no line here.
"""

from collections.abc import Iterator
from typing import Any

import pghistory.models
import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import connections
from psycopg import sql

from portal.kernel.models import OutboxEvent

WRITTEN_ONCE = ("UPDATE", "DELETE", "TRUNCATE")


def closed_tables() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Table and the rights that the web's role loses on it."""
    for model, trigger in pgtrigger.registered():
        if (
            isinstance(trigger, pgtrigger.Protect)
            and trigger.operation == pgtrigger.Update | pgtrigger.Delete
        ):
            yield model._meta.db_table, WRITTEN_ONCE
    for table in apps.get_models():
        if issubclass(table, pghistory.models.Event) and table._meta.managed:
            yield table._meta.db_table, WRITTEN_ONCE
    yield "pghistory_context", ("DELETE", "TRUNCATE")  # the trigger adds facts to the context it wrote
    yield OutboxEvent._meta.db_table, ("UPDATE", "TRUNCATE")  # told events are tidied away after a month


def close(using: str = "default") -> None:
    """Take the rights away; nothing happens where there is no such role or the tables are not ours."""
    role = settings.WEB_ROLE
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND EXISTS (SELECT FROM pg_roles WHERE rolname = %s AND NOT rolsuper)"
            " AND pg_has_role(current_user, tableowner, 'MEMBER') AND tableowner <> %s",
            [role, role],
        )
        here = {row[0] for row in cursor.fetchall()}
        for table, rights in closed_tables():
            if table in here:
                words = sql.SQL(", ").join(sql.SQL(right) for right in rights)
                revoke = sql.SQL("REVOKE {} ON {} FROM {}")
                cursor.execute(
                    revoke.format(words, sql.Identifier(table), sql.Identifier(role)).as_string(None)
                )


def after_migrate(sender: Any, using: str, **facts: Any) -> None:
    close(using)
