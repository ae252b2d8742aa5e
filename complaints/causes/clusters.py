"""Cases that look alike: proposed to people, who decide whether one cause is behind them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from complaints.likeness import alike_pairs

SPAN = timedelta(days=90)
LATEST = 500  # cases that are compared with each other by their words
LEAST = 3  # cases; two may be chance

_RECENT = """
    SELECT c.id, c.number, c.grams, c.shop_id, c.merchant_id,
           (SELECT min(l.service_id) FROM orders_purchaseline l
            WHERE l.purchase_id = c.purchase_id) AS service_id
    FROM complaints_complaint c
    WHERE c.filed_at >= %(since)s AND c.filed_at < %(until)s AND c.state NOT IN ('duplicate', 'withdrawn')
    ORDER BY c.id DESC LIMIT %(latest)s
"""
_GROUPS = f"""
    WITH recent AS ({_RECENT})
    SELECT 'service' AS by, s.name, array_agg(r.id ORDER BY r.id) FROM recent r
    JOIN merchants_service s ON s.id = r.service_id GROUP BY s.id, s.name HAVING count(*) >= %(least)s
    UNION ALL
    SELECT 'shop', s.name, array_agg(r.id ORDER BY r.id) FROM recent r
    JOIN merchants_shop s ON s.id = r.shop_id GROUP BY s.id, s.name HAVING count(*) >= %(least)s
    UNION ALL
    SELECT 'merchant', m.name, array_agg(r.id ORDER BY r.id) FROM recent r
    JOIN merchants_merchant m ON m.id = r.merchant_id GROUP BY m.id, m.name
    HAVING count(*) >= %(least)s AND count(DISTINCT r.shop_id) > 1
"""  # noqa: S608 - words of ours

_WORDS = f"SELECT id, grams FROM ({_RECENT}) recent"  # noqa: S608 - words of ours


@dataclass(frozen=True)
class Cluster:
    """``by``: service, shop, merchant or words; ``name`` of what they share, empty for words."""

    by: str
    name: str
    cases: tuple[int, ...]


def clusters(moment: datetime) -> list[Cluster]:
    """The largest first. A case may be in several: by its shop and by its words."""
    asked: dict[str, datetime | int] = {
        "since": moment - SPAN,
        "until": moment,
        "latest": LATEST,
        "least": LEAST,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, asked)
        found = [Cluster(by, name, tuple(cases)) for by, name, cases in cursor.fetchall()]
        cursor.execute(_WORDS, asked)
        found += [Cluster("words", "", group) for group in joined(alike_pairs(dict(cursor.fetchall())))]
    return sorted(found, key=lambda cluster: (-len(cluster.cases), cluster.by, cluster.cases))


def joined(pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ...]]:
    """Groups of at least ``LEAST`` that hang together by the pairs."""
    beside: dict[int, set[int]] = defaultdict(set)
    for one, other in pairs:
        beside[one].add(other)
        beside[other].add(one)
    groups, seen = [], set()
    for start in beside:
        group, waiting = set(), [start]
        while waiting:
            case = waiting.pop()
            if case not in seen:
                seen.add(case)
                group.add(case)
                waiting += beside[case]
        if len(group) >= LEAST:
            groups.append(tuple(sorted(group)))
    return groups
