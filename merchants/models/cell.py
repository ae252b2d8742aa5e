"""How many shops stand where, counted beforehand for maps of a whole city or country."""

from django.db import models

from merchants.models.category import Category


class MapCell(models.Model):
    """One square of a map: how many listed shops of a kind (of all kinds: none named), and where they lie."""

    level = models.PositiveSmallIntegerField()  # a square is 360 / 2^(level + 2) degrees wide
    x = models.IntegerField()
    y = models.IntegerField()
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="+", db_index=False
    )
    shops = models.PositiveIntegerField()
    lat = models.FloatField()  # their middle
    lon = models.FloatField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        # read by merchants.clusters, which asks for a window of one level
        indexes = [models.Index(fields=["level", "category", "x", "y"], name="map_cell_in_view")]

    def __str__(self) -> str:
        return f"{self.level}/{self.x}/{self.y}: {self.shops}"
