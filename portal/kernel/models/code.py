"""Tokens that stand in QR codes, and what they lead to."""

from django.db import models
from django.db.models.functions import Now


class Code(models.Model):
    """One scanned token and the thing it names: a kind known to an app, and that thing's key."""

    token = models.CharField(primary_key=True, max_length=16)
    kind = models.CharField(max_length=30)
    ref = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "ref"], name="code_of_thing")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}"
