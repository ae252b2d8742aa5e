"""Every word that some shop is found by, so that a mistyped one can be put right."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Func


class Misspellings(Func):
    """Fingerprints of a text with each one of its letters left out, and of the text itself."""

    function = "misspellings"


class Word(models.Model):
    """A folded word of names, kinds or services, and how many listed shops have it."""

    text = models.CharField(max_length=24, unique=True)
    shops = models.PositiveIntegerField(default=1)

    class Meta:
        # read by vocabulary.meant_by: two words one slip apart share one of these
        indexes = [GinIndex(Misspellings("text"), name="word_misspelt")]

    def __str__(self) -> str:
        return self.text
