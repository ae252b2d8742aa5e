"""Reports of reviews, and what staff decide about them."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from consumers import refusals
from consumers.events import ReviewDecided
from consumers.models import Decision, Held, Report, Review, Rule, State
from merchants.models import Merchant, StaffMember
from portal.kernel import audit
from portal.kernel.events import publish
from portal.kernel.models import User

OPEN = (State.SHOWN, State.HELD)


def report(
    review: Review,
    *,
    by: User,
    rule: str,
    said: str = "",
    merchant: Merchant | None = None,
    moment: datetime | None = None,
) -> Report:
    """Say that a review breaks a rule; ``merchant`` when its shop does. Twice is once.

    Nobody is answered twice: what staff have decided about somebody's report stands.
    """
    if review.person_id == by.pk:
        raise refusals.OwnReview
    if merchant and review.shop.merchant_id != merchant.pk:
        raise refusals.NotYourReview
    try:
        return _reported(review, by, rule, said, merchant is not None, moment or timezone.now())
    except IntegrityError as fault:  # somebody else of the shop was quicker
        raise refusals.ReportedAlready from fault


@transaction.atomic
def _reported(review: Review, by: User, rule: str, said: str, from_shop: bool, moment: datetime) -> Report:
    review = Review.objects.locked().get(pk=review.pk)
    if there := Report.objects.filter(review=review, by=by).first():
        return there
    if review.state not in OPEN:
        raise refusals.NotOpen
    made = Report.objects.create(review=review, by=by, rule=rule, said=said, from_shop=from_shop, at=moment)
    if review.reported_at is None:
        review.reported_at = moment
        review.save(update_fields=["reported_at"])
    return made


@transaction.atomic
def decide(
    review: Review,
    *,
    hide: bool,
    said: str,
    by: User | None,
    rule: str = "",
    seen: str = "",
    moment: datetime | None = None,
) -> Decision:
    """Take a review down for a rule, or let it stand; both sides read ``said``. Settles every open report.

    ``seen`` is the state on the decider's screen: who decides on an older picture is told.
    """
    moment = moment or timezone.now()
    review = Review.objects.locked().get(pk=review.pk)
    if review.state == State.WITHDRAWN or (seen and seen != review.state):
        raise refusals.DecidedMeanwhile
    if not said.strip() or (hide and not rule):
        raise refusals.SayWhy
    after = State.HIDDEN if hide else State.SHOWN
    decision = Decision.objects.create(
        review=review,
        before=review.state,
        after=after,
        rule=rule if hide else "",
        said=said.strip(),
        by=by,
        at=moment,
    )
    Report.objects.filter(review=review, decision=None).update(decision=decision)
    review.state, review.held_for, review.reported_at = after, Held.NO, None
    with audit.context(user=by.pk if by else None):
        review.save(update_fields=["state", "held_for", "reported_at"])
    publish(ReviewDecided(review_id=review.pk, decision_id=decision.pk))
    return decision


def take_down_own(merchant_id: int, *, moment: datetime | None = None) -> int:
    """Who works for a merchant has no say about its shops, not even from before. Returns how many went."""
    team = StaffMember.objects.current().filter(merchant=merchant_id)
    own = Review.objects.filter(
        shop__merchant=merchant_id, state__in=OPEN, person__in=team.values("user")
    ).select_related("person")
    taken = 0
    for review in own.order_by("pk"):
        with override(review.person.language):
            why = str(Rule.INSIDE.label)
        decide(review, hide=True, rule=Rule.INSIDE, said=why, by=None, moment=moment)
        taken += 1
    return taken
