"""What remedies cost, by the main cause of their cases: a cause is the sum of its rows and those below."""

from dataclasses import dataclass

from django.db.models import Count, Sum

from complaints.models import Cause, Finding, Remedy, RemedyState


@dataclass
class Cost:
    """``worth`` in minor units of what was done; ``promised`` of what is still owed."""

    cause: Cause
    depth: int
    cases: int = 0
    worth: int = 0
    promised: int = 0


def costs_by_cause() -> list[Cost]:
    """In the order of the tree; four queries, however large."""
    causes = list(Cause.objects.order_by("code"))
    below: dict[int | None, list[Cause]] = {}
    for cause in causes:
        below.setdefault(cause.parent_id, []).append(cause)
    main = Finding.objects.filter(is_main=True)
    cases = dict(main.values_list("cause").annotate(number=Count("pk")).order_by())
    worth = {state: _worth(state) for state in (RemedyState.EXECUTED, RemedyState.PROMISED)}
    rows: list[Cost] = []

    def walk(parent: int | None, depth: int) -> tuple[int, int, int]:
        sums = [0, 0, 0]
        for cause in below.get(parent, []):
            row = Cost(cause, depth)
            rows.append(row)
            under = walk(cause.pk, depth + 1)
            own = (cases.get(cause.pk, 0), *(found.get(cause.pk, 0) for found in worth.values()))
            row.cases, row.worth, row.promised = (a + b for a, b in zip(own, under, strict=True))
            sums = [a + b for a, b in zip(sums, (row.cases, row.worth, row.promised), strict=True)]
        return sums[0], sums[1], sums[2]

    walk(None, 0)
    return rows


def _worth(state: RemedyState) -> dict[int, int]:
    of_main = Remedy.objects.filter(state=state, complaint__findings__is_main=True)
    rows = of_main.values_list("complaint__findings__cause").annotate(total=Sum("worth"))
    return dict(rows.order_by())
