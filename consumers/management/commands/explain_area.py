"""Why a square is among somebody's usual areas, reason by reason."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from consumers.actions import evidence_of
from consumers.cells import read_cell
from consumers.fading import LEAST
from consumers.models import AreaCell, Interests
from portal.kernel.models import User


class Command(BaseCommand):
    help = (
        "Tells why a square of some 500 m is among a person's usual areas: each purchase, redemption and"
        " search with its weight today. Without CELL it lists the person's squares."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("person", type=int, help="the number of the person, as /staff/ shows it")
        parser.add_argument("cell", nargs="?", default="", help="ROW:COLUMN, as the list prints it")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(pk=options["person"]).first()
        if person is None:
            raise CommandError("There is no person with this number.")
        mine = Interests.objects.filter(person=person).first()
        if mine is None or not mine.areas_on:
            self.stdout.write("This person has not agreed to usual areas: there are none.")
        elif options["cell"]:
            self._explain(person, options["cell"])
        else:
            self._list(person)

    def _list(self, person: User) -> None:
        for row in AreaCell.objects.filter(person=person).order_by("-is_own", "-weight", "pk"):
            lat, lon = row.cell.centre
            how = "put there by the person" if row.is_own else f"weight {row.weight:.2f}"
            self.stdout.write(f"{row.cell}  around {lat:.4f},{lon:.4f}  {how}")

    def _explain(self, person: User, text: str) -> None:
        cell, today = read_cell(text), timezone.localdate()
        if cell is None:
            raise CommandError("Write the square as ROW:COLUMN, such as 6940:23061.")
        kept = AreaCell.objects.filter(person=person, row=cell.row, column=cell.column).first()
        if kept is None:
            self.stdout.write(f"{cell} is not among this person's usual areas.")
        elif kept.is_own:
            self.stdout.write(f"{cell} was put there by the person; it doesn't fade.")
        reasons = sorted((one for one in evidence_of(person, today) if one.cell == cell), key=lambda e: e.on)
        total = 0.0
        for one in reasons:
            weight = one.weight(today)
            total += weight
            self.stdout.write(f"  {one.on}  {one.what:<10} × {one.times}  counts {weight:.3f} today")
        self.stdout.write(f"  together {total:.3f}; a square is kept from {LEAST} on")
