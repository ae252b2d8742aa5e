"""What customers are told about their purchases."""

from datetime import timedelta

from celery import shared_task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.wallets import card_changed
from loyalty.wallet_tasks import any_wallet
from merchants.models import Role, StaffMember
from messaging.actions import tell
from messaging.kinds import Kind, register
from messaging.models import Channel, Purpose
from orders.actions import forget_wrong_codes, lapse_payments
from orders.events import CodesGuessed, GoodsTakenBack, PaymentSettled, PurchaseConfirmed, PurchaseUndone
from orders.models import Payment, PaymentState, Purchase, Return
from portal.kernel.events import subscribe
from portal.kernel.money import format_money

RECEIPT = register(
    Kind(
        name="orders.receipt",
        purpose=Purpose.MONEY,
        title=_("%(shop)s: paid %(paid)s"),
        body=_("Bill %(bill)s, discount %(discount)s, points earned: %(points)s. Not you? Open the receipt."),
    )
)
UNDONE = register(
    Kind(
        name="orders.undone",
        purpose=Purpose.MONEY,
        title=_("%(shop)s has undone a purchase of %(paid)s"),
        body=_("Points taken back: %(points)s. A coupon that was used is yours again."),
    )
)

TAKEN_BACK = register(
    Kind(
        name="orders.taken_back",
        purpose=Purpose.MONEY,
        title=_("%(shop)s has taken goods back and paid back %(amount)s"),
        body=_(
            "Points taken back: %(points)s. What the card no longer had of them, the next points pay off."
        ),
    )
)


OWED = register(
    Kind(
        name="orders.payment_owed",
        purpose=Purpose.MONEY,
        title=_("Your payment of %(amount)s is sent back"),
        body=_("The card of %(merchant)s could not take it: %(problem)s"),
    )
)


GUESSED = register(
    Kind(
        name="orders.codes_guessed",
        purpose=Purpose.ACCOUNT,
        title=_("Somebody may be guessing codes at the counter of %(merchant)s"),
        body=_(
            "%(tries)d look-ups within an hour led to nothing. Wrong codes are limited; look at who is signed"
            " in at your tills, and remove whom you don’t know."
        ),
        channels=(Channel.INBOX, Channel.PUSH),
    )
)


@subscribe(CodesGuessed)
def warn_the_owners(event: CodesGuessed) -> None:
    """Once in an hour at most, however many hundreds follow."""
    owners = StaffMember.objects.current().filter(merchant=event.merchant_id, role=Role.OWNER)
    hour = timezone.now().strftime("%Y-%m-%dT%H")
    for work in owners.select_related("user", "merchant"):
        tell(
            work.user,
            GUESSED,
            occurrence=f"guessed:{event.merchant_id}:{hour}",
            url=reverse("merchants:team", args=[work.merchant.slug]),
            merchant=work.merchant.name,
            tries=event.tries,
        )


def _tell(kind: Kind, purchase_id: int) -> None:
    purchase = Purchase.objects.in_full().select_related("customer__user").get(pk=purchase_id)
    if purchase.customer is None or purchase.customer.user is None:
        return
    tell(
        purchase.customer.user,
        kind,
        occurrence=f"purchase:{purchase.pk}",
        url=reverse("orders:receipt", args=[purchase.token]),
        shop=purchase.shop.name,
        paid=format_money(purchase.paid),
        bill=format_money(purchase.bill),
        discount=format_money(purchase.discount),
        points=purchase.points,
    )


@subscribe(PurchaseConfirmed, where=any_wallet)
def refresh_passes_in_wallets(event: PurchaseConfirmed) -> None:
    """The points on them have changed, and perhaps when they expire."""
    _refresh(event.purchase_id)


@subscribe(PurchaseUndone, where=any_wallet)
def refresh_passes_back(event: PurchaseUndone) -> None:
    _refresh(event.purchase_id)


def _refresh(purchase_id: int) -> None:
    if card_id := Purchase.objects.values_list("card", flat=True).get(pk=purchase_id):
        card_changed(card_id)


@subscribe(PurchaseConfirmed)
def send_receipt(event: PurchaseConfirmed) -> None:
    _tell(RECEIPT, event.purchase_id)


@subscribe(PurchaseUndone)
def say_it_was_undone(event: PurchaseUndone) -> None:
    _tell(UNDONE, event.purchase_id)


@subscribe(GoodsTakenBack, where=any_wallet)
def refresh_passes_of_goods(event: GoodsTakenBack) -> None:
    if card_id := Return.objects.values_list("card", flat=True).get(pk=event.return_id):
        card_changed(card_id)


@subscribe(GoodsTakenBack)
def say_goods_came_back(event: GoodsTakenBack) -> None:
    taken = Return.objects.select_related("shop", "customer__user").get(pk=event.return_id)
    if taken.customer is None or taken.customer.user is None:
        return
    tell(
        taken.customer.user,
        TAKEN_BACK,
        occurrence=f"return:{taken.pk}",
        url=reverse("orders:purchases"),
        shop=taken.shop.name,
        amount=format_money(taken.amount),
        points=taken.points,
    )


@shared_task
def tidy() -> int:
    """Wrong codes matter for a quarter of an hour; a day is kept for whoever asks what happened."""
    return forget_wrong_codes(before=timezone.now() - timedelta(days=1))


@subscribe(PaymentSettled)
def say_that_it_goes_back(event: PaymentSettled) -> None:
    """Who paid for nothing hears so at once; what was credited has its own message."""
    if event.state != PaymentState.OWED:
        return
    payment = Payment.objects.select_related("merchant", "by").get(pk=event.payment_id)
    tell(
        payment.by,
        OWED,
        occurrence=f"payment:{payment.pk}",
        url=reverse("orders:payment", args=[payment.token]),
        amount=format_money(payment.amount),
        merchant=payment.merchant.name,
        problem=payment.problem,
    )


@shared_task
def lapse() -> int:
    return lapse_payments(moment=timezone.now())
