"""What makes somebody belong to a segment: rules as plain data, as a sentence, and as one question."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.dates import MONTHS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from consumers.neighbours import usually_near
from crm.models import Membership, NotedBirthday, OwnBirthday, Segment, Tag, Tagging
from loyalty.models import Card, Level
from merchants.models import Customer, Merchant, Shop
from portal.kernel.distances import distance
from portal.kernel.money import format_money
from portal.kernel.refused import Refused


class NoRule(Refused):
    sentence = gettext_lazy("Set at least one rule: a segment of everybody is no segment.")


class Crossed(Refused):
    sentence = gettext_lazy("Nobody can be in it: a “from” is larger than its “to”.")


@dataclass(frozen=True)
class Rules:
    """All that are set must hold. Money in minor units, times in days, distances in metres."""

    levels: tuple[int, ...] = ()  # their ranks; 0 is where every member begins
    visits_from: int | None = None
    visits_to: int | None = None
    spent_from: int | None = None
    spent_to: int | None = None
    seen_within: int | None = None
    away_for: int | None = None
    birthday_month: int | None = None  # the month in which it comes next
    shop: int | None = None  # what the distances are measured from
    beyond_m: int | None = None
    within_m: int | None = None
    on_list: int | None = None  # the key of a customer list of the same merchant
    tags: tuple[int, ...] = ()  # keys of the merchant's tags: one of them is enough

    def stored(self) -> dict[str, Any]:
        said = {name: value for name, value in asdict(self).items() if value not in (None, ())}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}

    def checked(self) -> "Rules":
        said = set(self.stored()) - {"shop"}
        if not said:
            raise NoRule
        for low, high in (
            (self.visits_from, self.visits_to),
            (self.spent_from, self.spent_to),
            (self.away_for, self.seen_within),
            (self.beyond_m, self.within_m),
        ):
            if low is not None and high is not None and low > high:
                raise Crossed
        return self


def read_rules(stored: dict[str, Any]) -> Rules:
    """What a later version of the portal stored and this one doesn't know is an error, not ignored."""
    known = {field.name for field in fields(Rules)}
    if unknown := set(stored) - known:
        raise ValueError(f"rules of a segment: {sorted(unknown)}")
    return Rules(**stored | {name: tuple(stored.get(name, ())) for name in ("levels", "tags")})


def matching(merchant: Merchant, rules: Rules, moment: datetime) -> QuerySet[Customer]:
    """One question for the merchant's customers whom all rules fit."""
    found = Customer.objects.of(merchant)
    for column, low, high in (
        ("visits", rules.visits_from, rules.visits_to),
        ("spent", rules.spent_from, rules.spent_to),
        ("last_visit_at", _ago(moment, rules.seen_within), None),
    ):
        if low is not None:
            found = found.filter(**{f"{column}__gte": low})
        if high is not None:
            found = found.filter(**{f"{column}__lte": high})
    if rules.away_for is not None:
        found = found.filter(last_visit_at__lt=_ago(moment, rules.away_for))
    if rules.levels:
        found = found.filter(pk__in=_at_levels(merchant, rules.levels))
    if rules.birthday_month:
        found = found.filter(_born_in(merchant, rules.birthday_month))
    if rules.on_list:
        on = Membership.objects.filter(merchant=merchant, segment=rules.on_list, until=None)
        found = found.filter(pk__in=on.values("customer"))
    if rules.tags:
        tagged = Tagging.objects.filter(merchant=merchant, tag__in=rules.tags)
        found = found.filter(pk__in=tagged.values("customer"))
    return _by_distance(found, merchant, rules)


def _ago(moment: datetime, days: int | None) -> datetime | None:
    return None if days is None else moment - timedelta(days=days)


def _at_levels(merchant: Merchant, ranks: tuple[int, ...]) -> QuerySet[Card, Any]:
    cards = Card.objects.filter(merchant=merchant, state="active")
    standing = cards.alias(rank=Coalesce("standing__level__rank", 0))
    return standing.filter(rank__in=ranks).values("customer")


def _born_in(merchant: Merchant, month: int) -> Q:
    """Only of birthdays that the shop may see: those it noted, and those that people show."""
    own = OwnBirthday.objects.filter(shown=True, next_on__month=month)
    noted = NotedBirthday.objects.filter(merchant=merchant, next_on__month=month)
    return Q(user__in=own.values("person")) | Q(pk__in=noted.values("customer"))


def _by_distance(found: QuerySet[Customer], merchant: Merchant, rules: Rules) -> QuerySet[Customer]:
    """Of those who agreed to usual areas; who agreed to nothing is at no distance, so in no band."""
    if rules.within_m is None:
        return found
    shop = Shop.objects.of(merchant).filter(pk=rules.shop or 0).first()
    if shop is None or shop.location is None:
        return found.none()
    here = (shop.location.y, shop.location.x)
    found = found.filter(user__in=usually_near(here, within_m=rules.within_m))
    return found.exclude(user__in=usually_near(here, within_m=rules.beyond_m)) if rules.beyond_m else found


def says(merchant: Merchant, rules: Rules) -> list[str]:
    """Each rule as a short sentence, in the active language."""
    said: list[str] = []
    if rules.levels:
        levels = Level.objects.filter(merchant=merchant, rank__in=rules.levels).order_by("rank")
        said.append(_("Level: %(levels)s") % {"levels": ", ".join(one.title for one in levels)})
    said += _span(_("Visits"), rules.visits_from, rules.visits_to, str)
    said += _span(_("Spent"), rules.spent_from, rules.spent_to, format_money)
    if rules.seen_within is not None:
        said.append(_("Seen in the last %(days)d days") % {"days": rules.seen_within})
    if rules.away_for is not None:
        said.append(_("Not seen for %(days)d days") % {"days": rules.away_for})
    if rules.birthday_month:
        said.append(_("Birthday in %(month)s") % {"month": MONTHS[rules.birthday_month]})
    if rules.within_m is not None:
        said.append(_where(merchant, rules))
    if rules.on_list and (kept := Segment.objects.of(merchant).filter(pk=rules.on_list).first()):
        said.append(_("On the list “%(name)s”") % {"name": kept.name})
    if rules.tags:
        names = Tag.objects.of(merchant).filter(pk__in=rules.tags).order_by("folded")
        said.append(_("Tagged: %(tags)s") % {"tags": ", ".join(one.name for one in names)})
    return said


def _span(what: str, low: int | None, high: int | None, shown: Any) -> list[str]:
    if low is not None and high is not None:
        return [_("%(what)s: %(low)s to %(high)s") % {"what": what, "low": shown(low), "high": shown(high)}]
    if low is not None:
        return [_("%(what)s: %(low)s or more") % {"what": what, "low": shown(low)}]
    return [] if high is None else [_("%(what)s: at most %(high)s") % {"what": what, "high": shown(high)}]


def _where(merchant: Merchant, rules: Rules) -> str:
    shop = Shop.objects.of(merchant).filter(pk=rules.shop or 0).first()
    values = {
        "shop": shop.title if shop else "–",
        "near": distance(rules.within_m or 0),
        "beyond": distance(rules.beyond_m or 0),
    }
    if rules.beyond_m:
        return _("Usually %(beyond)s to %(near)s from %(shop)s") % values
    return _("Usually within %(near)s of %(shop)s") % values
