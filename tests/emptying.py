"""The tables emptied behind a test with real transactions: forty times as fast as Django's flush.

Truncating makes new files for some two hundred tables and all their indexes, and whatever follows a
migration is done again. Deleting costs what there is to delete; triggers and foreign keys would have a say in
it, so they rest for the moment. That takes a right which `./dev test` gives to the tables' owner; elsewhere
Django's own way is gone. The connection stays: a new one would learn all these tables again, which takes
longer than emptying them.
"""

import asyncio
from typing import Any

from django.db import connection, transaction
from django.test import TransactionTestCase

KEPT = {"django_content_type", "auth_permission"}  # made from the code, not by a test
LARGE = 8 << 20  # bytes of a table: what is deleted stays in its file until truncating makes it small again

flush = TransactionTestCase._fixture_teardown


def empty_tables(case: Any) -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    if not _may_delete(tables):
        flush(case)
        return
    deleting = [f"DELETE FROM {connection.ops.quote_name(name)}" for name in tables if name not in KEPT]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join(["SET LOCAL session_replication_role = replica", *deleting]))


def connects_anew(_case: Any) -> bool:
    """Whether to close the connection behind the test; nothing here sets what outlives a transaction.

    While Playwright's loop runs, it is another connection than the one closed when the database is removed.
    """
    return asyncio._get_running_loop() is not None


def _may_delete(tables: list[str]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT has_parameter_privilege('session_replication_role', 'SET'),
                      max(pg_relation_size(quote_ident(name)::regclass))
               FROM unnest(%s::text[]) AS name""",
            [tables],
        )
        allowed, largest = cursor.fetchone()
    return bool(allowed and largest < LARGE)
