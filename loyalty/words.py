"""Amounts of each kind of value, and reasons, as people read them."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from loyalty.models import MONEY, ValueKind
from portal.kernel.money import format_money

IMPORTED = "import"  # why a level was given that an old list had brought along


def why_in_words(reason: str) -> str:
    """What somebody wrote, or what the portal had to say for itself."""
    return _("brought along from the old list") if reason == IMPORTED else reason


def in_words(value: str, amount: int) -> str:
    """``300 points``, ``¥12.50``, ``3 visits``."""
    if value in MONEY:
        return format_money(amount, exact=True)
    if value == ValueKind.VISITS:
        return ngettext("%(count)d visit", "%(count)d visits", amount) % {"count": amount}
    return _("%(count)d points") % {"count": amount}
