"""What points are earned by and what they buy: changed for what comes, never for what was."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.models import EarningRule, PointsCampaign, Programme, SpendingRule
from merchants.models import Service
from portal.kernel.models import User
from portal.kernel.refused import KeyReused, Refused

EARNING = ("basis", "every", "each", "rounding", "excluded", "weekdays", "waits")
SPENDING = ("points", "worth", "minimum", "share", "is_on")


class NotYourService(Refused):
    sentence = _("One of these services isn't on your price list any more. Choose again.")


class EndsBeforeItStarts(Refused):
    sentence = _("The last day comes before the first one.")


@transaction.atomic
def set_earning(programme: Programme, *, by: User, points_per_unit: int, **rule: Any) -> EarningRule:
    """How points are earned from now on; ``points_per_unit`` for every ``every`` yuan when by amount."""
    if unknown := set(rule) - set(EARNING):
        raise TypeError(f"an earning rule has no {sorted(unknown)}")
    excluded = rule.get("excluded", [])
    ours = Service.objects.filter(shop__merchant=programme.merchant_id, pk__in=excluded)
    if ours.count() != len(set(excluded)):
        raise NotYourService
    programme.points_per_unit = points_per_unit
    programme.save(update_fields=["points_per_unit"])
    defaults = {"merchant_id": programme.merchant_id} | rule
    return EarningRule.objects.update_or_create(programme=programme, defaults=defaults)[0]


@transaction.atomic
def set_spending(programme: Programme, *, by: User, **rule: Any) -> SpendingRule:
    """What points buy from now on: ``points`` are ``worth`` minor units, at most ``share`` percent of it.

    Points stay what they are; only the next bill knows the new rule.
    """
    if unknown := set(rule) - set(SPENDING):
        raise TypeError(f"a spending rule has no {sorted(unknown)}")
    defaults = {"merchant_id": programme.merchant_id} | rule
    return SpendingRule.objects.update_or_create(programme=programme, defaults=defaults)[0]


@transaction.atomic
def run_points_campaign(
    programme: Programme, *, by: User, name: str, starts_on: date, ends_on: date, multiplier: int, key: UUID
) -> PointsCampaign:
    """Some days on which points count ``multiplier`` percent. Keyed: asked twice it runs once."""
    if ends_on < starts_on:
        raise EndsBeforeItStarts
    asked = {"name": name, "starts_on": starts_on, "ends_on": ends_on, "multiplier": multiplier}
    campaign, made = PointsCampaign.objects.get_or_create(
        programme=programme, key=key, defaults={"merchant_id": programme.merchant_id} | asked
    )
    if not made and any(getattr(campaign, field) != value for field, value in asked.items()):
        raise KeyReused
    return campaign


@transaction.atomic
def stop_points_campaign(campaign: PointsCampaign, *, by: User, moment: datetime | None = None) -> None:
    """From now on it counts no more; stopping twice stops once."""
    PointsCampaign.objects.filter(pk=campaign.pk, stopped_at=None).update(stopped_at=moment or timezone.now())
