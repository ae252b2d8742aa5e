"""What a complaint is about, in the plain words that people choose from: a tree that managers tend."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from complaints import triggers
from portal.kernel.audit import audited


@audited()
class Reason(models.Model):
    """One of them. Its code stays for good, because cases, deadlines and files of old cases name it."""

    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("belongs to"),
        to_field="code",
        null=True,
        blank=True,
        related_name="children",
    )
    code = models.SlugField(_("code"), max_length=20, unique=True)
    name_zh = models.CharField(_("name in Chinese"), max_length=60)
    name_en = models.CharField(_("name in English"), max_length=60)
    position = models.PositiveSmallIntegerField(_("order in the list"), default=0)
    is_retired = models.BooleanField(_("no longer used"), default=False)

    class Meta:
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")
        constraints = [
            models.CheckConstraint(
                name="reason_is_not_its_own_parent", condition=Q(parent=None) | ~Q(parent=F("code"))
            ),
        ]
        triggers = [triggers.reasons_form_a_tree()]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return self.name_zh if (get_language() or "").startswith("zh") else self.name_en


def about(default: str | None = None, **kwargs: object) -> "models.ForeignKey[Reason, Reason]":
    """The column ``reason`` of a table: the code of a reason."""
    settings: dict[str, object] = {"to_field": "code", "db_column": "reason", "db_index": False}
    if default:
        settings["default"] = default
    return models.ForeignKey(Reason, models.PROTECT, related_name="+", **settings | kwargs)  # type: ignore[arg-type]
