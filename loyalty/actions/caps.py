"""How much may lie on a card and on all cards of a shop together: money and visits paid ahead."""

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from loyalty.models import Account, Card, StoredValueTerms, VisitPass
from loyalty.value.prepaid import merchant_cap, profile
from portal.kernel.money import format_money
from portal.kernel.refused import Refused


class OverTheCap(Refused):
    sentence = _("A card may hold %(most)s at most; with this it would hold %(then)s.")


class OwesTooMuch(Refused):
    sentence = _(
        "All cards of this shop together may hold %(most)s at most: there is room for %(room)s more,"
        " the bonus included."
    )


def cap_of(card: Card, terms: StoredValueTerms) -> int | None:
    """The lower of the law's limit and the merchant's own, on all that the card holds."""
    named = card.customer.user_id or card.customer.phone_index
    law = profile().most_on_a_named_card if named else profile().most_on_an_unnamed_card
    caps = [cap for cap in (law, terms.most_on_card) if cap is not None]
    return min(caps) if caps else None


def judge_card_cap(card: Card, terms: StoredValueTerms, comes: int) -> None:
    """No more on the card than the merchant's limit and the law's allow."""
    cap = cap_of(card, terms)
    if cap is None:
        return
    money = Account.objects.money().filter(card=card).aggregate(sum=Sum("balance"))["sum"] or 0
    then = comes + money + VisitPass.objects.filter(card=card).owed()
    if then > cap:
        raise OverTheCap(most=format_money(cap), then=format_money(then))


def judge_together(card: Card, terms: StoredValueTerms, comes: int) -> None:
    """No more on all cards together than the merchant's limit and the law's allow."""
    cap = merchant_cap(terms)
    if cap is None:
        return
    held = Account.objects.money().filter(merchant=card.merchant_id, balance__gt=0)
    money = held.aggregate(sum=Sum("balance"))["sum"] or 0
    room = max(cap - money - VisitPass.objects.filter(merchant=card.merchant_id).owed(), 0)
    if comes > room:
        raise OwesTooMuch(most=format_money(cap), room=format_money(room))


def judge_together_in_turn(card: Card, terms: StoredValueTerms, comes: int) -> None:
    """The same, one after the other where there is a limit: each sees what those before it brought."""
    if merchant_cap(terms) is None:
        return
    judge_together(card, StoredValueTerms.objects.select_for_update(no_key=True).get(pk=terms.pk), comes)
