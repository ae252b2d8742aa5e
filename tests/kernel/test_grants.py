"""What was written once stays as it was: by trigger for everybody, by right for the web's role."""

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from portal.kernel.grants import closed_tables
from portal.kernel.models import Reveal, User


@pytest.fixture
def web(db: None) -> Any:
    """The test database as the running portal sees it."""
    at = connection.settings_dict
    try:
        link = psycopg.connect(
            host=at["HOST"] or None, port=at["PORT"] or None, dbname=at["NAME"], user=settings.WEB_ROLE
        )
    except psycopg.OperationalError as fault:
        pytest.skip(f"this database cluster lets no {settings.WEB_ROLE} in: {fault}")
    with link:
        yield link


@pytest.mark.parametrize("table", sorted(dict(closed_tables())))
def test_the_webs_role_cannot_rewrite_what_was_written_once(table: str, web: Any):
    held = web.execute(
        "SELECT array_agg(privilege_type::text) FROM information_schema.role_table_grants"
        " WHERE grantee = %s AND table_name = %s",
        [settings.WEB_ROLE, table],
    ).fetchone()[0]
    lost = dict(closed_tables())[table]
    assert not set(held) & set(lost)
    assert {"SELECT", "INSERT"} <= set(held)
    for right, statement in {
        "UPDATE": f"UPDATE {table} SET {{}} = NULL",
        "DELETE": f"DELETE FROM {table}",
    }.items():
        if right in lost:
            column = web.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s LIMIT 1", [table]
            ).fetchone()[0]
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                web.execute(statement.format(f'"{column}"'))
            web.rollback()


def test_the_webs_role_is_no_superuser_and_owns_nothing(web: Any):
    assert web.execute(
        "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone() == (
        False,
        False,
    )
    assert web.execute("SELECT count(*) FROM pg_tables WHERE tableowner = current_user").fetchone() == (0,)


def test_even_the_owner_is_refused_by_the_trigger(owner: User):
    Reveal.objects.create(person=owner, by=owner, reason="case 12")
    for change in (lambda: Reveal.objects.update(reason="other"), lambda: Reveal.objects.all().delete()):
        with (
            pytest.raises(ProgrammingError, match="Cannot update or delete rows from kernel_reveal"),
            transaction.atomic(),
        ):
            change()
    assert Reveal.objects.get().reason == "case 12"
