"""The terms of an offer as its holder reads them: one sentence for each rule, none left out."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from coupons.calendar import said_days, said_hours, said_weekdays
from coupons.judging import named
from coupons.models import Audience, Coupon, CouponKind, CouponProgramme, CouponTerms
from loyalty.models import Level
from merchants.models import Shop
from portal.kernel.money import format_money


def said_rules(one: CouponProgramme | Coupon, *, on_paper: bool = False) -> list[str]:
    """For the page of one offer or coupon: names of services, shops and levels are asked for.

    ``on_paper`` it has no holder whom passing it on could concern.
    """
    terms = one.terms
    said = [*_worth(one), *_where(terms), *_when(terms)]
    if terms.audience == Audience.LEVELS:
        said.append(_("For members: %(levels)s.") % {"levels": said_levels(terms)})
    if terms.audience == Audience.SEGMENT:
        said.append(_("For customers whom the shop has chosen."))
    if not terms.stacks:
        said.append(_("Instead of the member discount and points, not on top of them."))
    if on_paper:
        return said
    said.append(
        _("You may pass it on to somebody else, once at a time.")
        if terms.is_transferable
        else _("Only you can use it; it can’t be passed on.")
    )
    return said


def _worth(one: CouponProgramme | Coupon) -> list[str]:
    said = []
    if one.minimum:
        said.append(_("On bills from %(minimum)s.") % {"minimum": format_money(one.minimum)})
    if one.most_off:
        said.append(_("At most %(most)s off.") % {"most": format_money(one.most_off)})
    if one.uses > 1:
        said.append(
            ngettext("Can be used %(n)d time.", "Can be used %(n)d times.", one.uses) % {"n": one.uses}
        )
    if one.kind == CouponKind.VALUE:
        said.append(_("What one bill doesn’t use up stays on it."))
    return said


def _where(terms: CouponTerms) -> list[str]:
    said = []
    if terms.services:
        said.append(_("For: %(services)s.") % {"services": named(terms.services)})
    if terms.shops:
        names = Shop.objects.filter(pk__in=terms.shops).order_by("pk")
        said.append(_("Only at %(shops)s.") % {"shops": ", ".join(shop.title for shop in names)})
    return said


def _when(terms: CouponTerms) -> list[str]:
    said = []
    if terms.weekdays:
        said.append(_("On %(days)s.") % {"days": said_weekdays(terms)})
    if hours := said_hours(terms):
        said.append(_("From %(hours)s.") % {"hours": hours})
    if terms.has_blackouts:
        days = [said_days(one.starts_on, one.ends_on) for one in terms.blackouts.order_by("starts_on")]
        said.append(_("Not on %(days)s.") % {"days": ", ".join(days)})
    if terms.days:
        said.append(_valid(terms.days))
    return said


def said_levels(terms: CouponTerms) -> str:
    levels = Level.objects.filter(merchant=terms.merchant_id, rank__in=terms.levels).order_by("rank")
    return ", ".join(level.title for level in levels)


def _valid(days: int) -> str:
    """Counted from the claim's own day on."""
    if days == 1:
        return _("Valid on the day you claim it.")
    return _("Valid for %(n)d days, the day you claim it included.") % {"n": days}
