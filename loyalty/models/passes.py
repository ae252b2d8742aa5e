"""Visit passes: so many visits paid for ahead, each of them used at a counter."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Sum
from django.db.models.functions import JSONObject, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from loyalty.models.ledger import Entry, Lot
from loyalty.models.membership import Card, Programme
from merchants.models import Merchant, Service, Shop
from merchants.wording import in_language
from portal.kernel.audit import audited
from portal.kernel.models import User

MOST_VISITS = 500


class PassOfferQuerySet(models.QuerySet["PassOffer"]):
    def of(self, programme: Programme) -> Self:
        return self.filter(programme=programme).order_by("-is_on", "pk")

    def sold_now(self) -> Self:
        return self.filter(is_on=True)

    def sold_online(self) -> Self:
        return self.filter(is_on=True, sold_online=True)

    def with_scope(self) -> Self:
        """Adds the names of the services that it covers and of the shops where it is good."""
        return self.annotate(**_scope())


def _names(model: type[models.Model], column: str) -> ArraySubquery:
    """What the keys in the column are called, in either language."""
    listed = Func(
        F("pk"),
        OuterRef(column),
        template="(%(expressions)s))",
        arg_joiner=" = ANY(",
        output_field=models.BooleanField(),
    )
    named = model._default_manager.filter(listed).order_by("pk")
    return ArraySubquery(named.values_list(JSONObject(zh="name", en="name_en")))


def _scope() -> dict[str, ArraySubquery]:
    return {"service_names": _names(Service, "services"), "shop_names": _names(Shop, "shops")}


class Scoped:
    """What a pass is for and where it is good, by name; of rows that came ``with_scope``."""

    service_names: list[dict[str, str]]
    shop_names: list[dict[str, str]]

    @property
    def scope(self) -> list[str]:
        """As far as its terms say."""
        named = [*self.service_names, *self.shop_names]
        return [in_language(one["zh"], one["en"] or "") for one in named]


@audited()
class PassOffer(Scoped, models.Model):
    """ "Ten washes for 300": what a merchant sells. Passes that were sold keep the terms they came with,
    but for the PIN, which is asked for as the offer says today."""

    merchant = models.ForeignKey(Merchant, models.CASCADE, related_name="+", db_index=False)
    programme = models.ForeignKey(Programme, models.CASCADE, related_name="pass_offers")
    name = models.CharField(_("name"), max_length=40)
    name_en = models.CharField(_("English name"), max_length=60, blank=True)
    visits = models.PositiveSmallIntegerField(_("visits"), default=10)
    price = models.PositiveIntegerField(_("price"))  # minor units
    months = models.PositiveSmallIntegerField(_("good for (months)"), null=True, blank=True)
    services = ArrayField(models.BigIntegerField(), default=list, blank=True)  # empty: whatever the shop does
    shops = ArrayField(models.BigIntegerField(), default=list, blank=True)  # empty: all of the merchant's
    needs_pin = models.BooleanField(_("the customer agrees to each visit with the PIN"), default=False)
    key = models.UUIDField()
    is_on = models.BooleanField(_("sold"), default=True)
    sold_online = models.BooleanField(_("also sold online"), default=False, db_default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = PassOfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit pass on sale")
        verbose_name_plural = _("visit passes on sale")
        constraints = [
            models.UniqueConstraint(name="pass_offer_once_per_key", fields=["programme", "key"]),
            models.UniqueConstraint(name="pass_offer_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="pass_is_of_two_visits_at_least",
                condition=Q(visits__gte=2, visits__lte=MOST_VISITS),
            ),
            models.CheckConstraint(
                name="each_visit_of_a_pass_costs_something", condition=Q(price__gte=F("visits"))
            ),
            models.CheckConstraint(
                name="pass_is_good_for_a_month_at_least", condition=Q(months=None) | Q(months__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def promise(self) -> dict[str, Any]:
        """What somebody who pays for it is promised; plain values, to be kept and compared."""
        names = ("visits", "price", "months", "services", "shops")
        return {name: getattr(self, name) for name in names}


class VisitPassQuerySet(models.QuerySet["VisitPass"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant).in_full()

    def in_full(self) -> Self:
        """With what a page says of it, in the same question."""
        rows = self.select_related(
            "card__customer__user", "card__programme__merchant", "offer", "lot", "shop"
        )
        return rows.with_scope()

    def with_scope(self) -> Self:
        """Adds the names of the services that it covers and of the shops where it is good."""
        return self.annotate(**_scope())

    def on(self, card: Card) -> Self:
        """Those of the card, what ends first on top; the used and the lapsed ones behind."""
        rows = self.filter(card=card, undone_at=None).select_related("offer", "lot", "shop").with_scope()
        return rows.order_by(F("lot__expires_at").asc(nulls_last=True), "pk")

    def good_at(self, moment: datetime) -> Self:
        """Those with a visit left that hasn't lapsed, swept or not."""
        lasting = Q(lot__expires_at=None) | Q(lot__expires_at__gt=moment)
        return self.filter(lasting, lot__remaining__gt=0)

    def owed(self) -> int:
        """The money that was paid for visits nobody has used yet, in minor units; lapsed ones are none."""
        standing = self.good_at(timezone.now()).order_by()
        return int(standing.aggregate(sum=Sum("unearned"))["sum"] or 0)

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


