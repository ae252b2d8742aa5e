"""What remedies cost in the cases of a scope, told by what was given and by why the cases came about."""

from dataclasses import dataclass
from typing import Any

from complaints.causes.costs import Cost, in_the_tree
from complaints.figures import Question, Scope, asked


@dataclass(frozen=True)
class Spent:
    """So many cases, and in minor units what was done for them and what is owed to them still."""

    key: Any
    cases: int
    worth: int
    owed: int


def _with_causes(rows: list[list[Any]]) -> tuple[list[Cost], Spent | None]:
    own = {cause: tuple(sums) for cause, *sums in rows}
    unsaid = own.pop(None, None)
    said = [row for row in in_the_tree(own) if row.cases]
    return said, Spent(None, *unsaid) if unsaid else None


#: The dearest first.
BY_KIND = Question(
    """
        SELECT json_build_array(kind, cases, worth, owed) FROM (
            SELECT m.kind, count(DISTINCT chosen.id) AS cases,
                   coalesce(sum(m.worth) FILTER (WHERE m.state = 'executed'), 0)::bigint AS worth,
                   coalesce(sum(m.worth) FILTER (WHERE m.state = 'promised'), 0)::bigint AS owed
            FROM chosen JOIN complaints_remedy m ON m.complaint_id = chosen.id
            WHERE m.state IN ('executed', 'promised') GROUP BY m.kind
        ) AS spent_on ORDER BY worth DESC, owed DESC, kind
    """,
    lambda rows: [Spent(*row) for row in rows],
)

#: In the order of the tree, each with what stands below it; and the cases of which nobody has said why.
#: Of our own cases only: old ones from elsewhere have no causes here.
BY_CAUSE = Question(
    """
        SELECT json_build_array(f.cause_id, count(*), coalesce(sum(worth), 0)::bigint,
                                coalesce(sum(owed), 0)::bigint)
        FROM chosen LEFT JOIN complaints_finding f ON f.complaint_id = chosen.id AND f.is_main
        WHERE chosen.id IS NOT NULL GROUP BY f.cause_id
    """,
    _with_causes,
)


def by_kind(scope: Scope) -> list[Spent]:
    return asked(scope, BY_KIND)[0]


def by_cause(scope: Scope) -> tuple[list[Cost], Spent | None]:
    return asked(scope, BY_CAUSE)[0]
