"""Two cards of one member, made one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from loyalty.models.membership import Card
from merchants.models import Merchant
from portal.kernel.db import append_only


class CardMerge(models.Model):
    """``gone`` is closed and holds nothing: all of it went over to ``kept``, whose number leads on."""

    merchant = models.ForeignKey(Merchant, models.PROTECT, related_name="+", db_index=False)
    kept = models.ForeignKey(Card, models.PROTECT, related_name="took_in", db_constraint=False)
    gone = models.OneToOneField(Card, models.PROTECT, related_name="merged_away", db_constraint=False)
    key = models.UUIDField()
    reason = models.CharField(max_length=120)
    moved = models.JSONField(default=dict)  # kind of value → how much went over
    rows = models.JSONField(default=dict)  # what else went along
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    merged_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("merge of cards")
        verbose_name_plural = _("merges of cards")
        constraints = [
            models.UniqueConstraint(name="cards_merged_once_per_key", fields=["merchant", "key"]),
            models.CheckConstraint(name="no_card_is_merged_into_itself", condition=~Q(kept=F("gone"))),
        ]
        triggers = [append_only("card_merges_are_written_once")]

    def __str__(self) -> str:
        return f"{self.gone_id} → {self.kept_id}"
