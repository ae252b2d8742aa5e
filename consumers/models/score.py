"""What reviews add up to, per shop and kind: kept by the database, never written by the program."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from consumers.models.review import Kind
from merchants.models import Shop


def no_stars() -> list[int]:
    return [0, 0, 0, 0, 0]


class ScoreQuerySet(models.QuerySet["Score"]):
    def of(self, shop: Shop) -> dict[str, "Score"]:
        """Both kinds by name; a kind without reviews is a score of nothing."""
        there = {score.kind: score for score in self.filter(shop=shop)}
        return {kind: there.get(kind) or Score(shop=shop, kind=kind) for kind in Kind.values}


class Score(models.Model):
    """The sums over the reviews of one kind that a shop's page shows."""

    LEAST = 5  # fewer reviews say more about chance than about the shop

    shop = models.ForeignKey(Shop, models.CASCADE, related_name="scores", db_index=False)
    kind = models.CharField(max_length=8, choices=Kind)
    count = models.PositiveIntegerField(default=0)
    stars = models.JSONField(default=no_stars)  # how many gave one, two … five
    stars_sum = models.PositiveIntegerField(default=0)
    service_sum = models.PositiveIntegerField(default=0)
    service_count = models.PositiveIntegerField(default=0)
    environment_sum = models.PositiveIntegerField(default=0)
    environment_count = models.PositiveIntegerField(default=0)
    value_sum = models.PositiveIntegerField(default=0)
    value_count = models.PositiveIntegerField(default=0)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [models.UniqueConstraint(name="score_once_per_shop_and_kind", fields=["shop", "kind"])]

    def __str__(self) -> str:
        return f"{self.shop_id} {self.kind} {self.count}"

    @property
    def average(self) -> float | None:
        """Of the stars; None before there are enough."""
        return self.stars_sum / self.count if self.count >= self.LEAST else None
