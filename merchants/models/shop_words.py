"""What a shop says of itself, in both languages."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from merchants.wording import in_language


class ShopWords(models.Model):
    """The words of a shop; each ``…_says`` is the one in the reader's language."""

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    about = models.TextField(_("about the shop"), blank=True)
    about_en = models.TextField(_("about the shop, in English"), blank=True, db_default="")
    promise = models.CharField(_("service promise"), max_length=200, blank=True, db_default="")
    promise_en = models.CharField(_("service promise in English"), max_length=300, blank=True, db_default="")
    handbook = models.TextField(_("good to know"), blank=True, db_default="")
    handbook_en = models.TextField(_("good to know, in English"), blank=True, db_default="")
    away_words = models.CharField(_("why"), max_length=200, blank=True, db_default="")
    away_words_en = models.CharField(_("why, in English"), max_length=200, blank=True, db_default="")

    class Meta:
        abstract = True

    @property
    def title(self) -> str:
        """The name in the reader's language where there is one."""
        english = (get_language() or "").startswith("en")
        return self.name_en if english and self.name_en else self.name

    @property
    def away_says(self) -> str:
        return in_language(self.away_words, self.away_words_en)

    @property
    def about_says(self) -> str:
        return in_language(self.about, self.about_en)

    @property
    def promise_says(self) -> str:
        return in_language(self.promise, self.promise_en)

    @property
    def handbook_says(self) -> str:
        return in_language(self.handbook, self.handbook_en)
