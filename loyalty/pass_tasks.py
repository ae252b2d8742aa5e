"""What holders are told about the passes on their cards."""

from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from loyalty.events import ClosingAnnounced, PassSold, PassUndone, VisitUsed
from loyalty.models import VisitPass
from loyalty.telling import tell_holder, told_of_money
from portal.kernel.events import subscribe

SOLD = told_of_money(
    "pass_sold",
    _("On your card: %(title)s"),
    _("Visits at %(merchant)s, paid ahead: %(visits)d. Your card shows how many are left."),
)
UNDONE = told_of_money(
    "pass_undone",
    _("Taken off your card: %(title)s"),
    _("The sale at %(merchant)s was undone. Ask the shop if you don't know why."),
)
USED = told_of_money(
    "visit_used",
    _("One visit used: %(title)s"),
    _("At %(merchant)s. Visits left: %(visits)d. Was it not you? Freeze the card on its page."),
)
SEVERAL = told_of_money(
    "visits_used",
    _("%(used)d visits used: %(title)s"),
    _("At %(merchant)s. Visits left: %(visits)d. Was it not you? Freeze the card on its page."),
)
CLOSING = told_of_money(
    "closing_passes",
    _("%(merchant)s is closing: use your visits or have them refunded"),
    _("The last day is %(day)s. Visits left on your passes: %(visits)d. The card's page refunds them."),
)


@subscribe(PassSold)
def say_what_was_sold(event: PassSold) -> None:
    title = VisitPass.objects.get(pk=event.pass_id).name
    facts = {"title": title, "visits": event.visits}
    tell_holder(event.card_id, SOLD, occurrence=f"pass:{event.pass_id}", **facts)


@subscribe(PassUndone)
def say_that_the_sale_was_undone(event: PassUndone) -> None:
    title = VisitPass.objects.get(pk=event.pass_id).name
    tell_holder(event.card_id, UNDONE, occurrence=f"pass:{event.pass_id}", title=title)


@subscribe(VisitUsed)
def say_that_a_visit_was_used(event: VisitUsed) -> None:
    facts = {"title": VisitPass.objects.get(pk=event.pass_id).name, "visits": event.left}
    kind, more = (USED, {}) if event.visits == 1 else (SEVERAL, {"used": event.visits})
    tell_holder(event.card_id, kind, occurrence=f"visit:{event.visit_id}", **facts, **more)


@subscribe(ClosingAnnounced)
def say_that_passes_end(event: ClosingAnnounced) -> None:
    """Everybody who has visits there, once per announced day."""
    day = date.fromisoformat(event.last_day)
    open_ones = VisitPass.objects.filter(offer__programme=event.programme_id, lot__remaining__gt=0).order_by()
    for card, visits in open_ones.values_list("card").annotate(sum=Sum("lot__remaining")).iterator(500):
        occurrence = f"closing-passes:{card}:{event.last_day}"
        tell_holder(card, CLOSING, occurrence=occurrence, day=day, visits=visits)
