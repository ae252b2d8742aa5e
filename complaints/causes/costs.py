"""What remedies cost, by the main cause of their cases: a cause is the sum of its rows and those below."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from complaints.duties import seen
from complaints.models import Cause, Finding, Remedy, RemedyState
from portal.kernel.models import User


@dataclass
class Cost:
    """``worth`` in minor units of what was done; ``promised`` of what is still owed."""

    cause: Cause
    depth: int
    cases: int = 0
    worth: int = 0
    promised: int = 0


Own = dict[int | None, tuple[int, int, int]]  # by cause, without what stands below it


def costs_by_cause(reader: User) -> list[Cost]:
    """Of the cases that the reader sees, in the order of the tree; five queries, however large."""
    theirs = seen(reader, "complaint")
    main = Finding.objects.filter(theirs, is_main=True)
    cases = dict(main.values_list("cause").annotate(number=Count("pk")).order_by())
    worth, promised = _worth(theirs, RemedyState.EXECUTED), _worth(theirs, RemedyState.PROMISED)
    return in_the_tree(
        {cause: (count, worth.get(cause, 0), promised.get(cause, 0)) for cause, count in cases.items()}
    )


def in_the_tree(own: Own) -> list[Cost]:
    """Each cause with what stands below it."""
    below: dict[int | None, list[Cause]] = {}
    for cause in Cause.objects.order_by("code"):
        below.setdefault(cause.parent_id, []).append(cause)
    rows: list[Cost] = []

    def walk(parent: int | None, depth: int) -> tuple[int, int, int]:
        sums = (0, 0, 0)
        for cause in below.get(parent, []):
            row = Cost(cause, depth)
            rows.append(row)
            under = walk(cause.pk, depth + 1)
            row.cases, row.worth, row.promised = _sum(own.get(cause.pk, (0, 0, 0)), under)
            sums = _sum(sums, (row.cases, row.worth, row.promised))
        return sums

    walk(None, 0)
    return rows


def _sum(one: tuple[int, int, int], other: tuple[int, int, int]) -> tuple[int, int, int]:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]


def _worth(theirs: Q, state: RemedyState) -> dict[int, int]:
    of_main = Remedy.objects.filter(theirs, state=state, complaint__findings__is_main=True)
    rows = of_main.values_list("complaint__findings__cause").annotate(total=Sum("worth"))
    return dict(rows.order_by())
