"""What people say about a shop: after a purchase there, or just so; the two are never mixed."""

from typing import Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Func, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from consumers import triggers
from consumers.words import language_of, masked
from merchants.models import Merchant, Shop
from merchants.photos import srcset_of, url_of
from orders.models import Purchase
from portal.kernel.audit import audited
from portal.kernel.models import User


class Kind(models.TextChoices):
    VERIFIED = "verified", _("Verified review")
    ORDINARY = "ordinary", _("Ordinary review")


class State(models.TextChoices):
    SHOWN = "shown", pgettext_lazy("review", "Shown")
    HELD = "held", _("Waiting for a look by staff")
    HIDDEN = "hidden", _("Taken down by staff")
    WITHDRAWN = "gone", _("Taken back by its writer")


class Held(models.TextChoices):
    """Why a review waits before it is shown."""

    NO = "", ""
    BURST = "burst", _("Very many reviews of this shop in one day")
    LINK = "link", _("There is a link or a phone number in it")


class Aspect(models.TextChoices):
    SERVICE = "service", _("Service")
    ENVIRONMENT = "environment", _("Environment")
    VALUE = "value", _("Value for money")


class Tag(models.TextChoices):
    """What many people say in the same words."""

    FRIENDLY = "friendly", _("Friendly")
    SKILLED = "skilled", _("Skilled")
    QUICK = "quick", _("No waiting")
    CLEAN = "clean", _("Clean")
    QUIET = "quiet", _("Quiet")
    FAIR = "fair", _("Price as announced")
    CHEAP = "cheap", _("Good value")
    GOODS = "goods", _("Good quality")
    AGAIN = "again", _("Will come again")
    SLOW = "slow", _("Long wait")
    NOISY = "noisy", _("Noisy")
    RUDE = "rude", _("Unfriendly")
    DIRTY = "dirty", _("Not clean")
    PUSHY = "pushy", _("Pushed to buy a card")
    DEAR = "dear", _("Dearer than announced")


class ReviewQuerySet(models.QuerySet["Review"]):
    def shown(self) -> Self:
        return self.filter(state=State.SHOWN)

    def about(self, shop: Shop) -> Self:
        return self.filter(shop=shop)

    def of(self, merchant: Merchant) -> Self:
        """What its customers read of a merchant's shops."""
        return self.shown().filter(shop__merchant=merchant)

    def written_by(self, user: User) -> Self:
        return self.filter(person=user)

    def unanswered(self) -> Self:
        return self.filter(answered_at=None)

    def waiting_for_staff(self) -> Self:
        """Held back, or reported and not decided yet."""
        return self.filter(Q(state=State.HELD) | Q(reported_at__isnull=False))

    def tags_counted(self) -> list[tuple[str, int]]:
        """Which tags how many gave, the most frequent first; one query."""
        each = Func("tags", function="unnest", output_field=models.CharField(), set_returning=True)
        counts = self.order_by().annotate(tag=each).values("tag").annotate(number=Count("pk"))
        return list(counts.order_by("-number", "tag").values_list("tag", "number"))

    def in_full(self) -> Self:
        """With everything that stands beside a review, in a fixed number of queries."""
        return self.select_related("person", "shop", "reply").prefetch_related("photos")

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


def _between_one_and_five(column: str) -> Q:
    return Q(**{column: None}) | Q(**{f"{column}__gte": 1, f"{column}__lte": 5})


