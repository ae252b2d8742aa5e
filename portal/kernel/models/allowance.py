"""How often something was tried, counted where no crash and no emptied Redis can reset it."""

from django.db import models


class Allowance(models.Model):
    """Tries of one action by one party in the running window."""

    key = models.CharField(primary_key=True, max_length=64)  # keyed hash: names nobody
    used = models.PositiveIntegerField()
    renews_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.used} until {self.renews_at:%H:%M:%S}"
