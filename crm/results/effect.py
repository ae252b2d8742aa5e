"""What a campaign brought: people who were told beside people who, drawn by lot, were not.

Everybody counts in the group they were drawn into, whether the message got through or not, for only then
the two groups differ by nothing but the draw. Nobody's name or group is shown to anybody: that somebody was
chosen could tell where they live. Nothing is said before the days are over, nor of small groups.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from crm.results.intervals import Interval, Sums, means_apart, shares_apart
from messaging.models import Mailing
from portal.kernel import dates
from portal.kernel.money import format_money

DAYS = 7
FEWEST = 30  # people in the smaller group
# Most pay nothing: with 30 people Welch's limits hold in 91 of 100 cases only, with 100 in 94.
FEWEST_FOR_TAKINGS = 100

# A customer's sales moved along when their records were merged; two accounts are never merged into one.
_GROUPS = """
WITH drawn AS (
    SELECT person_id, true AS told FROM messaging_message WHERE mailing_id = %(mailing)s
    UNION ALL
    SELECT person_id, false FROM messaging_heldout WHERE mailing_id = %(mailing)s
), bought AS (
    SELECT c.user_id AS person_id, sum(p.paid - coalesce(back.amount, 0)) AS paid
    FROM orders_purchase p
    JOIN merchants_customer c ON c.id = p.customer_id
    LEFT JOIN LATERAL (
        SELECT sum(t.amount) AS amount FROM orders_purchaseline n
        JOIN orders_return t ON t.line_id = n.id WHERE n.purchase_id = p.id
    ) AS back ON true
    WHERE p.merchant_id = %(merchant)s AND p.undone_at IS NULL
      AND p.made_at >= %(begins)s AND p.made_at < %(ends)s AND c.user_id IS NOT NULL
    GROUP BY c.user_id
)
SELECT told, count(*), count(bought.person_id), coalesce(sum(paid), 0), coalesce(sum(paid * paid), 0)
FROM drawn LEFT JOIN bought USING (person_id) GROUP BY told
"""


@dataclass(frozen=True)
class Group:
    """``buyers`` of its people bought something; ``spent`` adds up what all of them paid, in minor units."""

    buyers: int
    spent: Sums

    @property
    def people(self) -> int:
        return self.spent.people

    @property
    def of_100(self) -> str:
        return f"{100 * self.buyers / self.people:.1f}"


NOBODY = Group(0, Sums(0, 0, 0))


@dataclass(frozen=True)
class Effect:
    """``verdict``: early, few, more, less or unclear."""

    told: Group
    held: Group
    ends: datetime
    is_over: bool

    @cached_property
    def buyers_apart(self) -> Interval:
        told, held = self.told, self.held
        return shares_apart(told.buyers, told.people, held.buyers, held.people)

    @cached_property
    def paid_apart(self) -> Interval:
        return means_apart(self.told.spent, self.held.spent)

    @property
    def verdict(self) -> str:
        if min(self.told.people, self.held.people) < FEWEST:
            return "few"
        if not self.is_over:
            return "early"
        return _side(self.buyers_apart)

    @property
    def says(self) -> str:
        """One sentence that a shopkeeper understands."""
        if self.verdict == "few":
            return too_few()
        if self.verdict == "early":
            return _("Counted until %(until)s. What is seen before could be chance.") % {
                "until": dates.date_and_time(self.ends)
            }
        return {"more": _more, "less": _less, "unclear": _unclear}[self.verdict](self.buyers_apart)

    @property
    def says_of_takings(self) -> str:
        """The same of money, per head."""
        if min(self.told.people, self.held.people) < FEWEST_FOR_TAKINGS:
            return _("Of money it takes %(fewest)d people in each group to tell.") % {
                "fewest": FEWEST_FOR_TAKINGS
            }
        side, apart = _side(self.paid_apart), self.paid_apart
        low, high = (format_money(round(abs(end)), exact=True) for end in (apart.low, apart.high))
        if side == "more":
            return _("For each person told, %(low)s to %(high)s more came in.") % {"low": low, "high": high}
        if side == "less":
            return _("For each person told, %(high)s to %(low)s less came in.") % {"low": low, "high": high}
        return _("For each person told it is from %(low)s less to %(high)s more: no clear difference.") % {
            "low": low,
            "high": high,
        }


def effect_of(mailing: Mailing, *, moment: datetime) -> Effect | None:
    """None for a mailing that held nobody out. One statement."""
    if not mailing.hold_percent:
        return None
    ends = mailing.made_at + timedelta(days=DAYS)
    facts: dict[str, Any] = {
        "mailing": mailing.pk,
        "merchant": mailing.merchant_id,
        "begins": mailing.made_at,
        "ends": ends,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GROUPS, facts)
        groups = {
            told: Group(buyers, Sums(people, int(total), int(squares)))
            for told, people, buyers, total, squares in cursor.fetchall()
        }
    return Effect(groups.get(True, NOBODY), groups.get(False, NOBODY), ends, moment >= ends)


def told_of_effect(mailing: Mailing, *, moment: datetime) -> dict[str, Any]:
    """What ``crm/_effect.html`` shows: the effect, or that there were too few people to tell."""
    if effect := effect_of(mailing, moment=moment):
        groups = [(effect.told, _("Told")), (effect.held, _("Not told"))]
        return {"effect": effect, "effect_groups": groups, "effect_days": DAYS}
    return {"too_few": too_few()} if mailing.hold_seed else {}


def too_few() -> str:
    return _(
        "Too few people to tell what it brought. Campaigns to %(from)d people or more leave out "
        "%(percent)d%% by lot; each of the two groups needs at least %(fewest)d."
    ) % {"from": settings.HOLD_OUT_FROM, "percent": settings.HOLD_OUT_PERCENT, "fewest": FEWEST}


def _side(apart: Interval) -> str:
    return "more" if apart.says_more else "less" if apart.says_less else "unclear"


def _ends(apart: Interval) -> dict[str, str]:
    low, high = sorted((abs(apart.low), abs(apart.high)))
    return {"low": f"{100 * low:.1f}", "high": f"{100 * high:.1f}"}


def _more(apart: Interval) -> str:
    return _("The message brought buyers: %(low)s to %(high)s more of every 100 people told.") % _ends(apart)


def _less(apart: Interval) -> str:
    return _("Fewer bought of those told: %(low)s to %(high)s fewer of every 100.") % _ends(apart)


def _unclear(apart: Interval) -> str:
    ends = {"less": f"{-100 * apart.low:.1f}", "more": f"{100 * apart.high:.1f}"}
    return (
        _(
            "No clear effect. Of every 100 people told, from %(less)s fewer to %(more)s more bought: "
            "that can be chance."
        )
        % ends
    )