@audited()
class Review(models.Model):
    """One person's word about one shop. Verified means: bound to a purchase of that person there."""

    token = models.CharField(max_length=16, unique=True)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="reviews", db_index=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews", db_index=False
    )
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    purchase = models.ForeignKey(
        Purchase, models.PROTECT, null=True, blank=True, related_name="reviews", db_index=False
    )
    stars = models.PositiveSmallIntegerField(_("stars"))
    service = models.PositiveSmallIntegerField(Aspect.SERVICE.label, null=True, blank=True)
    environment = models.PositiveSmallIntegerField(Aspect.ENVIRONMENT.label, null=True, blank=True)
    value = models.PositiveSmallIntegerField(Aspect.VALUE.label, null=True, blank=True)
    tags = ArrayField(models.CharField(max_length=10, choices=Tag), default=list, blank=True)
    said = models.TextField(_("what was said"), blank=True)
    is_named = models.BooleanField(_("with the name"), default=False)
    visited_on = models.DateField(_("visited on"), null=True, blank=True)  # in the shop's own zone
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.SHOWN)
    held_for = models.CharField(_("held because"), max_length=5, choices=Held, blank=True, default="")
    demoted_at = models.DateTimeField(null=True, blank=True)  # the purchase was undone
    reported_at = models.DateTimeField(null=True, blank=True)  # the first report nobody has decided yet
    answered_at = models.DateTimeField(null=True, blank=True)
    useful_at = models.DateTimeField()  # what "useful" sorts by: see words.useful_from
    key = models.UUIDField()
    written_at = models.DateTimeField(_("written"), db_default=Now())
    edited_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        permissions = [("moderate_review", _("Can decide about reviews"))]
        constraints = [
            models.UniqueConstraint(name="review_once_per_key", fields=["person", "key"]),
            models.UniqueConstraint(name="purchase_reviewed_once", fields=["purchase"]),
            models.CheckConstraint(
                name="review_has_one_to_five_stars", condition=Q(stars__gte=1, stars__lte=5)
            ),
            models.CheckConstraint(
                name="review_aspects_have_one_to_five_stars",
                condition=_between_one_and_five("service")
                & _between_one_and_five("environment")
                & _between_one_and_five("value"),
            ),
            models.CheckConstraint(
                name="verified_review_has_a_purchase",
                condition=Q(kind=Kind.ORDINARY) | Q(purchase__isnull=False, demoted_at=None),
            ),
            models.CheckConstraint(
                name="ordinary_review_has_none_unless_demoted",
                condition=Q(kind=Kind.VERIFIED)
                | Q(purchase=None, demoted_at=None)
                | Q(purchase__isnull=False, demoted_at__isnull=False),
            ),
            models.CheckConstraint(
                name="held_review_says_why",
                condition=Q(state=State.HELD) & ~Q(held_for="") | ~Q(state=State.HELD) & Q(held_for=""),
            ),
        ]
        indexes = [
            # a shop's page of reviews, in its two orders
            models.Index(
                fields=["shop", "kind", "-useful_at", "-id"], name="review_useful", condition=Q(state="shown")
            ),
            models.Index(fields=["shop", "-written_at", "-id"], name="review_newest"),
            models.Index(fields=["person", "-id"], name="review_of_person"),
            # the merchant's list of what waits for an answer
            models.Index(
                fields=["shop", "-written_at", "-id"],
                name="review_unanswered",
                condition=Q(state="shown", answered_at=None),
            ),
            # the staff's queue
            models.Index(
                fields=["written_at", "id"],
                name="review_for_staff",
                condition=Q(state="held") | Q(reported_at__isnull=False),
            ),
        ]
        triggers = [
            triggers.begins_with_its_purchase(),
            triggers.keeps_writer_and_purchase(),
            *triggers.scores_are_counted(),
        ]

    def __str__(self) -> str:
        return self.token

    @property
    def is_verified(self) -> bool:
        return self.kind == Kind.VERIFIED

    @property
    def author(self) -> str:
        """The writer as strangers read it; wants ``person`` at hand."""
        name = self.person.says()
        return name if self.is_named else masked(name)

    @property
    def language(self) -> str:
        return language_of(self.said)

    @property
    def tag_names(self) -> list[str]:
        return [str(Tag(tag).label) for tag in self.tags if tag in Tag.values]


class ReviewPhoto(models.Model):
    """A picture beside a review, stored like a shop's own."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="photos", db_index=False)
    stem = models.CharField(max_length=120, unique=True)
    digest = models.BinaryField(max_length=32)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="review_photo_once", fields=["review", "digest"])]

    def __str__(self) -> str:
        return self.stem

    @property
    def url(self) -> str:
        return url_of(self.stem, 384)

    @property
    def full(self) -> str:
        return url_of(self.stem, 1280)

    @property
    def srcset(self) -> str:
        return srcset_of(self.stem, 192, 384, 768)


@audited()
class Reply(models.Model):
    """The shop's one public answer to a review; what it said before an edit stays on record."""

    review = models.OneToOneField(Review, models.PROTECT, related_name="reply")
    said = models.TextField(_("answer"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(db_default=Now())
    edited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("answer to a review")
        verbose_name_plural = _("answers to reviews")

    def __str__(self) -> str:
        return self.said[:40]

    @property
    def language(self) -> str:
        return language_of(self.said)
