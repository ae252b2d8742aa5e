"""What holders are told about the money on their cards, and the night's work of shops that close."""

from datetime import date

from celery import shared_task
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty import actions
from loyalty.events import BalancePaid, ClosingAnnounced, RefundAsked, RefundPaid, ToppedUp, TopUpUndone
from loyalty.models import Card
from loyalty.telling import tell_holder, told_of_money
from portal.kernel.dates import day as in_words
from portal.kernel.events import subscribe
from portal.kernel.money import format_money

TOPPED_UP = told_of_money(
    "topped_up",
    _("Topped up: %(paid)s"),
    _("Your card of %(merchant)s was credited with %(paid)s and a bonus of %(bonus)s."),
)
UNDONE = told_of_money(
    "top_up_undone",
    _("Top-up taken back: %(paid)s"),
    _("The top-up of your card of %(merchant)s was taken back. Ask the shop if you don't know why."),
)
PAID = told_of_money(
    "balance_paid",
    _("Paid from your card: %(amount)s"),
    _("At %(merchant)s. %(balance)s are left. Was it not you? Freeze the card on its page."),
)
REFUND_ASKED = told_of_money(
    "refund_asked",
    _("%(merchant)s owes you %(amount)s"),
    _("What your card held was taken off it. The shop pays this sum out to you."),
)
REFUND_PAID = told_of_money(
    "refund_paid",
    _("Refund paid out: %(amount)s"),
    _("%(merchant)s says that you received it. If not, report a problem with the shop."),
)
CLOSING = told_of_money(
    "closing",
    _("%(merchant)s is closing: use your balance or have it refunded"),
    _("The last day is %(day)s. Your card holds %(balance)s. You can have it refunded on the card's page."),
)


@subscribe(ToppedUp)
def say_what_was_credited(event: ToppedUp) -> None:
    money = {"paid": format_money(event.paid), "bonus": format_money(event.bonus)}
    tell_holder(event.card_id, TOPPED_UP, occurrence=f"top-up:{event.top_up_id}", **money)


@subscribe(TopUpUndone)
def say_what_was_taken_back(event: TopUpUndone) -> None:
    paid = format_money(event.paid)
    tell_holder(event.card_id, UNDONE, occurrence=f"top-up:{event.top_up_id}", paid=paid)


@subscribe(BalancePaid)
def say_what_was_paid(event: BalancePaid) -> None:
    amount, left = format_money(event.amount, exact=True), format_money(event.balance, exact=True)
    tell_holder(event.card_id, PAID, occurrence=f"paid:{event.key}", amount=amount, balance=left)


@subscribe(RefundAsked)
def say_what_is_owed(event: RefundAsked) -> None:
    amount = format_money(event.amount, exact=True)
    tell_holder(event.card_id, REFUND_ASKED, occurrence=f"refund:{event.refund_id}", amount=amount)


@subscribe(RefundPaid)
def say_what_was_paid_out(event: RefundPaid) -> None:
    amount = format_money(event.amount, exact=True)
    tell_holder(event.card_id, REFUND_PAID, occurrence=f"refund:{event.refund_id}", amount=amount)


@subscribe(ClosingAnnounced)
def say_that_the_shop_closes(event: ClosingAnnounced) -> None:
    """Everybody who has money there, once per announced day."""
    day = in_words(date.fromisoformat(event.last_day))
    cards = Card.objects.holding_money().filter(programme=event.programme_id)
    for card in cards.iterator(500):
        balance = format_money(card.money, exact=True)
        occurrence = f"closing:{card.pk}:{event.last_day}"
        tell_holder(card.pk, CLOSING, occurrence=occurrence, day=day, balance=balance)


@shared_task
def refund_closed_shops() -> int:
    return actions.refund_the_rest(timezone.now())
