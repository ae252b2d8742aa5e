"""What stands for a card: printed cards and passes in a phone's wallet, each revocable by itself."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from loyalty.models.membership import Card
from merchants.models import Merchant
from merchants.models.print_order import PlatformPrintOrder, refusal_says_why, waiting_for_staff
from portal.kernel.audit import audited
from portal.kernel.models import User

MOST_IN_BATCH = 1000


class PrintBatchQuerySet(models.QuerySet["PrintBatch"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).select_related("order", "made_by").order_by("-pk")


class PrintBatch(models.Model):
    """So many printed cards made at once, at first nobody's: their numbers come with them to the printer."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    token = models.CharField(max_length=10, unique=True)
    quantity = models.PositiveSmallIntegerField(_("how many"))
    key = models.UUIDField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(db_default=Now())

    objects = PrintBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("batch of printed cards")
        verbose_name_plural = _("batches of printed cards")
        constraints = [
            models.UniqueConstraint(name="print_batch_once_per_key", fields=["merchant", "key"]),
            models.UniqueConstraint(name="print_batch_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="print_batch_of_one_to_a_thousand",
                condition=Q(quantity__gte=1, quantity__lte=MOST_IN_BATCH),
            ),
        ]

    def __str__(self) -> str:
        return self.token


class MediumKind(models.TextChoices):
    PRINTED = "printed", _("Printed card")
    APPLE = "apple", _("Apple Wallet")
    GOOGLE = "google", _("Google Wallet")


class MediumState(models.TextChoices):
    BLANK = "blank", _("Nobody’s yet")
    LINKED = "linked", pgettext_lazy("printed cards", "In use")
    REVOKED = "revoked", _("Revoked")


class CardMediumQuerySet(models.QuerySet["CardMedium"]):
    def naming(self, merchant: Merchant, text: str) -> Self:
        """By the number or the code on it, also those that are nobody's yet or revoked."""
        return self.filter(Q(number=text) | Q(token=text), merchant=merchant)

    def of(self, card: Card) -> Self:
        return self.filter(card=card).order_by("-pk")

    def held_by(self, user: User) -> Self:
        return self.filter(card__customer__user=user).select_related("card")

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(inserts=False)
class CardMedium(models.Model):
    """Another way to show a card. A printed one is anonymous until somebody links it to a card."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(_("kind"), max_length=7, choices=MediumKind)
    batch = models.ForeignKey(
        PrintBatch, models.PROTECT, null=True, blank=True, related_name="media", db_constraint=False
    )
    card = models.ForeignKey(
        Card, models.PROTECT, null=True, blank=True, related_name="media", db_constraint=False
    )
    number = models.CharField(_("number"), max_length=12, unique=True, null=True, blank=True)
    token = models.CharField(max_length=16, unique=True)
    secret = models.CharField(max_length=6, blank=True)  # printed on it: who types it has it in hand
    state = models.CharField(_("state"), max_length=7, choices=MediumState, default=MediumState.BLANK)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    linked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = CardMediumQuerySet.as_manager()

    class Meta:
        verbose_name = _("card medium")
        verbose_name_plural = _("card media")
        constraints = [
            # what a pass in a wallet points at, so that it can't stand in another tenant
            models.UniqueConstraint(name="medium_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="medium_in_use_has_a_card",
                condition=~Q(state=MediumState.LINKED) | Q(card__isnull=False, linked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="nobodys_medium_has_no_card",
                condition=~Q(state=MediumState.BLANK) | Q(card=None, linked_at=None),
            ),
            models.CheckConstraint(
                name="only_a_revoked_medium_says_when",
                condition=Q(state=MediumState.REVOKED, revoked_at__isnull=False, revoked_by__isnull=False)
                | Q(revoked_at=None, revoked_by=None) & ~Q(state=MediumState.REVOKED),
            ),
            models.CheckConstraint(
                name="printed_medium_has_number_and_secret",
                condition=Q(kind=MediumKind.PRINTED, number__isnull=False, batch__isnull=False)
                & ~Q(secret="")
                | ~Q(kind=MediumKind.PRINTED) & Q(number=None, batch=None, secret=""),
            ),
            models.UniqueConstraint(
                name="one_pass_of_a_kind_in_use",
                fields=["card", "kind"],
                condition=Q(state=MediumState.LINKED) & ~Q(kind=MediumKind.PRINTED),
            ),
        ]

    def __str__(self) -> str:
        return self.number_in_groups or self.get_kind_display()

    @property
    def number_in_groups(self) -> str:
        return " ".join((self.number or "")[i : i + 4] for i in (0, 4, 8)).strip()


@audited(inserts=False)
class PrintOrder(PlatformPrintOrder):
    """A merchant asks the platform to print a batch of cards and send it."""

    batch = models.OneToOneField(PrintBatch, models.PROTECT, related_name="order", db_constraint=False)

    class Meta:
        verbose_name = _("order of printed cards")
        verbose_name_plural = _("orders of printed cards")
        constraints = [refusal_says_why("refused_print_order_says_why")]
        indexes = [waiting_for_staff("print_order_open")]
