"""A shop that closes: announced, called off, and everything paid ahead paid back after its last day."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.actions.refunds import NothingToRefund, PaymentUnderWay, QuoteChanged, refund_card, refund_pass
from loyalty.events import ClosingAnnounced
from loyalty.models import Card, Programme, Refund, StoredValueTerms, VisitPass, Why
from loyalty.value.expiry import zone_of
from loyalty.value.ledger import CardNotActive, NoVisitsLeft
from loyalty.value.quoting import quote_of
from portal.kernel.events import publish
from portal.kernel.models import User
from portal.kernel.refused import Refused


class NoClosingDay(Refused):
    sentence = _("The last day can't lie in the past.")


@transaction.atomic
def announce_closing(programme: Programme, *, by: User, last_day: date, today: date) -> StoredValueTerms:
    """The shop closes: cards take no more money and no passes are sold from now on, every holder of something
    paid ahead is told, and what is left after the last day is owed back (``refund_the_rest``). Announced
    again: the day moves."""
    if last_day < today:
        raise NoClosingDay
    terms, _made = StoredValueTerms.objects.select_for_update(no_key=True).get_or_create(programme=programme)
    if terms.closing_on == last_day:
        return terms
    terms.closing_on, terms.closing_announced_at = last_day, timezone.now()
    terms.save(update_fields=["closing_on", "closing_announced_at"])
    publish(
        ClosingAnnounced(
            programme_id=programme.pk, merchant_id=programme.merchant_id, last_day=last_day.isoformat()
        )
    )
    return terms


@transaction.atomic
def call_off_closing(programme: Programme, *, by: User) -> StoredValueTerms:
    """The shop stays after all."""
    terms = StoredValueTerms.objects.select_for_update(no_key=True).get(programme=programme)
    terms.closing_on = terms.closing_announced_at = None
    terms.save(update_fields=["closing_on", "closing_announced_at"])
    return terms


def refund_the_rest(moment: datetime, *, limit: int = 5000) -> int:
    """For shops past their last day, each on its own calendar: what is paid ahead and left is refunded, each
    card and pass in its own transaction. Run again, it does what is left."""
    closing = StoredValueTerms.objects.exclude(closing_on=None).annotate(zone=zone_of("programme__merchant"))
    over = [one for one in closing if one.is_over(moment.astimezone(ZoneInfo(one.zone)).date())]
    return sum(_refund_rest_of_shop(terms, moment, limit) for terms in over)


def _refund_rest_of_shop(terms: StoredValueTerms, moment: datetime, limit: int) -> int:
    last_day, done = terms.closing_on, 0
    for card in Card.objects.holding_money().filter(programme=terms.programme_id).order_by("pk")[:limit]:
        # an undone sale may bring money back onto a card that was refunded: that is another refund
        key = uuid5(CLOSING, f"{card.pk}:{last_day}:{Refund.objects.on(card).count()}")
        done += _refund_rest_of(card, key, moment)
    passes = VisitPass.objects.good_at(moment).filter(offer__programme=terms.programme_id)
    for held in passes.order_by("pk")[:limit]:
        key = uuid5(CLOSING, f"pass {held.pk}:{last_day}:{held.refunds.count()}")
        done += _done(refund_pass, held, quoted=held.unearned, key=key, moment=moment)
    return done


CLOSING = UUID("5b0f2a3e-7a4d-4f43-9f0c-52d0c3f1c2aa")  # the space of names that closing refunds are keyed in


def _refund_rest_of(card: Card, key: UUID, moment: datetime) -> bool:
    return _done(refund_card, card, quoted=quote_of(card, moment).amount, key=key, moment=moment)


def _done(verb: Callable[..., Refund], what: Card | VisitPass, **facts: Any) -> bool:
    """False when it can't be now: a frozen card waits for its release, a payment for its end."""
    try:
        verb(what, by=None, why=Why.CLOSING, **facts)
    except (CardNotActive, NoVisitsLeft, PaymentUnderWay, QuoteChanged, NothingToRefund):
        return False
    return True
