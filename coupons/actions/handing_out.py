"""Giving coupons of an offer to people the shop chose: as if each had claimed one, in one statement."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from coupons.actions.claims import SoldOut
from coupons.events import CouponClaimed
from coupons.groups import groups
from coupons.models import CouponProgramme, Via
from portal.kernel.codes import new_code
from portal.kernel.events import publish

TRIES = 5  # others may claim meanwhile

HAND_OUT = """
SELECT asked.person, made.outcome, (made.coupon).id, (made.coupon).customer_id, (made.coupon).merchant_id
FROM jsonb_to_recordset(%(asked)s::jsonb) AS asked (person bigint, key uuid, token text)
CROSS JOIN LATERAL coupons_claim(
    %(programme)s, asked.person, asked.key, asked.token, %(moment)s, %(via)s) AS made
"""
TAKE = """
UPDATE coupons_couponprogramme SET claimed = claimed + %s
WHERE id = %s AND state = 'published' AND claimed + %s <= stock
"""


def hand_out(programme: CouponProgramme, keys: Mapping[int, UUID], *, via: Via, moment: datetime) -> set[int]:
    """Who has one now, of these persons; each ``key`` claims once. Call it inside a transaction.

    As many as are left, lowest ids first. Who has as many as one person can have, isn't of the level or
    segment asked for, or is no customer of the shop gets none. The stock is counted last, as with each claim.
    """
    if segment := programme.terms.segment:
        among = groups().admit(segment, keys, moment=moment)
        keys = {person: key for person, key in keys.items() if person in among}
    for _attempt in range(TRIES):
        programme.refresh_from_db(fields=["claimed", "stock"])
        chosen = dict(sorted(keys.items())[: max(0, programme.left)])
        if not chosen:
            break
        try:
            return _claim(programme, chosen, via, moment)
        except SoldOut:
            continue  # somebody took the last ones between the look and the count
    return set()


@transaction.atomic
def _claim(programme: CouponProgramme, keys: Mapping[int, UUID], via: Via, moment: datetime) -> set[int]:
    asked = [{"person": one, "key": str(key), "token": new_code()} for one, key in keys.items()]
    facts: dict[str, Any] = {
        "asked": json.dumps(asked),
        "programme": programme.pk,
        "moment": moment,
        "via": via.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(HAND_OUT, facts)
        rows = cursor.fetchall()
        new = [row for row in rows if row[1] == "claimed"]
        cursor.execute(TAKE, [len(new), programme.pk, len(new)])
        if new and not cursor.rowcount:
            raise SoldOut
    for person, _outcome, coupon, customer, merchant in new:
        publish(
            CouponClaimed(
                coupon_id=coupon,
                programme_id=programme.pk,
                merchant_id=merchant,
                customer_id=customer,
                user_id=person,
            )
        )
    return {row[0] for row in rows if row[1] in ("claimed", "replay")}
