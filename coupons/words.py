"""How an offer is said: ``¥10 off over ¥38``, ``8 折`` for a fifth off, always the same everywhere."""

from typing import Protocol

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coupons.models import CouponKind
from portal.kernel.money import format_money


class Terms(Protocol):
    """What programmes and the coupons copied from them have in common; amounts in minor units."""

    kind: str
    amount_off: int | None
    percent_off: int | None
    most_off: int | None
    price: int | None
    item: str
    uses: int
    minimum: int


def _chinese() -> bool:
    return not (get_language() or "zh").startswith("en")


def value(terms: Terms) -> str:
    """The figure on the ticket. Chinese counts what is still paid: 20 % off is 8 折."""
    if terms.kind == CouponKind.VALUE:
        return format_money((terms.amount_off or 0) - getattr(terms, "spent", 0))
    if terms.amount_off is not None:
        return format_money(terms.amount_off)
    if terms.kind == CouponKind.FIXED:
        return format_money(terms.price or 0)
    percent = terms.percent_off or 0
    if percent == 100 or terms.kind in (CouponKind.GIFT, CouponKind.VOUCHER):
        return _("Free")
    return f"{(100 - percent) / 10:g}" if _chinese() else f"{percent}%"


def small(terms: Terms) -> str:
    """The word beside the figure."""
    if terms.percent_off == 100 or terms.kind in (CouponKind.FIXED, CouponKind.GIFT, CouponKind.VOUCHER):
        return ""
    if terms.percent_off is not None:
        return "折" if _chinese() else _("off")
    return "" if _chinese() or terms.kind == CouponKind.VALUE else _("off")


def below(terms: Terms) -> str:
    """Under the figure: how often or in which way."""
    if terms.kind == CouponKind.VALUE:
        return _("in parts")
    if terms.uses == 1:
        return ""
    left = terms.uses - getattr(terms, "times", 0)
    return ngettext("%(n)d time", "%(n)d times", left) % {"n": left}


def condition(terms: Terms) -> str:
    """From which bill it holds, and how much it takes off at most."""
    said = [terms.item] if terms.item else []
    if terms.minimum:
        said.append(_("on bills from %(minimum)s") % {"minimum": format_money(terms.minimum)})
    if terms.most_off:
        said.append(_("at most %(most)s off") % {"most": format_money(terms.most_off)})
    return " · ".join(said) or _("no minimum")


def _offer(terms: Terms) -> str:
    match terms.kind:
        case CouponKind.FIXED:
            return _("%(item)s for %(price)s") % {
                "item": terms.item,
                "price": format_money(terms.price or 0),
            }
        case CouponKind.GIFT:
            return _("%(item)s for free") % {"item": terms.item}
        case CouponKind.VOUCHER:
            return _("Voucher for %(item)s") % {"item": terms.item}
        case CouponKind.VALUE:
            return _("%(amount)s to use in parts") % {"amount": format_money(terms.amount_off or 0)}
        case CouponKind.AMOUNT:
            return _("%(amount)s off") % {"amount": format_money(terms.amount_off or 0)}
    if terms.percent_off == 100:
        return _("Free")
    return value(terms) + " 折" if _chinese() else _("%(percent)d%% off") % {"percent": terms.percent_off}


def sentence(terms: Terms) -> str:
    """The whole offer in one breath, for titles, share cards and screen readers."""
    offer = _offer(terms)
    if terms.uses > 1:
        offer = _("%(offer)s, %(n)d times") % {"offer": offer, "n": terms.uses}
    if not terms.minimum:
        return offer
    return _("%(offer)s on bills from %(minimum)s") % {"offer": offer, "minimum": format_money(terms.minimum)}
