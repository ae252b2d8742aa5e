"""Leaving a random part of a large audience out of an advertisement, so that its effect can be told.

Who is left out is drawn by a hash of the campaign and the person, in the statement that writes the messages
and before it does, and written down (``HeldOut``). The same campaign draws the same people whenever it is
sent; another one draws others. What serves people is never held back.
"""

from typing import Any

from django.conf import settings

from messaging.kinds import Kind
from messaging.models import Mailing

# The first 32 bits of the digest, as a number below 10,000: hundredths of a percent.
DRAWN = """
held AS (
    INSERT INTO messaging_heldout (mailing_id, person_id, drawn_at)
    SELECT %(mailing)s, person.id, %(moment)s FROM person
    WHERE %(percent)s > 0 AND (SELECT count(*) FROM person) >= %(hold_out_from)s
      AND ('x' || left(md5(%(seed)s || ':' || person.id), 8))::bit(32)::bigint %% 10000 < %(percent)s * 100
      AND NOT EXISTS (
          SELECT FROM messaging_message got
          WHERE got.mailing_id = %(mailing)s AND got.person_id = person.id)
    ON CONFLICT DO NOTHING RETURNING person_id
), spared AS (
    SELECT person_id FROM held
    UNION SELECT person_id FROM messaging_heldout WHERE mailing_id = %(mailing)s
)
"""


def drawing(mailing: Mailing, kind: Kind, *, is_first: bool) -> dict[str, Any]:
    """What ``DRAWN`` asks for. A mailing that was small when it began holds nobody out later on.

    A campaign that held people out once does so with each further mailing, however small.
    """
    if mailing.hold_seed and not kind.is_marketing:
        raise ValueError(f"{kind.name} serves people: nobody is held out of it")
    earlier = Mailing.objects.of(mailing.merchant_id).filter(hold_seed=mailing.hold_seed, hold_percent__gt=0)
    percent = (
        earlier.order_by("pk").values_list("hold_percent", flat=True).first() if mailing.hold_seed else 0
    )
    least = 0 if percent else settings.HOLD_OUT_FROM
    if percent is None:
        percent = settings.HOLD_OUT_PERCENT if is_first else 0
    return {"seed": mailing.hold_seed, "percent": percent, "hold_out_from": least}
