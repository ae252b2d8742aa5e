"""Everything between one customer and one merchant as one list, newest first.

One ordered union in the database: each branch begins at the merchant and the customer, so nothing of
another business can get in. A complaint appears only if the person agreed to be named to the shop.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive

from complaints.models import RemedyKind
from complaints.numbers import in_groups
from complaints.states import ComplaintState
from merchants.models import Customer
from messaging.kinds import kind_called, known_kinds

SIZE = 20

_SQL = """
WITH happened AS (
    SELECT made_at AS at, 'purchase' AS kind, id, paid AS amount, points, token AS ref,
           CASE WHEN undone_at IS NULL THEN '' ELSE 'undone' END AS detail
    FROM orders_purchase WHERE merchant_id = %(merchant)s AND customer_id = %(customer)s
    UNION ALL
    SELECT undone_at, 'undone', id, paid, points, token, undo_reason
    FROM orders_purchase
    WHERE merchant_id = %(merchant)s AND customer_id = %(customer)s AND undone_at IS NOT NULL
    UNION ALL
    SELECT claimed_at, 'claimed', id, 0, 0, '', title
    FROM coupons_coupon WHERE merchant_id = %(merchant)s AND customer_id = %(customer)s
    UNION ALL
    SELECT r.redeemed_at, 'redeemed', r.id, r.discount, 0, '', c.title
    FROM coupons_redemption r JOIN coupons_coupon c ON c.id = r.coupon_id
    WHERE c.merchant_id = %(merchant)s AND c.customer_id = %(customer)s AND r.undone_at IS NULL
    UNION ALL
    SELECT d.joined_at, 'joined', d.id, 0, 0, d.number, ''
    FROM loyalty_card d WHERE d.merchant_id = %(merchant)s AND d.customer_id = %(customer)s
    UNION ALL
    SELECT e.created_at, 'points', e.id, 0, e.amount, e.kind, e.note
    FROM loyalty_card d
    JOIN loyalty_account a ON a.card_id = d.id
    JOIN loyalty_entry e ON e.account_id = a.id
    WHERE d.merchant_id = %(merchant)s AND d.customer_id = %(customer)s
      AND NOT EXISTS (SELECT 1 FROM orders_purchase p WHERE p.entry_id IN (e.id, e.reverses_id))
    UNION ALL
    SELECT filed_at, 'complaint', id, 0, 0, number, state
    FROM complaints_complaint
    WHERE merchant_id = %(merchant)s AND person_id = %(user)s AND is_named
    UNION ALL
    SELECT r.executed_at, 'remedy', r.id, r.worth, r.points, c.number, r.kind
    FROM complaints_remedy r JOIN complaints_complaint c ON c.id = r.complaint_id
    WHERE r.merchant_id = %(merchant)s AND c.person_id = %(user)s AND c.is_named AND r.state = 'executed'
    UNION ALL
    SELECT m.created_at, 'message', m.id, 0, 0, m.kind, ''
    FROM messaging_message m
    WHERE m.person_id = %(user)s AND m.occurrence IN (
        SELECT 'purchase:' || p.id FROM orders_purchase p
        WHERE p.merchant_id = %(merchant)s AND p.customer_id = %(customer)s
        UNION ALL
        SELECT 'card:' || d.id FROM loyalty_card d
        WHERE d.merchant_id = %(merchant)s AND d.customer_id = %(customer)s)
)
SELECT at, kind, id, amount, points, ref, detail FROM happened
WHERE %(at)s::timestamptz IS NULL OR (at, kind, id) < (%(at)s::timestamptz, %(kind)s, %(id)s)
ORDER BY at DESC, kind DESC, id DESC
LIMIT %(limit)s
"""


@dataclass(frozen=True)
class Happening:
    """``kind`` is purchase, undone, claimed, redeemed, joined, points, complaint, remedy or message."""

    at: datetime
    kind: str
    id: int
    amount: int  # minor units
    points: int
    ref: str
    detail: str

    @property
    def points_signed(self) -> str:
        return f"+{self.points}" if self.points > 0 else f"−{-self.points}"

    @property
    def complaint_says(self) -> str:
        return f"{in_groups(self.ref)} · {ComplaintState(self.detail).label}"

    @property
    def remedy_says(self) -> str:
        return f"{RemedyKind(self.detail).label} · {in_groups(self.ref)}"

    @property
    def said(self) -> str:
        """The headline of a message, in the reader's language."""
        return str(kind_called(self.ref).title) if self.ref in known_kinds() else self.ref


@dataclass(frozen=True)
class Timeline:
    happenings: list[Happening]
    more: str  # what to ask for with ``?after=``; empty at the end


def timeline_of(customer: Customer, *, after: str = "", size: int = SIZE) -> Timeline:
    """``size`` happenings older than the one that ``after`` names; an unreadable ``after`` is the start."""
    at, kind, key = _read(after)
    values = {
        "merchant": customer.merchant_id,
        "customer": customer.pk,
        "user": customer.user_id,
        "at": at,
        "kind": kind,
        "id": key,
        "limit": size + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        rows = [Happening(*row) for row in cursor.fetchall()]
    last = rows[size - 1] if len(rows) > size else None
    return Timeline(rows[:size], f"{last.at.isoformat()}_{last.kind}_{last.id}" if last else "")


def _read(after: str) -> tuple[datetime | None, str, int]:
    said, _, key = after.rpartition("_")
    when, _, kind = said.rpartition("_")
    try:
        at = parse_datetime(when)
    except ValueError:
        at = None
    if at is None or is_naive(at) or not (key.isascii() and key.isdigit() and len(key) < 19):
        return None, "", 0
    return at, kind[:20], int(key)
