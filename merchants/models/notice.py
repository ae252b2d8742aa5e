"""What a shop tells everybody for a time: a queue number system from Monday, a new stylist, the fair."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from merchants.models.shop import Shop
from merchants.wording import in_language
from portal.kernel.audit import audited


class NoticeQuerySet(models.QuerySet["Notice"]):
    def current(self) -> Self:
        """Drafts and published ones that nobody took down, the latest first."""
        return self.filter(withdrawn_at=None).order_by("-from_on", "-pk")

    def showing_on(self, day: date) -> Self:
        """What customers see on the day."""
        ends = Q(until_on=None) | Q(until_on__gte=day)
        return self.current().filter(ends, published_at__isnull=False, from_on__lte=day)

    def drafts(self) -> Self:
        return self.current().filter(published_at=None)


@dataclass(frozen=True)
class Told:
    """A published notice as the shop's own row keeps it, so that its page needs no further question."""

    says: str
    is_draft: bool = False


def told_on(kept: list[dict[str, str | None]] | None, day: date) -> list[Told]:
    """What customers read on the day, from the shop's column."""
    showing = [
        row
        for row in kept or ()
        if str(row["from"]) <= day.isoformat() <= (row["until"] or date.max.isoformat())
    ]
    return [Told(in_language(str(row["zh"]), str(row["en"]))) for row in showing]


@audited()
class Notice(models.Model):
    """A few sentences with a first and a last day. A changed one is a draft until it takes its place."""

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="notices", db_index=False)
    text = models.TextField(_("notice"))
    text_en = models.TextField(_("notice in English"), blank=True)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.CASCADE, null=True, blank=True, related_name="replacement", editable=False
    )
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    key = models.UUIDField(unique=True, null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_it_begins",
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
            ),
        ]
        indexes = [models.Index(fields=["shop", "-from_on", "-id"], name="notice_of_shop")]

    def __str__(self) -> str:
        return self.says[:40]

    @property
    def says(self) -> str:
        return in_language(self.text, self.text_en)

    @property
    def is_draft(self) -> bool:
        return self.published_at is None
