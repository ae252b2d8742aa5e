"""What goes along when a listing is merged into another, and back when the merge is undone.

Two records of one customer, or two cards of one member, are merged the same way: ``of="customer"``.
Each app says it of its own rows once, beside its model: ``goes_along(Review, settle=recount)``. The rows
move in the merge's own transaction, by one statement per table, and the merge notes which. Rows that the
other listing has already (``unless_there``) stay where they are. What is written once and for all, such as
a ledger's entries or a complaint, isn't named here: it stays with the old listing, whose page leads on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection, models

Settle = Callable[[list[int]], None]


@dataclass(frozen=True, kw_only=True)
class Along:
    """``only``: a condition on the table ``t`` in SQL; ``order``: the column that numbers rows of one."""

    model: type[models.Model]
    of: str
    field: str
    only: str
    unless_there: tuple[str, ...]
    order: str
    settle: Settle | None


_along: dict[str, Along] = {}


def goes_along(
    model: type[models.Model],
    *,
    of: str = "shop",
    field: str = "",
    only: str = "",
    unless_there: tuple[str, ...] = (),
    order: str = "",
    settle: Settle | None = None,
) -> None:
    """``settle`` is called with both keys after rows have moved, to count again what is counted.

    ``field``: the column that names the shop, customer or card; by default it is called so.
    """
    label = model._meta.label_lower if of == "shop" else f"{of} {model._meta.label_lower}"
    _along[label] = Along(
        model=model,
        of=of,
        field=field or of,
        only=only,
        unless_there=unless_there,
        order=order,
        settle=settle,
    )


def move(gone: int, survivor: int, *, of: str = "shop") -> dict[str, Any]:
    """Move the rows; ``{"app.model": {"ids": […], "by": n}}`` is what ``put_back`` needs."""
    moved = {}
    for label, along in sorted(_along.items()):
        if along.of != of:
            continue
        by = _shift(along, survivor)
        if ids := _move(along, gone, survivor, by):
            moved[label] = {"ids": ids, "by": by}
            if along.settle:
                along.settle([gone, survivor])
    return moved


def put_back(moved: dict[str, Any], *, gone: int, survivor: int) -> None:
    """The same rows back to where they were. What was removed meanwhile stays removed."""
    for label, what in sorted(moved.items()):
        along = _along[label]
        table, column = along.model._meta.db_table, _column(along)
        back = f", {along.order} = greatest({along.order} - %(by)s, 0)" if along.order else ""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET {column} = %(gone)s{back}"  # noqa: S608 - names of our own models
                f" WHERE id = ANY(%(ids)s) AND {column} = %(survivor)s",
                {"gone": gone, "survivor": survivor, **what},
            )
        if along.settle:
            along.settle([gone, survivor])


def _column(along: Along) -> str:
    return str(along.model._meta.get_field(along.field).column)  # type: ignore[union-attr]


def _shift(along: Along, survivor: int) -> int:
    """By how much numbered rows are put off, so that they stand behind the survivor's own."""
    if not along.order:
        return 0
    last = along.model._default_manager.filter(**{along.field: survivor}).aggregate(
        last=models.Max(along.order)
    )["last"]
    return 0 if last is None else int(last) + 1


def _move(along: Along, gone: int, survivor: int, by: int) -> list[int]:
    table, column = along.model._meta.db_table, _column(along)
    behind = f", {along.order} = t.{along.order} + %(by)s" if along.order else ""
    where = f" AND ({along.only})" if along.only else ""
    if along.unless_there:
        same = " AND ".join(f"there.{name} = t.{name}" for name in along.unless_there)
        where += f" AND NOT EXISTS (SELECT FROM {table} there WHERE there.{column} = %(survivor)s AND {same})"
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {column} = %(survivor)s{behind}"  # noqa: S608 - names of our own models
            f" WHERE t.{column} = %(gone)s{where} RETURNING t.id",
            {"gone": gone, "survivor": survivor, "by": by},
        )
        return sorted(row[0] for row in cursor.fetchall())
