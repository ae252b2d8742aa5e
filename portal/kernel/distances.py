"""Distances as people say them."""

from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

METRES_WALKED_PER_MINUTE = 75


def distance(metres: float | str | None) -> str:
    """Metres as people say them: 80 m, 350 m, 1.2 km, 12 km; nothing when unknown."""
    if metres is None or metres == "":
        return ""
    metres = float(metres)
    if metres < 995:
        step = 5 if metres < 100 else 10
        return _("%(number)s m") % {"number": max(step, round(metres / step) * step)}
    kilometres = metres / 1000
    return _("%(number)s km") % {
        "number": f"{kilometres:.1f}".removesuffix(".0") if kilometres < 9.95 else round(kilometres)
    }


def walk(metres: float | str | None) -> str:
    """How long it takes on foot, rounded up; nothing beyond half an hour."""
    minutes = max(1, ceil(float(metres or 0) / METRES_WALKED_PER_MINUTE))
    if metres is None or metres == "" or minutes > 30:
        return ""
    return ngettext("%(count)s min walk", "%(count)s min walk", minutes) % {"count": minutes}
