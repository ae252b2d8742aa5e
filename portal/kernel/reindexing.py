"""Blind indexes computed anew after BLIND_INDEX_KEY has changed: in batches, as often as you like.

An index can't be told from one under another key by looking at it, so each row's value is opened and
its index computed; only rows whose index differs are written. What was done stays done.
"""

from collections.abc import Iterator
from typing import Any

import pgtrigger
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from psycopg import sql
from tqdm import tqdm

from portal.kernel.crypto import BlindIndexField, blind_index, unseal

BATCH = 500


def indexed_columns() -> Iterator[dict[str, sql.Identifier]]:
    """Table, key, index and the sealed column that it is computed of; history included."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields:
            if isinstance(field, BlindIndexField) and model._meta.managed and not model._meta.proxy:
                sealed: Any = model._meta.get_field(field.of)
                names = {
                    "table": model._meta.db_table,
                    "key": str(model._meta.pk.column),
                    "index": str(field.column),
                    "sealed": str(sealed.column),
                }
                yield {what: sql.Identifier(name) for what, name in names.items()}


def reindex(*, only_count: bool, told: Any) -> int:
    """How many rows are left under the former key. Nothing to do unless BLIND_INDEX_KEY_PREVIOUS is set."""
    if not settings.BLIND_INDEX_KEY_PREVIOUS:
        return 0
    return sum(_column(names, only_count, told) for names in indexed_columns())


def _column(names: dict[str, sql.Identifier], only_count: bool, told: Any) -> int:
    find = sql.SQL(
        "SELECT {key}, {index}, {sealed} FROM {table}"
        " WHERE {index} IS NOT NULL AND {sealed} IS NOT NULL AND {key} > %s ORDER BY {key} LIMIT %s"
    ).format(**names)
    left, after = 0, 0
    bar = tqdm(desc=names["table"].as_string(None), unit="row", file=told, disable=None)
    while True:
        # The same value under another key is nobody's deed: no history row, no guard of written-once tables.
        with pgtrigger.ignore(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(find.as_string(None), [after, BATCH])
            rows = cursor.fetchall()
            for key, index, sealed in rows:
                current = blind_index(unseal(sealed))
                if bytes(index) != current:
                    left += 1 if only_count else _save(cursor, names, current, (key, index), told)
        bar.update(len(rows))
        if not rows:
            bar.close()
            return left
        after = rows[-1][0]


def _save(cursor: Any, names: dict[str, sql.Identifier], current: bytes, row: Any, told: Any) -> int:
    """0 when the row has its new index, 1 when another row has it already: somebody must look at the two."""
    save = sql.SQL("UPDATE {table} SET {index} = %s WHERE {key} = %s AND {index} = %s").format(**names)
    try:
        with transaction.atomic():
            cursor.execute(save.as_string(None), [current, *row])
    except IntegrityError:
        told.write(f"{names['table'].as_string(None)} {row[0]}: another row holds the same value\n")
        return 1
    return 0
