"""The way from a name to a published shop, and what is still missing on it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models import Shop


class Step(models.IntegerChoices):
    """The wizard's steps in their order; ``shop.reached`` is the last one that is behind the owner."""

    NAME = 1, _("Name and category")
    LOCATION = 2, _("Location")
    HOURS = 3, _("Opening hours")
    SERVICES = 4, _("Services and prices")
    PHOTO = 5, _("Photo")
    PUBLISH = 6, _("Preview")

    @property
    def slug(self) -> str:
        return self.name.lower()


def steps_of(shop: Shop) -> list[Step]:
    """A bank or a post office sells nothing here, so it has no price list."""
    if shop.category.is_discovery_only:
        return [step for step in Step if step is not Step.SERVICES]
    return list(Step)


def missing(shop: Shop) -> list[Step]:
    """What has to be there before anybody may find the shop; a photo is welcome, not needed."""
    there = {
        Step.LOCATION: shop.location is not None,
        Step.HOURS: bool(shop.hours),
        Step.SERVICES: shop.from_price is not None,
    }
    return [step for step in steps_of(shop) if not there.get(step, True)]


def next_step(shop: Shop) -> Step:
    """Where the owner goes on: the first step that is neither behind nor done."""
    lacking = missing(shop)
    for step in steps_of(shop):
        if step in lacking or step > shop.reached:
            return step
    return Step.PUBLISH