class VisitPass(Scoped, models.Model):
    """A pass on a card. The ledger says how many visits are left; ``unearned`` is the money for them."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    card = models.ForeignKey(Card, models.PROTECT, related_name="passes", db_constraint=False)
    offer = models.ForeignKey(PassOffer, models.PROTECT, related_name="passes")
    name = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    visits = models.PositiveSmallIntegerField()
    paid = models.PositiveIntegerField()  # minor units
    unearned = models.PositiveIntegerField()  # of it, what is owed in visits; the rest of a lapsed one stays
    services = ArrayField(models.BigIntegerField(), default=list, blank=True)
    shops = ArrayField(models.BigIntegerField(), default=list, blank=True)
    token = models.CharField(max_length=16, unique=True)
    lot = models.OneToOneField(
        Lot, models.PROTECT, related_name="visit_pass"
    )  # moves with the card's merging
    key = models.UUIDField()
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(  # nobody: paid for online
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    sold_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    undo_reason = models.CharField(max_length=120, blank=True)

    objects = VisitPassQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit pass")
        verbose_name_plural = _("visit passes")
        constraints = [
            models.UniqueConstraint(name="pass_sold_once_per_key", fields=["merchant", "key"]),
            models.UniqueConstraint(name="visit_pass_of_merchant", fields=["merchant", "id"]),
            models.CheckConstraint(
                name="pass_earns_no_more_than_was_paid", condition=Q(unearned__lte=F("paid"))
            ),
            models.CheckConstraint(
                name="undone_pass_says_by_whom",
                condition=Q(undone_at=None, undone_by=None)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]
        indexes = [
            # read by the list of what was sold, and its file
            models.Index(fields=["merchant", "-sold_at", "-id"], name="pass_by_time"),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def title(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def document(self) -> str:
        return f"pass:{self.token}"

    @property
    def last_moment(self) -> datetime | None:
        return self.lot.last_moment

    def left_at(self, moment: datetime) -> int:
        """Visits that can be used, judged by date."""
        ends = self.lot.expires_at
        return 0 if ends is not None and ends <= moment else self.lot.remaining

    def worth_of(self, visits: int) -> int:
        """What the next so many visits are worth in minor units, as if used one by one: each an even share of
        the money that is not yet earned, rounded down, so that the last visit takes what is left."""
        rest = self.unearned
        for left in range(self.lot.remaining, self.lot.remaining - visits, -1):
            rest -= rest // left
        return self.unearned - rest


class PassVisitQuerySet(models.QuerySet["PassVisit"]):
    def lately_by(self, user: User, card: Card, since: datetime) -> Self:
        """What this person wrote down a moment ago and may still undo."""
        rows = self.filter(visit_pass__card=card, entry__by=user, entry__created_at__gte=since)
        return rows.filter(entry__reversed_by=None).select_related("visit_pass", "entry").order_by("-pk")


class PassVisit(models.Model):
    """What was used at one tap, one visit or a family's, and the money that it earned the shop. Undone by its
    entry's counter-entry."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    visit_pass = models.ForeignKey(VisitPass, models.PROTECT, related_name="used", db_constraint=False)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="pass_visit")
    visits = models.PositiveSmallIntegerField(default=1, db_default=1)
    worth = models.PositiveIntegerField()  # minor units, of all of them

    objects = PassVisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit by a pass")
        verbose_name_plural = _("visits by passes")
        constraints = [
            models.CheckConstraint(name="visit_by_a_pass_is_worth_something", condition=Q(worth__gt=0)),
            models.CheckConstraint(name="at_one_tap_one_visit_at_least", condition=Q(visits__gte=1)),
        ]

    def __str__(self) -> str:
        return str(self.worth)
