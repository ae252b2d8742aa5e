"""What people are told about members who come in numbers or come together."""

from datetime import timedelta
from uuid import UUID, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from loyalty import actions
from loyalty.actions.merging import FrozenCard
from loyalty.events import CardJoined, CardsMerged, MembersImported
from loyalty.models import Card, CardState, MemberImport
from loyalty.telling import tell_holder, told_of_money
from merchants.actions.joining import MergedAlready
from merchants.events import CustomerFoundTwice
from merchants.models import Customer
from messaging.actions import tell
from messaging.kinds import Kind, register
from messaging.models import Channel, Purpose
from messaging.texts import write_to
from portal.kernel.events import subscribe
from portal.kernel.models import User

IMPORTED = register(
    Kind(
        name="loyalty.imported",
        purpose=Purpose.ACCOUNT,
        title=_("Your member list is imported: %(rows)s members"),
        body=_("%(bad)s rows still need mending. The import can be taken back for 24 hours."),
    )
)

MERGED = told_of_money(
    "merged",
    _("Your two cards of %(merchant)s are one now"),
    _("Everything is on %(number)s. The old number leads to it."),
)
APART = told_of_money(
    "apart",
    _("You have two cards of %(merchant)s"),
    _("One of them is frozen, so they stay apart for now. Ask at the counter."),
)
# The text registered with the SMS provider: the shop's name, the points and the link.
WAITS = register(
    Kind(
        name="loyalty.waits",
        purpose=Purpose.MONEY,
        title=_("Your member card of %(merchant)s"),
        body=_("%(merchant)s has a member card for you, number %(number)s. Look at it here: %(link)s"),
        channels=(Channel.SMS,),
        template="card_waits",
    )
)
WAITS_FOR = timedelta(days=2)
SAME_PHONE = UUID("6f0f1f0c-52a5-4d4c-9a5f-6a1f3c1f7a10")  # names merges at claiming, by their two records


@subscribe(MembersImported)
def say_that_they_are_in(event: MembersImported) -> None:
    """To whoever confirmed it: long work ends with a word."""
    done = MemberImport.objects.select_related("merchant", "confirmed_by").get(pk=event.import_id)
    if done.confirmed_by:
        tell(
            done.confirmed_by,
            IMPORTED,
            occurrence=f"import:{done.pk}",
            url=reverse("loyalty:import", args=[done.merchant.slug, done.token]),
            rows=done.counts.get("new", 0) + done.counts.get("change", 0),
            bad=done.counts.get("bad", 0),
        )


def invite_to_claim(card: Card) -> None:
    """A text to a number that no account has proven yet: there is a card, and this is the way to it."""
    if card.customer.phone:
        write_to(
            WAITS,
            card.customer.phone,
            settings.LANGUAGE_CODE,
            WAITS_FOR,
            merchant=card.programme.merchant.name,
            number=card.number_in_groups,
            link=settings.SITE_URL + reverse("loyalty:claim", args=[card.token]),
        )


@subscribe(CardJoined)
def say_that_it_waits(event: CardJoined) -> None:
    if event.user_id is None:
        invite_to_claim(Card.objects.in_full().get(pk=event.card_id))


@subscribe(CardsMerged)
def say_that_they_are_one(event: CardsMerged) -> None:
    tell_holder(event.kept_id, MERGED, occurrence=f"merged:{event.gone_id}")


@subscribe(CustomerFoundTwice)
def bring_together(event: CustomerFoundTwice) -> None:
    """Somebody claims a card that waited under their phone and has one of their own already."""
    person = User.objects.get(pk=event.user_id)
    both = Customer.objects.in_bulk([event.kept_id, event.gone_id])
    kept, gone = both[event.kept_id], both[event.gone_id]
    closed = Card.objects.filter(customer__in=both, state=CardState.CLOSED).values_list("customer", flat=True)
    if set(closed) == {kept.pk}:
        kept, gone = gone, kept  # the card that still works stays
    key = uuid5(SAME_PHONE, f"{event.kept_id}:{event.gone_id}")
    try:
        with translation.override(person.language):
            reason = gettext("The same phone number, proven by a code")
            actions.merge_claimed(kept, gone, person=person, reason=reason, key=key)
    except FrozenCard:
        card = Card.objects.get(customer=event.kept_id)
        tell_holder(card.pk, APART, occurrence=f"apart:{event.gone_id}")
    except MergedAlready:
        return  # the shop was quicker
