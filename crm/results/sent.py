"""What was sent out to bring people to an offer, by the way it went, and what the text messages cost."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from django.db import connection
from django.urls import reverse

from coupons.models import CouponProgramme
from messaging.cost import cost_of
from messaging.kinds import kind_called, known_kinds
from messaging.models import Channel, Mailing

_SENT = """
SELECT g.mailing_id, d.channel, u.language, count(*)
FROM messaging_message g
JOIN messaging_dispatch d ON d.message_id = g.id AND d.state = 'sent'
JOIN kernel_user u ON u.id = g.person_id
WHERE g.mailing_id = ANY (%(mailings)s) GROUP BY 1, 2, 3
UNION ALL
SELECT g.mailing_id, 'inbox', '', count(*) FROM messaging_message g
WHERE g.mailing_id = ANY (%(mailings)s) AND g.in_inbox GROUP BY 1
"""


@dataclass(frozen=True)
class Sent:
    """``by_way``: how many messages went on which channel; ``cost`` of text messages, in minor units."""

    by_way: Counter[str]
    cost: int


def sent_for(programme: CouponProgramme) -> Sent:
    """Two statements. Text messages at what they cost now, in each reader's language."""
    path = reverse("coupons:offer", args=[programme.token])
    mailings = {one.pk: one for one in Mailing.objects.of(programme.merchant_id).filter(url=path)}
    by_way: Counter[str] = Counter()
    texts: dict[int, Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"mailings": list(mailings)})
        for mailing, channel, language, number in cursor.fetchall():
            by_way[channel] += number
            if channel == Channel.SMS:
                texts[mailing][language] += number
    return Sent(by_way, sum(_cost(mailings[key], readers) for key, readers in texts.items()))


def _cost(mailing: Mailing, readers: Counter[str]) -> int:
    if mailing.kind not in known_kinds():
        return 0
    return cost_of(kind_called(mailing.kind), readers, **mailing.params)
