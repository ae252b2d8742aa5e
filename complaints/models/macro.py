"""Answers that are written again and again: kept in both languages, filled with the facts of the case."""

import string
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from complaints.models.reason import about
from portal.kernel.audit import audited

#: What may stand in braces in the words of a macro.
FIELDS = ("name", "number", "shop", "agent", "due")


def check_fields(text: str) -> None:
    """Only the fields that are known, written {like_this}."""
    try:
        found = [field for field in string.Formatter().parse(text) if field[1] is not None]
    except ValueError as fault:
        raise ValidationError(_("A brace stands alone. Write fields as {number}.")) from fault
    if any(spec or conversion for _text, _name, spec, conversion in found):
        raise ValidationError(_("Write fields by their names alone, such as {number}."))
    if unknown := sorted({str(name) for _text, name, _spec, _conversion in found} - set(FIELDS)):
        raise ValidationError(
            _("There is no field {%(name)s}. The fields are %(known)s."),
            params={"name": unknown[0], "known": ", ".join(f"{{{name}}}" for name in FIELDS)},
        )


@audited()
class Macro(models.Model):
    """One such answer. The person reads it in their own language."""

    name = models.CharField(_("name"), max_length=60, unique=True)
    reason = about(verbose_name=_("only for this reason"), null=True, blank=True)
    text_zh = models.TextField(_("Chinese"), max_length=4000, validators=[check_fields])
    text_en = models.TextField(_("English"), max_length=4000, validators=[check_fields])
    is_kept = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")

    def __str__(self) -> str:
        return self.name

    def filled(self, language: str, **facts: Any) -> str:
        """The words in that language; fields were checked when they were written."""
        text = self.text_zh if language.startswith("zh") else self.text_en
        return text.format(**facts)
