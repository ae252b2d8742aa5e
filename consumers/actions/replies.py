"""The shop's one public answer to a review."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from consumers import refusals
from consumers.events import ReviewAnswered
from consumers.models import Reply, Review, State
from merchants.models import Merchant, Role, StaffMember
from portal.kernel.events import publish
from portal.kernel.models import User


@transaction.atomic
def answer(
    review: Review, said: str, *, merchant: Merchant, by: User, moment: datetime | None = None
) -> Reply:
    """Answer for all to read, or say it differently: what stood there stays on record. Twice is once."""
    moment = moment or timezone.now()
    review = Review.objects.locked().select_related("shop").get(pk=review.pk)
    if review.shop.merchant_id != merchant.pk or not _answers_for(merchant, by):
        raise refusals.NotYourReview
    if review.state != State.SHOWN:
        raise refusals.NotOpen
    reply = Reply.objects.filter(review=review).first()
    if reply is None:
        reply = Reply.objects.create(review=review, said=said, by=by, written_at=moment)
        review.answered_at = moment
        review.save(update_fields=["answered_at"])
        publish(ReviewAnswered(review_id=review.pk, shop_id=review.shop_id))
    elif reply.said != said:
        reply.said, reply.by, reply.edited_at = said, by, moment
        reply.save(update_fields=["said", "by", "edited_at"])
    return reply


def _answers_for(merchant: Merchant, by: User) -> bool:
    work = StaffMember.objects.current().filter(merchant=merchant, user=by).first()
    return work is not None and Role(work.role).covers(Role.MANAGER)
