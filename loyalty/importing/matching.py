"""Whom of a list the shop knows already, and what therefore comes of a row."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from loyalty.importing.headers import folded
from loyalty.importing.judging import Facts, Reason
from loyalty.models import (
    Brought,
    Card,
    CardState,
    Entry,
    EntryKind,
    ImportRow,
    Outcome,
    Programme,
    RowState,
    Standing,
    ValueKind,
)
from merchants.models import Customer
from portal.kernel.crypto import blind_indexes
from portal.kernel.models import User

KINDS = tuple(kind.value for kind in ValueKind if kind.value in ("points", "principal", "bonus"))


@dataclass
class Known:
    """What the portal knows of some rows' people: nine questions, however many rows."""

    programme: Programme
    by: User
    people: dict[bytes, int] = field(default_factory=dict)  # index of a proven phone → person
    with_phone: dict[bytes, Customer] = field(default_factory=dict)
    with_user: dict[int, Customer] = field(default_factory=dict)
    with_number: dict[str, Card] = field(default_factory=dict)
    cards: dict[int, Card] = field(default_factory=dict)  # customer → card
    brought: dict[int, Brought] = field(default_factory=dict)  # card → facts
    opened: set[tuple[int, str]] = field(default_factory=set)  # card, kind: brought in earlier, standing
    taken_back: set[int] = field(default_factory=set)  # cards that an undone import closed
    levels: dict[str, int] = field(default_factory=dict)  # name on the list, folded → rank
    ranks: dict[int, int] = field(default_factory=dict)  # card → rank at which it stands, above the lowest

    @classmethod
    def about(
        cls, programme: Programme, by: User, rows: Sequence[Facts], levels: dict[str, int] | None = None
    ) -> Self:
        known = cls(programme, by, levels=levels or {})
        indexes = [index for row in rows if row.phone for index in blind_indexes(row.phone)]
        proven = User.objects.filter(phone_index__in=indexes, phone_verified_at__isnull=False)
        known.people = {bytes(index): pk for pk, index in proven.values_list("pk", "phone_index")}
        ours = Customer.objects.filter(merchant=programme.merchant_id)
        known.with_phone = {bytes(c.phone_index): c for c in ours.filter(phone_index__in=indexes)}
        known.with_user = {c.user_id: c for c in ours.filter(user__in=known.people.values())}  # type: ignore[misc]
        known._look_at_cards([row.number for row in rows if row.number])
        return known

    def _look_at_cards(self, numbers: list[str]) -> None:
        ours = Card.objects.filter(merchant=self.programme.merchant_id).select_related(
            "customer", "programme"
        )
        old = Brought.objects.filter(merchant=self.programme.merchant_id, number__in=numbers)
        numbered = dict(old.values_list("card", "number"))
        self.with_number = {numbered[card.pk]: card for card in ours.filter(pk__in=numbered)}
        customers = [c.pk for c in (*self.with_phone.values(), *self.with_user.values())]
        self.cards = {card.customer_id: card for card in ours.filter(customer__in=customers)}
        self.cards |= {card.customer_id: card for card in self.with_number.values()}
        held = [card.pk for card in self.cards.values()]
        self.brought = {fact.card_id: fact for fact in Brought.objects.filter(card__in=held)}
        opening = Entry.objects.filter(account__card__in=held, kind=EntryKind.OPENING, reversed_by=None)
        self.opened = set(opening.values_list("account__card", "account__kind"))
        back = ImportRow.objects.filter(card__in=held, state=RowState.UNDONE, made_card=True)
        self.taken_back = set(back.values_list("card", flat=True))
        if self.levels:
            self.ranks = dict(Standing.objects.filter(card__in=held).values_list("card", "level__rank"))

    def person(self, facts: Facts) -> int | None:
        """The account whose proven phone this is."""
        found = (self.people.get(index) for index in _indexes(facts))
        return next((pk for pk in found if pk), None)

    def customer(self, facts: Facts) -> Customer | None:
        """As ``find_or_enrol_customer`` finds them: by account, by phone; also by the old number."""
        if (person := self.person(facts)) and person in self.with_user:
            return self.with_user[person]
        for index in _indexes(facts):
            if (known := self.with_phone.get(index)) and not (person and known.user_id):
                return known
        if not facts.phone and facts.number in self.with_number:
            return self.with_number[facts.number].customer
        return None

    def card(self, facts: Facts) -> Card | None:
        customer = self.customer(facts)
        return self.cards.get(customer.pk) if customer else None

    def judge(self, facts: Facts) -> tuple[Outcome, list[Reason]]:
        """What comes of the row now, and why nothing does."""
        card = self.card(facts)
        if reason := self._against(facts, card):
            return Outcome.BAD, [(reason, {})]
        if card is None or card.state == CardState.CLOSED:
            return Outcome.NEW, []
        if self.to_bring(facts, card) or self.rank(facts, card) or self._tells_more(facts, card):
            return Outcome.CHANGE, []
        worth = any(facts.worth(kind) for kind in KINDS)
        return Outcome.KNOWN, [("opened", {})] if worth else []

    def to_bring(self, facts: Facts, card: Card | None) -> dict[str, int]:
        """Kind → amount; what an earlier import brought to this card isn't brought again."""
        worth = {kind: facts.worth(kind) for kind in KINDS if facts.worth(kind)}
        return {kind: much for kind, much in worth.items() if not card or (card.pk, kind) not in self.opened}

    def rank(self, facts: Facts, card: Card | None) -> int:
        """Of the level that the list lifts the member to; 0 when it lifts nobody. Nobody lifts themselves."""
        rank = self.levels.get(folded(facts.level), 0)
        own = self._is_own(facts) or (card is not None and card.customer.is_person(self.by))
        return 0 if own or (card and rank <= self.ranks.get(card.pk, 0)) else rank

    def _against(self, facts: Facts, card: Card | None) -> str:
        worth = any(facts.worth(kind) for kind in KINDS)
        holder = self.with_number.get(facts.number) if facts.number else None
        if worth and self._is_own(facts):
            return "own"
        if holder and (card is None or holder.pk != card.pk):
            return "taken"
        if card is None:
            return "" if self.programme.is_open else "no_new"
        if card.state == CardState.CLOSED and card.pk not in self.taken_back:
            return "closed"
        return "frozen" if card.state == CardState.FROZEN and (worth or self.rank(facts, card)) else ""

    def _is_own(self, facts: Facts) -> bool:
        same_phone = bool(self.by.phone) and facts.phone == self.by.phone
        return same_phone or self.person(facts) == self.by.pk

    def _tells_more(self, facts: Facts, card: Card) -> bool:
        """Whether a blank can be filled; what the shop knows already is never overwritten."""
        there: dict[str, Any] = self.brought[card.pk].says() if card.pk in self.brought else {}
        more = any(getattr(facts, name) and not there.get(name) for name in ("number", "birthday", "level"))
        return more or bool(facts.name and not card.customer.name)


def _indexes(facts: Facts) -> list[bytes]:
    return blind_indexes(facts.phone) if facts.phone else []
