"""Seal and index personal data anew under the current keys: row by row, by day, as often as you like."""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection, transaction
from psycopg import sql
from tqdm import tqdm

from portal.kernel.crypto import EncryptedTextField, WrongKey, keyring, resealers, seal, unseal
from portal.kernel.reindexing import reindex

BATCH = 500


def sealed_columns() -> Iterator[tuple[str, str, str]]:
    """Table, key and column of everything that is sealed under a rotating key, history included."""
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        for field in model._meta.local_fields:
            if isinstance(field, EncryptedTextField):
                key: Any = model._meta.pk
                yield model._meta.db_table, str(key.column), str(field.column)
    yield Session._meta.db_table, "session_key", "session_data"


class Command(BaseCommand):
    help = (
        "Seal every personal value under the first key of FIELD_KEYS. Put the new key first, keep the old"
        " one behind it, restart the portal, run this as the database's owner; when it reports 0 left,"
        " the old key may go. With BLIND_INDEX_KEY_PREVIOUS set, blind indexes and allauth's e-mail column"
        " are computed anew in the same way."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only count what is still under an old key")

    def handle(self, *args: Any, **options: Any) -> None:
        current, left = next(iter(keyring())), 0
        for table, key, column in sealed_columns():
            left += self._column(table, key, column, current, only_count=options["check"])
        left += reindex(only_count=options["check"], told=self.stderr)
        left += sum(reseal(only_count=options["check"]) for reseal in resealers)
        self.stdout.write(f"current key {current}: {left} values left under older keys")
        if left and not options["check"]:
            raise SystemExit(1)

    def _column(self, table: str, key: str, column: str, current: str, *, only_count: bool) -> int:
        names = {"table": sql.Identifier(table), "key": sql.Identifier(key), "column": sql.Identifier(column)}
        prefix = sql.Literal(f"{current}:")
        old = sql.SQL("{column} IS NOT NULL AND NOT starts_with({column}, {prefix})").format(
            **names, prefix=prefix
        )
        with connection.cursor() as cursor:
            query = sql.SQL("SELECT count(*) FROM {table} WHERE {old}").format(**names, old=old)
            cursor.execute(query.as_string(None))
            waiting = int(cursor.fetchone()[0])
        if only_count or not waiting:
            return waiting
        return self._reseal(table, names, old, waiting)

    def _reseal(self, table: str, names: Any, old: sql.Composable, waiting: int) -> int:
        """In batches of their own transactions, so it can be stopped and started again at any point."""
        find = sql.SQL(
            "SELECT {key}, {column} FROM {table} WHERE {old} AND {key} > %s ORDER BY {key} LIMIT %s"
        )
        first = sql.SQL("SELECT {key}, {column} FROM {table} WHERE {old} ORDER BY {key} LIMIT %s")
        save = sql.SQL("UPDATE {table} SET {column} = %s WHERE {key} = %s AND {column} = %s").format(**names)
        after, unreadable = None, 0
        bar = tqdm(total=waiting, desc=table, unit="row", file=self.stderr, disable=None)
        while True:
            # A change of the seal is nobody's deed: no history row, no guard of written-once tables.
            with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
                if after is None:
                    cursor.execute(first.format(**names, old=old).as_string(None), [BATCH])
                else:
                    cursor.execute(find.format(**names, old=old).as_string(None), [after, BATCH])
                rows = cursor.fetchall()
                for identity, sealed in rows:
                    try:
                        cursor.execute(save.as_string(None), [seal(unseal(sealed)), identity, sealed])
                    except WrongKey:
                        unreadable += 1
                        self.stderr.write(f"{table} {identity}: sealed under a key that is not at hand")
            bar.update(len(rows))
            if not rows:
                bar.close()
                return unreadable
            after = rows[-1][0]
