"""Giving the member card to chosen customers, in the background, each of them told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.models import CardGrant
from crm.roster import without_card
from loyalty.actions import join
from loyalty.models import Card, Programme
from merchants.models import Customer, Merchant
from portal.kernel.jobs import Running, job_kind, start_job
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

MOST = 20_000
STEP = 20
GRANT = "crm.grant_cards"


class NobodyChosen(Refused):
    sentence = _("Everybody you have chosen has the card already.")


class TooManyChosen(Refused):
    sentence = _("Give the card to at most 20,000 customers at once.")


@transaction.atomic
def grant_cards(merchant: Merchant, customers: QuerySet[Customer], *, by: User, key: UUID) -> CardGrant:
    """Start giving the card to those of ``customers`` who have none. The same key starts it once."""
    if earlier := CardGrant.objects.filter(merchant=merchant, key=key).first():
        if earlier.by_id != by.pk:
            raise KeyReused
        return earlier
    ids = list(without_card(customers).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not ids:
        raise NobodyChosen
    if len(ids) > MOST:
        raise TooManyChosen
    grant = CardGrant.objects.create(merchant=merchant, key=key, customers=ids, by=by)
    grant.job = start_job(GRANT, by=by, merchant_id=merchant.pk, params={"grant": grant.pk})
    grant.save(update_fields=["job"])
    return grant


@job_kind(GRANT, _("Giving cards to customers"))
def give_cards(running: Running) -> None:
    """Card by card; begun again after a break, nobody gets a second one: a customer has one card."""
    grant = CardGrant.objects.select_related("merchant", "by").get(pk=running.params["grant"])
    programme, ids = Programme.objects.of(grant.merchant_id).get(), grant.customers
    for start in range(0, len(ids), STEP):
        for customer in Customer.objects.of(grant.merchant).filter(pk__in=ids[start : start + STEP]):
            join(programme, customer, by=grant.by)
        running.progress(min(start + STEP, len(ids)), len(ids))
    grant.given = Card.objects.filter(customer__in=ids, joined_at__gte=_begun(running)).count()
    grant.save(update_fields=["given"])
    running.finish_with(note=gettext("%(number)s cards given") % {"number": grant.given})


def _begun(running: Running) -> datetime:
    moment: Any = running.job.created_at
    return moment
