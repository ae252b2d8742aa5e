"""Groups of a merchant's customers that an app above this one keeps: segments and lists, as an audience."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from merchants.models import Merchant


@dataclass(frozen=True)
class Group:
    """One that an offer can be for; ``says``: its name and how many it has, as its merchant may read it."""

    key: int
    token: str
    says: str


class Groups(Protocol):
    def offered(self, merchant: Merchant, *, kept: int | None) -> list[Group]:
        """Those that can be chosen, and ``kept``, which a draft has already."""

    def check(self, merchant: Merchant, key: int) -> None:
        """Raises Refused where an offer can't be for it."""

    def admit(self, key: int, people: Iterable[int], *, moment: datetime) -> set[int]:
        """Who of these persons is in it now. They stay in it until the transaction ends."""

    def with_person(self, person: int, keys: Collection[int], *, moment: datetime) -> set[int]:
        """Which of these the person is in. As many questions for one as for fifty."""

    def people(self, key: int, *, moment: datetime) -> "QuerySet[Any, Any]":
        """Keys of persons, one column."""


_kept: list[Groups] = []


def keeps_groups(groups: Groups) -> None:
    """Said once, by the app that keeps them."""
    _kept[:] = [groups]


def groups() -> Groups:
    (kept,) = _kept
    return kept
