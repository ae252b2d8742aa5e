"""Special days of a shop, and closing it for a while: what is put over the usual week."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from merchants.actions.shops import OPENING_FIELDS, note_opening
from merchants.models import DayKind, Shop, SpecialDay
from merchants.opening import week
from portal.kernel.dates import day as in_words
from portal.kernel.refused import Refused

FARTHEST = timedelta(days=366)
MOST_AHEAD = 120  # special days that can lie ahead of one shop
LATEST_END = week.DAY + 12 * 60 - 1  # 11:59 of the next day, as other listings take it too


class DayIsOver(Refused):
    sentence = _("%(day)s is over. Choose a day from today on.")


class DayTooFar(Refused):
    sentence = _("%(day)s is more than a year away. Choose an earlier day.")


class TooManyDays(Refused):
    sentence = _("At most %(most)d special days can lie ahead. Remove some, or close for a while instead.")


class HoursMissing(Refused):
    sentence = _("Enter from when to when, or choose closed.")


class TooLong(Refused):
    sentence = _("%(span)s is too long: one day's hours end at 11:59 of the next day at the latest.")


class BackBeforeAway(Refused):
    sentence = _("Choose a day to open again that lies after the first closed day.")


def today_at(shop: Shop) -> date:
    return timezone.localdate(timezone=ZoneInfo(shop.time_zone))


@transaction.atomic
def set_days(
    shop: Shop,
    days: Sequence[date],
    *,
    kind: DayKind,
    spans: Iterable[week.Span] = (),
    label: str = "",
    label_en: str = "",
) -> Shop:
    """Say how these dates are; what was said of them before is replaced. The same again changes nothing."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    hours = _checked_hours(kind, tuple(spans))
    for day in days:
        _check_day(day, today_at(shop))
    words = {"kind": kind, "hours": hours, "label": label, "label_en": label_en}
    present = {row.on: row for row in shop.special_days.filter(on__in=days)}
    for day in sorted(set(days)):
        row = present.get(day) or SpecialDay(shop=shop, on=day)
        if row.pk is None or any(getattr(row, name) != value for name, value in words.items()):
            for name, value in words.items():
                setattr(row, name, value)
            row.save()
    if shop.special_days.filter(on__gte=today_at(shop)).count() > MOST_AHEAD:
        raise TooManyDays(most=MOST_AHEAD)
    return keep_calendar(shop)


def _checked_hours(kind: DayKind, spans: tuple[week.Span, ...]) -> str:
    if kind != DayKind.HOURS:
        return ""
    if not spans:
        raise HoursMissing
    for one in spans:
        if one.closes > LATEST_END:
            raise TooLong(span=str(one))
    text = week.day_written(sorted(spans))
    week.spans_of(text)
    return text


def _check_day(day: date, today: date) -> None:
    if day < today:
        raise DayIsOver(day=in_words(day))
    if day > today + FARTHEST:
        raise DayTooFar(day=in_words(day))


@transaction.atomic
def clear_days(shop: Shop, days: Sequence[date]) -> Shop:
    """The usual week holds again on these dates."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    shop.special_days.filter(on__in=days).delete()
    return keep_calendar(shop)


@transaction.atomic
def go_away(shop: Shop, *, away_from: date, back_on: date, words: str = "", words_en: str = "") -> Shop:
    """Closed for a while, with the day on which it opens again and a sentence why."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    if back_on <= away_from:
        raise BackBeforeAway
    _check_day(back_on, today_at(shop))
    shop.away_from, shop.back_on = max(away_from, today_at(shop) - FARTHEST), back_on
    shop.away_words, shop.away_words_en = words, words_en
    return keep_calendar(shop)


@transaction.atomic
def come_back(shop: Shop) -> Shop:
    """Open again, earlier than was said or after all. Saying it twice says it once."""
    shop = Shop.objects.locked().get(pk=shop.pk)
    shop.away_from = shop.back_on = None
    shop.away_words = shop.away_words_en = ""
    return keep_calendar(shop)


def calendar_of(shop: Shop) -> dict[str, Any] | None:
    """What lists read, from the rows that people entered; days as usual need no exception."""
    rows = shop.special_days.filter(on__gte=today_at(shop) - timedelta(days=1)).exclude(kind=DayKind.USUAL)
    days = {
        row.on.isoformat(): {
            "at": [[one.opens, one.closes] for one in week.spans_of(row.hours)],
            "zh": row.label,
            "en": row.label_en,
        }
        for row in rows.order_by("on")
    }
    kept: dict[str, Any] = {"days": days} if days else {}
    if shop.away_from and shop.back_on:
        kept["away"] = [shop.away_from.isoformat(), shop.back_on.isoformat()]
    return kept or None


def keep_calendar(shop: Shop) -> Shop:
    shop.calendar = calendar_of(shop)
    note_opening(shop, timezone.now())
    away = ("away_from", "back_on", "away_words", "away_words_en")
    shop.save(update_fields=["calendar", *away, *OPENING_FIELDS])
    return shop
