"""What was changed on a shop, by whom, from what to what: read out of the audit's copies."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from merchants.models import Category, DayKind, Notice, Service, Shop, SpecialDay
from portal.kernel.models import User
from portal.kernel.money import format_money

LATEST = 60  # copies looked at of each kind
AWAY = ("away_from", "back_on", "away_words", "away_words_en")
TOLD: dict[type[models.Model], tuple[str, ...]] = {
    Shop: (
        *("name", "name_en", "category_id", "phone", "about", "about_en", "promise", "promise_en"),
        *("handbook", "handbook_en", "address", "location", "hours", *AWAY),
    ),
    Service: ("name", "name_en", "price", "minutes", "description", "description_en", "removed_at"),
    SpecialDay: ("on", "kind", "hours", "label", "label_en"),
    Notice: ("text", "text_en", "from_on", "until_on", "published_at", "withdrawn_at"),
}
KINDS = {
    "shop": Shop,
    "service": Service,
    "day": SpecialDay,
    "notice": Notice,
}  # what can be restored, by its name in a form
LABELS = {
    "removed_at": _("taken off the list"),
    "published_at": _("published"),
    "withdrawn_at": _("taken down"),
}


@dataclass(frozen=True)
class Difference:
    label: Any
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One saving; ``ref`` names it in the form that restores what was before, "" where nothing can be."""

    at: datetime
    who: str
    what: Any
    differences: list[Difference]
    ref: str


def changes_of(shop: Shop) -> list[Change]:
    """The latest first; one question per kind, and two for the names."""
    found = [row for model in TOLD for row in _pairs(model, shop)]
    found.sort(key=lambda row: (row[2].pgh_created_at, row[2].pgh_id), reverse=True)
    people = _people(row[2] for row in found)
    categories = {row.pk: row.name for row in Category.objects.all()}
    told = [_change(*row, people, categories) for row in found[:LATEST]]
    return [change for change in told if change.differences]


def copies_of(model: type[models.Model], shop: Shop) -> Any:
    """The audit's copies of the shop's own rows, in the order in which they were written."""
    events = model.pgh_event_model.objects  # type: ignore[attr-defined]
    mine = events.filter(pgh_obj=shop.pk) if model is Shop else events.filter(shop_id=shop.pk)
    return mine.order_by("-pgh_id").select_related("pgh_context")


def _pairs(model: type[models.Model], shop: Shop) -> Iterable[tuple[type[models.Model], Any, Any]]:
    """Each copy with the one before it of the same row; None for a row's first copy."""
    rows: dict[int, list[Any]] = {}
    for event in copies_of(model, shop)[:LATEST]:
        rows.setdefault(event.pgh_obj_id, []).append(event)
    for events in rows.values():
        for after, before in pairwise([*events, None]):
            if before is not None or after.pgh_label == "insert":
                yield model, before, after


def differing(model: type[models.Model], before: Any, after: Any) -> list[str]:
    """All of them for a row that came or went."""
    whole = before is None or is_end(after)
    return [name for name in TOLD[model] if whole or getattr(before, name) != getattr(after, name)]


def is_end(event: Any) -> bool:
    """The copy of a row that was taken away: it shows what was there last."""
    return bool(event.pgh_label == "delete")


def _change(
    model: type[models.Model], before: Any, after: Any, people: dict[int, str], categories: dict[int, str]
) -> Change:
    names = differing(model, before, after)
    left = None if is_end(after) else after
    shown = [
        Difference(_label(model, name), _say(name, before, categories), _say(name, left, categories))
        for name in names
    ]
    kind = next((name for name, one in KINDS.items() if one is model), "")
    return Change(
        at=after.pgh_created_at,
        who=people.get(_user(after), ""),
        what=after.name if model is Service else model._meta.verbose_name,
        differences=[one for one in shown if one.before != one.after],
        ref=f"{kind}-{after.pgh_id}" if kind and (before is not None or model is SpecialDay) else "",
    )


def _label(model: type[models.Model], name: str) -> Any:
    return LABELS.get(name) or model._meta.get_field(name.removesuffix("_id")).verbose_name  # type: ignore[union-attr]


def _say(name: str, row: Any, categories: dict[int, str]) -> str:
    value = getattr(row, name) if row is not None else None
    if value is None or value == "":
        return ""
    if name == "location":
        return f"{value.y:.6f}, {value.x:.6f}"
    if name == "kind":
        return str(DayKind(value).label)
    if name == "price":
        return format_money(value)
    if name == "category_id":
        return categories.get(value, "")
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _user(event: Any) -> int:
    return (event.pgh_context.metadata.get("user") if event.pgh_context else None) or 0


def _people(events: Iterable[Any]) -> dict[int, str]:
    keys = {_user(event) for event in events} - {0}
    return {person.pk: person.says() for person in User.objects.filter(pk__in=keys)}
