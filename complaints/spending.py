"""What remedies cost in the cases of a scope, told by what was given and by why the cases came about."""

from dataclasses import dataclass
from typing import Any

from complaints.causes.costs import Cost, in_the_tree
from complaints.figures import Scope, rows_of


@dataclass(frozen=True)
class Spent:
    """So many cases, and in minor units what was done for them and what is owed to them still."""

    key: Any
    cases: int
    worth: int
    owed: int


def by_kind(scope: Scope) -> list[Spent]:
    """The dearest first."""
    sql = """
        SELECT m.kind, count(DISTINCT chosen.id),
               coalesce(sum(m.worth) FILTER (WHERE m.state = 'executed'), 0)::bigint,
               coalesce(sum(m.worth) FILTER (WHERE m.state = 'promised'), 0)::bigint
        FROM chosen JOIN complaints_remedy m ON m.complaint_id = chosen.id
        WHERE m.state IN ('executed', 'promised')
        GROUP BY 1 ORDER BY 3 DESC, 4 DESC, 1
    """
    return [Spent(*row) for row in rows_of(sql, scope)]


def by_cause(scope: Scope) -> tuple[list[Cost], Spent | None]:
    """In the order of the tree, each with what stands below it; and the cases of which nobody has said why.

    Of our own cases only: old ones from elsewhere have no causes here.
    """
    sql = """
        SELECT f.cause_id, count(*), coalesce(sum(worth), 0)::bigint, coalesce(sum(owed), 0)::bigint
        FROM chosen LEFT JOIN complaints_finding f ON f.complaint_id = chosen.id AND f.is_main
        WHERE chosen.id IS NOT NULL GROUP BY 1
    """
    own = {cause: tuple(sums) for cause, *sums in rows_of(sql, scope)}
    unsaid = own.pop(None, None)
    said = [row for row in in_the_tree(own) if row.cases]
    return said, Spent(None, *unsaid) if unsaid else None
