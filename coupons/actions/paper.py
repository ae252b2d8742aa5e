"""Coupons on paper: made in batches off the stock, claimed once by whoever scans one, cancelled together."""

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coupons.actions.claims import ClaimedEnough, NotClaimable
from coupons.actions.turns import free_turn
from coupons.events import CouponClaimed
from coupons.judging import check_usable
from coupons.models import (
    MOST_IN_BATCH,
    Audience,
    Coupon,
    CouponProgramme,
    CouponState,
    PaperBatch,
    ProgrammeState,
)
from merchants.actions import find_or_enrol_customer
from portal.kernel.codes import new_code
from portal.kernel.db import retry_on_deadlock
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused


class WrongQuantity(Refused):
    sentence = _("Between 1 and %(most)d coupons at a time.")


class NotEnoughLeft(Refused):
    status = 409
    sentence = _("Only %(left)d coupons of this offer are left. Print fewer.")


class NotRunning(Refused):
    sentence = _("Only a published offer that isn’t over can be printed.")


class AsksWhoItIs(Refused):
    sentence = _("This offer is for some people only: paper can’t tell who has it in hand.")


class CountsFromTheClaim(Refused):
    sentence = _("This offer counts its days from the claim: paper needs a last day to print.")


class NobodysNoMore(Refused):
    status = 409
    sentence = _("This coupon has been claimed or used already. Each one can be claimed once.")


class SayWhyOnPaper(Refused):
    sentence = _("Say why: whoever scans one of them reads it.")


# In SQL: ten thousand rows with their codes are one statement, a second or so under the programme's lock.
ISSUE = """
WITH made AS (
    INSERT INTO coupons_coupon (
        merchant_id, programme_id, terms_id, batch_id, via, ordinal, token, state, title, kind, amount_off,
        percent_off, most_off, price, item, uses, minimum, valid_from, valid_until, key, claimed_at)
    SELECT p.merchant_id, p.id, p.terms_id, %(batch)s, 'paper', 1, fresh.token, 'issued', p.title, p.kind,
           p.amount_off, p.percent_off, p.most_off, p.price, p.item, p.uses, p.minimum,
           greatest(p.starts_at, %(moment)s), p.ends_at, gen_random_uuid(), %(moment)s
    FROM coupons_couponprogramme p, unnest(%(tokens)s::text[]) AS fresh (token) WHERE p.id = %(programme)s
    RETURNING id, token
)
INSERT INTO kernel_code (token, kind, ref) SELECT token, 'coupon', id FROM made
"""


@retry_on_deadlock
@transaction.atomic
def make_paper(
    programme: CouponProgramme, quantity: int, *, key: UUID, by: User, moment: datetime | None = None
) -> PaperBatch:
    """So many coupons of the offer as it stands, off its stock, nobody's yet. The same key makes it once."""
    moment = moment or timezone.now()
    if not 1 <= quantity <= MOST_IN_BATCH:
        raise WrongQuantity(most=MOST_IN_BATCH)
    programme = CouponProgramme.objects.select_related("terms", "merchant").locked().get(pk=programme.pk)
    if made := PaperBatch.objects.filter(merchant=programme.merchant_id, key=key).first():
        if (made.programme_id, made.quantity) != (programme.pk, quantity):
            raise KeyReused
        return made
    _judge(programme, quantity, moment)
    batch = PaperBatch(merchant=programme.merchant, programme=programme, quantity=quantity, key=key)
    batch.token, batch.made_by, batch.made_at = secrets.token_hex(5), by, moment
    batch.save()
    tokens = [new_code() for _turn in range(quantity)]
    facts: dict[str, Any] = {"batch": batch.pk, "programme": programme.pk, "moment": moment, "tokens": tokens}
    with connection.cursor() as cursor:
        cursor.execute(ISSUE, facts)
    CouponProgramme.objects.filter(pk=programme.pk).update(claimed=F("claimed") + quantity)
    return batch


def _judge(programme: CouponProgramme, quantity: int, moment: datetime) -> None:
    """Paper is for whoever has it in hand and says its last day: offers that ask for more aren't printed."""
    if programme.state != ProgrammeState.PUBLISHED or moment >= programme.ends_at:
        raise NotRunning
    if programme.merchant.suspended_at:
        raise NotClaimable
    if programme.terms.audience != Audience.ANYONE:
        raise AsksWhoItIs
    if programme.terms.days:
        raise CountsFromTheClaim
    if quantity > programme.left:
        raise NotEnoughLeft(left=programme.left)


@retry_on_deadlock
@transaction.atomic
def claim_paper(coupon: Coupon, user: User, *, moment: datetime | None = None) -> Coupon:
    """It becomes this person's, with the terms printed on it. Whoever comes first; claimed twice is once."""
    moment = moment or timezone.now()
    coupon = Coupon.objects.hold(coupon.pk)
    if coupon.customer and coupon.customer.user_id == user.pk:
        return coupon
    if coupon.customer or coupon.state == CouponState.REDEEMED:
        raise NobodysNoMore
    merchant = coupon.programme.merchant
    check_usable(coupon, moment=moment, merchant=merchant)
    if merchant.suspended_at:
        raise NotClaimable
    customer = find_or_enrol_customer(merchant, user=user, source="coupon")
    turn = free_turn(coupon.programme, customer)
    if turn is None:
        raise ClaimedEnough
    facts = {"customer": customer, "ordinal": turn, "state": CouponState.CLAIMED, "claimed_at": moment}
    if not Coupon.objects.filter(pk=coupon.pk).nobodys().update(**facts):
        raise NobodysNoMore
    publish(
        CouponClaimed(
            coupon_id=coupon.pk,
            programme_id=coupon.programme_id,
            merchant_id=coupon.merchant_id,
            customer_id=customer.pk,
            user_id=user.pk,
        )
    )
    coupon.refresh_from_db()
    return coupon


@retry_on_deadlock
@transaction.atomic
def revoke_nobodys(batch: PaperBatch, *, by: User, reason: str, moment: datetime | None = None) -> int:
    """Cancel all of the batch that nobody has claimed or used up; how many. Those cancelled stay as they are.

    The programme is held first, as a claim does it: neither waits for a coupon that the other has.
    """
    if not reason.strip():
        raise SayWhyOnPaper
    CouponProgramme.objects.locked().get(pk=batch.programme_id)
    facts = {"revoked_at": moment or timezone.now(), "revoked_by": by, "revoke_reason": reason.strip()[:120]}
    return Coupon.objects.filter(batch=batch).nobodys().update(state=CouponState.REVOKED, **facts)
