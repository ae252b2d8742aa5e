"""How an offer is said: ``¥10 off over ¥38``, ``8 折`` for a fifth off, always the same everywhere."""

from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.kernel.money import format_money


class Terms(Protocol):
    """What programmes and the coupons copied from them have in common; amounts in minor units."""

    kind: str
    amount_off: int | None
    percent_off: int | None
    most_off: int | None
    minimum: int


def _chinese() -> bool:
    return not (get_language() or "zh").startswith("en")


def value(terms: Terms) -> str:
    """The figure on the ticket. Chinese counts what is still paid: 20 % off is 8 折."""
    if terms.amount_off is not None:
        return format_money(terms.amount_off)
    percent = terms.percent_off or 0
    if percent == 100:
        return _("Free")
    return f"{(100 - percent) / 10:g}" if _chinese() else f"{percent}%"


def small(terms: Terms) -> str:
    """The word beside the figure."""
    if terms.percent_off == 100:
        return ""
    if terms.percent_off is not None:
        return "折" if _chinese() else _("off")
    return "" if _chinese() else _("off")


def condition(terms: Terms) -> str:
    """From which bill it holds, and how much it takes off at most."""
    said = []
    if terms.minimum:
        said.append(_("on bills from %(minimum)s") % {"minimum": format_money(terms.minimum)})
    if terms.most_off:
        said.append(_("at most %(most)s off") % {"most": format_money(terms.most_off)})
    return " · ".join(said) or _("no minimum")


def sentence(terms: Terms) -> str:
    """The whole offer in one breath, for titles, share cards and screen readers."""
    if terms.percent_off == 100:
        offer = _("Free")
    elif terms.percent_off is not None:
        offer = (
            value(terms) + " 折" if _chinese() else _("%(percent)d%% off") % {"percent": terms.percent_off}
        )
    else:
        offer = _("%(amount)s off") % {"amount": format_money(terms.amount_off or 0)}
    if not terms.minimum:
        return offer
    return _("%(offer)s on bills from %(minimum)s") % {"offer": offer, "minimum": format_money(terms.minimum)}
