"""What people hear of printed cards, passes and orders; and the job that draws the sheets."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from loyalty.events import MediumLinked, MediumRevoked, PrintOrderMoved
from loyalty.look.batches import SHEETS, draw_sheets
from loyalty.models import CardMedium, PrintOrder
from loyalty.telling import tell_holder, told_of_money
from merchants.models.print_order import OrderState
from merchants.print_orders import tell_of_order
from messaging.kinds import Kind, register
from messaging.models import Purpose
from portal.kernel.events import subscribe
from portal.kernel.jobs import job_kind

LINKED = told_of_money(
    "medium_linked",
    _("A printed card now stands for your card of %(merchant)s"),
    _("Its number is %(medium)s. Not you? Open your card and revoke it."),
)
REVOKED = told_of_money(
    "medium_revoked",
    _("A printed card or pass of %(merchant)s was revoked"),
    _("It works nowhere any more. Your member card and everything on it stay."),
)
ORDERS: dict[str, Kind] = {
    OrderState.PRINTING: register(
        Kind(
            name="loyalty.print_order_printing",
            purpose=Purpose.ACCOUNT,
            title=_("Your printed cards are in print"),
            body=_("%(quantity)s cards. We tell you when the parcel leaves."),
        )
    ),
    OrderState.SENT: register(
        Kind(
            name="loyalty.print_order_sent",
            purpose=Purpose.ACCOUNT,
            title=_("Your printed cards are on their way"),
            body=_("%(quantity)s cards. Say on the page of the order when they are there."),
        )
    ),
    OrderState.REFUSED: register(
        Kind(
            name="loyalty.print_order_refused",
            purpose=Purpose.ACCOUNT,
            title=_("We can’t print your cards"),
            body=_("The reason: %(reason)s"),
        )
    ),
}


@subscribe(MediumLinked)
def say_what_was_linked(event: MediumLinked) -> None:
    medium = CardMedium.objects.get(pk=event.medium_id)
    if medium.number:
        number = medium.number_in_groups
        tell_holder(event.card_id, LINKED, occurrence=f"medium:{medium.pk}", medium=number)


@subscribe(MediumRevoked)
def say_what_was_revoked(event: MediumRevoked) -> None:
    tell_holder(event.card_id, REVOKED, occurrence=f"medium:{event.medium_id}:revoked")


@subscribe(PrintOrderMoved)
def say_how_the_order_stands(event: PrintOrderMoved) -> None:
    order = PrintOrder.objects.select_related("asked_by", "batch", "merchant").get(pk=event.order_id)
    page = reverse("loyalty:print_batch", args=[order.merchant.slug, order.batch.token])
    tell_of_order(order, ORDERS, to=event.state, page=page)


job_kind(SHEETS, _("Sheets of member cards"))(draw_sheets)
