"""What a person and a shop write to each other, read by nobody else unless one of them reports it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from consumers import triggers
from consumers.words import language_of
from merchants.invariants import reaches_across
from merchants.models import Merchant, Shop
from portal.kernel.audit import audited
from portal.kernel.db import append_only
from portal.kernel.models import User

LONGEST_LETTER = 1000  # characters: a screen; who has more to say sends another one


@audited()
class MessageBox(models.Model):
    """Whether a shop takes messages. Without a row it does."""

    shop = models.OneToOneField(Shop, models.CASCADE, primary_key=True, related_name="box")
    is_open = models.BooleanField(_("takes messages"), default=True)

    class Meta:
        verbose_name = _("message box")
        verbose_name_plural = _("message boxes")

    def __str__(self) -> str:
        return str(self.shop_id)


class Promptness(models.Model):
    """How soon a shop usually answers, in minutes, worked out from its answers; nobody enters it."""

    shop = models.OneToOneField(Shop, models.CASCADE, primary_key=True, related_name="promptness")
    minutes = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.shop_id} {self.minutes}"


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def of(self, merchant: Merchant) -> Self:
        return self.filter(merchant=merchant)

    def held_by(self, person: User) -> Self:
        return self.filter(person=person)

    def unanswered(self) -> Self:
        """The shop has the next word."""
        return self.filter(waiting_since__isnull=False)

    def unread_by_shop(self) -> Self:
        return self.filter(shop_unread=True)

    def unread_by_person(self) -> Self:
        return self.filter(person_unread=True)

    def reported(self) -> Self:
        """What staff may read, for one of the two has asked them to."""
        return self.filter(reports__isnull=False).distinct()

    def in_lists(self) -> Self:
        """With what a row of a list shows: the other side, and how the last letter begins."""
        last = Letter.objects.filter(conversation=OuterRef("pk")).order_by("-pk")
        return self.select_related("shop", "person").annotate(last_said=Subquery(last.values("said")[:1]))

    def locked(self) -> Self:
        """Hold the rows until the transaction ends; pk order keeps deadlocks away."""
        return self.order_by("pk").select_for_update(of=("self",), no_key=True)


@audited(inserts=False, leave_out=["waiting_since", "last_at", "shop_unread", "person_unread"])
class Conversation(models.Model):
    """One person and one shop. It stays with the merchant who had the shop when it began."""

    token = models.CharField(max_length=16, unique=True)
    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="conversations", db_index=False)
    shop = models.ForeignKey(Shop, models.PROTECT, related_name="conversations")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="conversations", db_index=False
    )
    waiting_since = models.DateTimeField(null=True, blank=True)  # the first letter the shop hasn't answered
    last_at = models.DateTimeField(_("last letter"))
    shop_unread = models.BooleanField(default=False)
    person_unread = models.BooleanField(default=False)
    blocked_by_shop = models.BooleanField(_("blocked by the shop"), default=False)
    blocked_by_person = models.BooleanField(_("blocked by the person"), default=False)
    closed_at = models.DateTimeField(_("closed by staff"), null=True, blank=True)
    began_at = models.DateTimeField(_("began"), db_default=Now())

    objects = ConversationQuerySet.as_manager()

    class Meta:
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        permissions = [("moderate_conversation", _("Can decide about reported conversations"))]
        constraints = [
            models.UniqueConstraint(
                name="one_conversation_per_person_and_shop", fields=["merchant", "shop", "person"]
            ),
            # what letters are kept in their tenant by
            models.UniqueConstraint(name="conversation_of_merchant", fields=["merchant", "id"]),
        ]
        indexes = [
            models.Index(fields=["merchant", "-last_at", "-id"], name="conversation_latest"),
            models.Index(fields=["person", "-last_at", "-id"], name="conversation_of_person"),
            # the merchant's list of what waits, and how long a shop lets people wait
            models.Index(
                fields=["merchant", "-last_at", "-id"],
                name="conversation_waiting",
                condition=Q(waiting_since__isnull=False),
            ),
            # the numbers beside "Messages"
            models.Index(fields=["merchant"], name="conversation_new_to_shop", condition=Q(shop_unread=True)),
            models.Index(
                fields=["person"], name="conversation_new_to_person", condition=Q(person_unread=True)
            ),
        ]
        triggers = [triggers.conversation_begins_with_the_shops_merchant()]

    def __str__(self) -> str:
        return self.token

    @property
    def is_shut(self) -> bool:
        return self.blocked_by_shop or self.blocked_by_person or self.closed_at is not None


class Letter(models.Model):
    """What one side wrote, once and for all."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, related_name="letters", db_index=False, db_constraint=False
    )  # by a foreign key that carries the merchant
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    from_shop = models.BooleanField()
    said = models.CharField(max_length=LONGEST_LETTER)
    waited_s = models.PositiveIntegerField(null=True, blank=True)  # seconds the person waited for this answer
    key = models.UUIDField()
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        constraints = [
            models.UniqueConstraint(name="letter_once_per_key", fields=["by", "key"]),
            models.CheckConstraint(name="letter_says_something", condition=~Q(said="")),
            models.CheckConstraint(
                name="only_answers_were_waited_for", condition=Q(from_shop=True) | Q(waited_s=None)
            ),
        ]
        indexes = [models.Index(fields=["conversation", "id"], name="letter_in_order")]
        triggers = [append_only("letters_are_written_once")]

    def __str__(self) -> str:
        return self.said[:40]

    @property
    def language(self) -> str:
        return language_of(self.said)


class Harm(models.TextChoices):
    """What nobody has to put up with in a conversation."""

    INSULT = "insult", _("Insulting or threatening")
    FRAUD = "fraud", _("Asks for money, codes or a password")
    ADVERT = "advert", _("Advertising")
    PRIVATE = "private", _("Personal data of somebody")
    OTHER = "other", _("Something else")


class ConversationReport(models.Model):
    """One side asks our staff to look; they answer with a reason, and may close the conversation."""

    conversation = models.ForeignKey(Conversation, models.PROTECT, related_name="reports", db_index=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_shop = models.BooleanField(_("from the shop"))
    harm = models.CharField(_("what is wrong"), max_length=8, choices=Harm)
    said = models.CharField(_("in words"), max_length=400, blank=True)
    at = models.DateTimeField(_("reported"), db_default=Now())
    reason = models.CharField(_("reason"), max_length=400, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("report of a conversation")
        verbose_name_plural = _("reports of conversations")
        constraints = [
            models.UniqueConstraint(
                name="conversation_reported_once_by_each_side",
                fields=["conversation", "from_shop"],
                condition=Q(decided_at=None),
            ),
            models.CheckConstraint(
                name="conversation_decision_says_why",
                condition=Q(decided_at=None, decided_by=None) | Q(decided_at__isnull=False) & ~Q(reason=""),
            ),
        ]
        indexes = [
            # the staff's queue
            models.Index(fields=["at"], name="conversation_report_open", condition=Q(decided_at=None)),
        ]

    def __str__(self) -> str:
        return str(Harm(self.harm).label)


# Who gets a shop in a dispute gets what is public of it, not what others wrote to the one before.
reaches_across(Conversation, "shop")
