"""My usual areas: agreed to, worked out, corrected, deleted. Off means gone."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consumers.cells import Cell, cell_of
from consumers.fading import LOOKS_BACK, SEARCHES_KEPT, Evidence, summed
from consumers.models import AreaCell, AreaConsent, AreaPurpose, Interests, LeftOut, SearchCell
from orders.models import Purchase
from portal.kernel.crypto import blind_index
from portal.kernel.models import User
from portal.kernel.refused import Refused

# Changing a word of the sentences takes a new version: the ledger says which ones a person saw.
TEXT_VERSION = "2026-11-22"
TEXTS = {
    AreaPurpose.AREAS: _(
        "Street Corner may work out once a week, from the shops where I bought something, in which squares"
        " of about 500 metres I usually am. Only I see them; no shop does."
    ),
    AreaPurpose.SEARCHES: _(
        "It may also note in which square I was when I searched in this browser. That is kept for 30 days."
    ),
}
EVERY = timedelta(days=6)  # the task comes once a week
MOST_OWN, MOST_TIMES = 10, 20

_NOTE = """
INSERT INTO consumers_searchcell AS known (person_id, "row", "column", "on", times)
SELECT person_id, %(row)s, %(column)s, %(on)s, 1 FROM consumers_interests
WHERE person_id = %(person)s AND searches_on
ON CONFLICT (person_id, "row", "column", "on")
DO UPDATE SET times = least(known.times + 1, %(most)s)
"""


class AreasAreOff(Refused):
    sentence = _("Switch “My usual areas” on first.")


class OwnEnough(Refused):
    sentence = _("You have put %(most)d squares yourself. Take one away first.")


@transaction.atomic
def agree_to_areas(person: User, purpose: str, *, agreed: bool, moment: datetime | None = None) -> None:
    """Yes or no to usual areas, or to searches as a part of them; a no deletes what came of the yes.

    Only a change of mind makes an entry in the ledger.
    """
    moment = moment or timezone.now()
    mine = _held(person)
    before = (mine.areas_on, mine.searches_on)
    if purpose == AreaPurpose.SEARCHES:
        if agreed and not mine.areas_on:
            raise AreasAreOff
        _say(mine, AreaPurpose.SEARCHES, agreed)
    else:
        if not agreed:
            _say(mine, AreaPurpose.SEARCHES, False)
        _say(mine, AreaPurpose.AREAS, agreed)
    if not mine.searches_on:
        SearchCell.objects.filter(person=person).delete()
    if not mine.areas_on:
        AreaCell.objects.filter(person=person).delete()
        LeftOut.objects.filter(person=person).delete()
        mine.computed_at = None
    mine.save(update_fields=["areas_on", "searches_on", "computed_at"])
    if mine.areas_on and before != (mine.areas_on, mine.searches_on):
        _work_out(mine, moment)


def _held(person: User) -> Interests:
    Interests.objects.get_or_create(person=person)
    return Interests.objects.locked().get(person=person)


def _say(mine: Interests, purpose: AreaPurpose, agreed: bool) -> None:
    name = "areas_on" if purpose == AreaPurpose.AREAS else "searches_on"
    if getattr(mine, name) != agreed:
        setattr(mine, name, agreed)
        AreaConsent.objects.create(
            person=mine.person, purpose=purpose, agreed=agreed, text_version=TEXT_VERSION
        )


def note_search(person: User, lat: float, lon: float, *, moment: datetime | None = None) -> None:
    """Count a search in its square, if the person agreed; the exact point is kept nowhere."""
    cell = cell_of(lat, lon)
    on = (moment or timezone.now()).date()
    values: dict[str, Any] = {
        "person": person.pk,
        "row": cell.row,
        "column": cell.column,
        "on": on,
        "most": MOST_TIMES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, values)


@transaction.atomic
def work_out(person: User, *, moment: datetime | None = None) -> int:
    """The squares of one person anew; returns how many there are. Nothing without consent."""
    mine = Interests.objects.locked().filter(person=person, areas_on=True).first()
    return _work_out(mine, moment or timezone.now()) if mine else 0


def work_out_due(moment: datetime, *, limit: int = 500) -> int:
    """Everybody whose squares are a week old, one transaction each; returns how many people."""
    due = Interests.objects.due(moment - EVERY).order_by("pk").values_list("person", flat=True)[:limit]
    people = list(User.objects.filter(pk__in=list(due)))
    for person in people:
        work_out(person, moment=moment)
    return len(people)


def forget_old_searches(today: date) -> int:
    return SearchCell.objects.filter(on__lt=today - SEARCHES_KEPT).delete()[0]


def _work_out(mine: Interests, moment: datetime) -> int:
    today, hidden = timezone.localdate(moment), _left_out(mine.person)
    own = set(AreaCell.objects.filter(person=mine.person, is_own=True).values_list("row", "column"))
    found = summed(evidence_of(mine.person, today), today)
    AreaCell.objects.filter(person=mine.person, is_own=False).delete()
    cells = [
        AreaCell(person=mine.person, row=cell.row, column=cell.column, computed_at=moment, **vars(total))
        for cell, total in found.items()
        if cell not in own and _digest(mine.person, cell) not in hidden
    ]
    AreaCell.objects.bulk_create(cells)
    mine.computed_at = moment
    mine.save(update_fields=["computed_at"])
    return len(cells) + len(own)


def evidence_of(person: User, today: date) -> Iterator[Evidence]:
    """Every reason there is: purchases that stand, coupons redeemed with them, searches agreed to."""
    bought = Purchase.objects.made_by(person).standing().filter(shop__location__isnull=False)
    recent = bought.filter(made_at__date__gt=today - LOOKS_BACK, made_at__date__lte=today)
    for shop, made_at, redemption in recent.values_list("shop__location", "made_at", "redemption"):
        cell = cell_of(shop.y, shop.x)  # type: ignore[union-attr]  # only shops with a place were asked for
        yield Evidence(cell, "purchase", made_at.date())
        if redemption:
            yield Evidence(cell, "redemption", made_at.date())
    for row in SearchCell.objects.filter(person=person, on__gt=today - SEARCHES_KEPT):
        yield Evidence(row.cell, "search", row.on, row.times)


def _digest(person: User, cell: Cell) -> bytes:
    return bytes(blind_index(f"area/{person.pk}/{cell}"))


def _left_out(person: User) -> set[bytes]:
    rows = LeftOut.objects.filter(person=person).values_list("digest", flat=True)
    return {bytes(digest) for digest in rows}


@transaction.atomic
def add_area(person: User, lat: float, lon: float, *, moment: datetime | None = None) -> None:
    """A square the person names themselves; it stays until they take it away. Twice is once."""
    mine, cell = _held(person), cell_of(lat, lon)
    if not mine.areas_on:
        raise AreasAreOff
    others = AreaCell.objects.filter(person=person, is_own=True).exclude(row=cell.row, column=cell.column)
    if others.count() >= MOST_OWN:
        raise OwnEnough(most=MOST_OWN)
    LeftOut.objects.filter(person=person, digest=_digest(person, cell)).delete()
    AreaCell.objects.update_or_create(
        person=person,
        row=cell.row,
        column=cell.column,
        defaults={"is_own": True, "computed_at": moment or timezone.now()},
    )


@transaction.atomic
def remove_area(person: User, cell: Cell) -> None:
    """Gone, and it doesn't come back next week; which square it was can't be read from what is kept."""
    _held(person)
    AreaCell.objects.filter(person=person, row=cell.row, column=cell.column).delete()
    SearchCell.objects.filter(person=person, row=cell.row, column=cell.column).delete()
    LeftOut.objects.get_or_create(person=person, digest=_digest(person, cell))
