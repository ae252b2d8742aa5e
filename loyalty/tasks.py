"""What members are told about their cards, and the daily sweep of expired points."""

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty import actions
from loyalty.events import CardJoined, PointsExpired
from loyalty.models import Card
from messaging.actions import tell
from messaging.kinds import Kind, register
from messaging.models import Purpose
from portal.kernel.events import subscribe

JOINED = register(
    Kind(
        name="loyalty.joined",
        purpose=Purpose.MONEY,
        title=_("You are a member of %(merchant)s"),
        body=_("Your card number is %(number)s. Show its code when you pay to earn points."),
    )
)
EXPIRED = register(
    Kind(
        name="loyalty.expired",
        purpose=Purpose.MONEY,
        title=_("%(points)s points have expired"),
        body=_("They were on your card of %(merchant)s and had reached their date."),
    )
)


@subscribe(CardJoined)
def welcome(event: CardJoined) -> None:
    card = Card.objects.in_full().get(pk=event.card_id)
    if holder := card.customer.user:
        tell(
            holder,
            JOINED,
            occurrence=f"card:{card.pk}",
            url=reverse("kernel:resolve", args=[card.token]),
            merchant=card.programme.merchant.name,
            number=card.number_in_groups,
        )


@subscribe(PointsExpired)
def say_what_expired(event: PointsExpired) -> None:
    card = Card.objects.in_full().get(pk=event.card_id)
    if holder := card.customer.user:
        tell(
            holder,
            EXPIRED,
            occurrence=f"card:{card.pk}:{event.on}",
            url=reverse("kernel:resolve", args=[card.token]),
            merchant=card.programme.merchant.name,
            points=event.points,
        )


@shared_task
def expire_points() -> int:
    return actions.expire_due(timezone.now())
