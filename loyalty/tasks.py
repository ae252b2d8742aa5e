"""What members are told about their cards, and the daily sweep of expired points."""

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty import actions, level_tasks, media_tasks, money_tasks, pass_tasks, pin_tasks, wallet_tasks
from loyalty.actions.usable import notice_usable
from loyalty.events import CardFrozen, CardJoined, CardReplaced, PointsAdjusted, PointsUsable, ValueExpired
from loyalty.telling import tell_holder, told_of_money
from loyalty.words import in_words
from portal.kernel.events import subscribe

JOINED = told_of_money(
    "joined",
    _("You are a member of %(merchant)s"),
    _("Your card number is %(number)s. Show its code when you pay to earn points."),
)
EXPIRED = told_of_money(
    "expired",
    _("Expired: %(amount)s"),
    _("It was on your card of %(merchant)s and had reached its date."),
)
USABLE = told_of_money(
    "usable",
    _("Points you can use now: %(points)d"),
    _("They waited on your card of %(merchant)s; from today on they count like the others."),
)
ADJUSTED = told_of_money(
    "adjusted",
    _("%(merchant)s changed your points: %(points)s"),
    _("The reason: %(reason)s"),
)
FROZEN = told_of_money(
    "frozen",
    _("Your card of %(merchant)s is frozen"),
    _("Nothing can be earned or used with it until it is released. What it holds stays."),
)
REPLACED = told_of_money(
    "replaced",
    _("Your card of %(merchant)s has a new number"),
    _("The new number is %(number)s; all points are on it. The old number no longer works."),
)


@subscribe(CardJoined)
def welcome(event: CardJoined) -> None:
    tell_holder(event.card_id, JOINED, occurrence=f"card:{event.card_id}")


@subscribe(ValueExpired)
def say_what_expired(event: ValueExpired) -> None:
    tell_holder(
        event.card_id,
        EXPIRED,
        occurrence=f"card:{event.card_id}:{event.value}:{event.on}",
        amount=in_words(event.value, event.amount),
    )


@subscribe(PointsUsable)
def say_what_can_be_used(event: PointsUsable) -> None:
    tell_holder(event.card_id, USABLE, occurrence=f"lot:{event.lot_id}", points=event.points)


@subscribe(PointsAdjusted)
def say_what_was_adjusted(event: PointsAdjusted) -> None:
    tell_holder(
        event.card_id,
        ADJUSTED,
        occurrence=f"entry:{event.entry_id}",
        points=f"{event.points:+d}",
        reason=event.reason,
    )


@subscribe(CardFrozen)
def say_that_it_is_frozen(event: CardFrozen) -> None:
    tell_holder(event.card_id, FROZEN, occurrence=f"card:{event.card_id}:{event.on}")


@subscribe(CardReplaced)
def say_the_new_number(event: CardReplaced) -> None:
    tell_holder(event.card_id, REPLACED, occurrence=f"card:{event.old_number}")


@shared_task
def expire_points() -> int:
    return actions.expire_due(timezone.now())


@shared_task
def notice_usable_points() -> int:
    return notice_usable(timezone.now())


tell_passes = pass_tasks  # its messages register themselves when this module is loaded
tell_media = media_tasks  # the job of printed sheets registers itself when this module is loaded
tell_wallets = wallet_tasks.tell_wallets
refund_closed_shops = money_tasks.refund_closed_shops  # found by the worker through this module
tidy = pin_tasks.tidy
sweep_levels, tell_level_moves = level_tasks.sweep, level_tasks.tell_level_moves
