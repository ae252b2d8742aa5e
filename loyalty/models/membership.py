"""Membership programmes, and the cards of those who joined."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, FilteredRelation, Func, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Now, Right
from django.utils.translation import gettext_lazy as _

from loyalty.value.expiry import zone_of
from merchants.models import Customer, Merchant
from portal.kernel.audit import audited
from portal.kernel.db import append_only
from portal.kernel.models import User

#: The twelve card faces of the design; the style sheet holds their colours.
FACES = (
    "jade",
    "ink",
    "plum",
    "persimmon",
    "sky",
    "tea",
    "rose",
    "slate",
    "moss",
    "gold",
    "rice",
    "mint",
)


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def of(self, merchant_id: int) -> Self:
        return self.filter(merchant=merchant_id).select_related("merchant")

    def in_full(self) -> Self:
        """With what its cards look like."""
        return self.select_related("merchant__card_look")

    def seen_by(self, user: User | AnonymousUser) -> Self:
        """Adds ``mine``: the token of the person's own card, if there is one."""
        own = Card.objects.filter(programme=OuterRef("pk"), customer__user=user.pk)
        return self.annotate(mine=Subquery(own.values("token")[:1]))


@audited()
class Programme(models.Model):
    """A merchant's membership: what the card is called and looks like, and how points are earned."""

    merchant = models.OneToOneField(Merchant, models.CASCADE, related_name="programme")
    name = models.CharField(_("name of the card"), max_length=30)
    face = models.CharField(_("face"), max_length=12, default="jade")
    slogan = models.CharField(_("slogan"), max_length=40, blank=True)
    points_per_unit = models.PositiveSmallIntegerField(_("points per yuan"), default=1)
    points_expire_months = models.PositiveSmallIntegerField(
        _("points expire after (months)"), null=True, blank=True
    )
    is_open = models.BooleanField(_("takes new members"), default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership programme")
        verbose_name_plural = _("membership programmes")

    def __str__(self) -> str:
        return self.name


class CardState(models.TextChoices):
    ACTIVE = "active", _("Active")
    FROZEN = "frozen", _("Frozen")
    CLOSED = "closed", _("Closed")


class CardQuerySet(models.QuerySet["Card"]):
    def held_by(self, user: User) -> Self:
        mine = self.filter(customer__user=user)
        return mine.select_related("programme__merchant__card_look", "programme__stored_value", "customer")

    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        rows = self.select_related("programme", "customer")
        return rows.order_by("pk").select_for_update(of=("self",), no_key=True)

    def with_money(self) -> Self:
        """Adds ``money``: what was paid in and given on top and is left, in minor units."""
        held = Card.objects.filter(pk=OuterRef("pk"), accounts__kind__in=("principal", "bonus"))
        sums = held.order_by().values("pk").annotate(sum=Sum("accounts__balance")).values("sum")
        return self.annotate(money=Coalesce(Subquery(sums), 0))

    def with_passes(self) -> Self:
        """Adds ``sells_passes``: whether its shop does, ``sells_online``: whether also without a counter, and
        ``has_visits``: whether some lie on it."""
        sold = Programme.objects.filter(pk=OuterRef("programme"), pass_offers__is_on=True)
        online = Programme.objects.filter(
            pk=OuterRef("programme"), pass_offers__is_on=True, pass_offers__sold_online=True
        )
        held = Card.objects.filter(pk=OuterRef("pk"), accounts__kind="visits", accounts__balance__gt=0)
        facts = {"sells_passes": Exists(sold), "sells_online": Exists(online), "has_visits": Exists(held)}
        return self.annotate(**facts)

    def with_visits(self, moment: datetime) -> Self:
        """Adds ``visits``: those left on the card's passes, judged by date."""
        lasting = Q(passes__lot__expires_at=None) | Q(passes__lot__expires_at__gt=moment)
        held = Card.objects.filter(lasting, pk=OuterRef("pk"), passes__lot__remaining__gt=0)
        sums = held.order_by().values("pk").annotate(sum=Sum("passes__lot__remaining")).values("sum")
        return self.annotate(visits=Coalesce(Subquery(sums), 0))

    def holding_money(self) -> Self:
        return self.with_money().filter(money__gt=0)

    def richest(self) -> Self:
        """Those that hold most money first."""
        return self.holding_money().in_full().order_by("-money", "pk")

    def once_numbered(self, number: str) -> Self:
        """By the number it has or had."""
        return self.filter(Q(number=number) | Q(retired_codes__number=number)).distinct()

    def in_full(self) -> Self:
        """With the names a card shows, and ``points``, its balance, in the same query."""
        points = FilteredRelation("accounts", condition=Q(accounts__kind="points"))
        named = self.select_related("programme__merchant__card_look", "customer__user", "standing__level")
        return named.annotate(points_account=points, points=F("points_account__balance"))

    def with_terms(self, moment: datetime) -> Self:
        """Adds ``terms``: what the card earns and what its points buy on that day of its merchant
        (``loyalty.terms``)."""
        day = Func(
            Value(moment, models.DateTimeField()),
            zone_of(),
            template="(%(expressions)s)::date",
            arg_joiner=" AT TIME ZONE ",
            output_field=models.DateField(),
        )
        terms = Func(F("pk"), day, function="loyalty_terms", output_field=models.JSONField())
        return self.annotate(terms=terms)


@audited(inserts=False, leave_out=["last_used_at"])
class Card(models.Model):
    """One customer's membership in one programme, with a number to type and a code to scan."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="cards", db_index=False)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="cards")
    customer = models.OneToOneField(Customer, models.PROTECT, related_name="card")
    number = models.CharField(max_length=12, unique=True)  # digits, last one the Luhn check digit
    token = models.CharField(max_length=16, unique=True)
    state = models.CharField(max_length=8, choices=CardState, default=CardState.ACTIVE)
    joined_at = models.DateTimeField(db_default=Now())
    last_used_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    frozen_because = models.CharField(max_length=120, blank=True)

    money: int  # what ``with_money`` adds
    sells_passes: bool  # what ``with_passes`` adds
    sells_online: bool
    has_visits: bool

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = _("member card")
        verbose_name_plural = _("member cards")
        constraints = [
            # what a child's (merchant, card) points at, so that it can't stand in another tenant
            models.UniqueConstraint(name="card_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="only_a_frozen_card_says_who_froze_it",
                condition=Q(frozen_by=None) | Q(state="frozen"),
            ),
        ]
        indexes = [
            # read at the counter when a customer says the last digits
            models.Index(F("merchant"), Right("number", 4), name="card_by_last_digits"),
        ]

    def __str__(self) -> str:
        return self.number_in_groups

    @property
    def number_in_groups(self) -> str:
        return " ".join(self.number[i : i + 4] for i in (0, 4, 8))


class RetiredCodeQuerySet(models.QuerySet["RetiredCode"]):
    def naming(self, merchant: Merchant, text: str) -> Self:
        return self.filter(Q(number=text) | Q(token=text), merchant=merchant)


class RetiredCode(models.Model):
    """A number and code that a card had before it was replaced; whoever shows them holds the lost one."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="retired_codes", db_constraint=False)
    number = models.CharField(max_length=12, unique=True)
    token = models.CharField(max_length=16, unique=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    retired_at = models.DateTimeField(db_default=Now())

    objects = RetiredCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("retired card code")
        verbose_name_plural = _("retired card codes")
        triggers = [append_only("retired_codes_are_written_once")]

    def __str__(self) -> str:
        return self.number
