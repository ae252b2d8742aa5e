"""Writing what an import brings: customers, cards and opening balances, some hundred rows at a time.

Each chunk is one transaction in which its rows are marked as done, and every ledger entry has a key made
of the import and the row: a run that was killed goes on where it stopped, and nothing comes twice.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.utils import timezone

from loyalty.actions.cards import free_numbers
from loyalty.actions.imported_levels import give_levels
from loyalty.actions.importing import count_rows, held_by_all
from loyalty.events import CardJoined, MembersImported
from loyalty.importing.judging import Facts, facts_in
from loyalty.importing.level_names import ranks_by_name
from loyalty.importing.matching import KINDS, Known
from loyalty.models import (
    Account,
    Brought,
    Card,
    CardState,
    EntryKind,
    ImportRow,
    ImportState,
    MemberImport,
    Outcome,
    RowState,
    ValueKind,
)
from loyalty.value.expiry import expiry_of
from loyalty.value.ledger import Posting, post_many
from merchants.actions import find_or_enrol_customer
from merchants.models import Customer
from portal.kernel.audit import context
from portal.kernel.codes import new_code
from portal.kernel.events import publish
from portal.kernel.jobs import Running
from portal.kernel.models import Code

CHUNK = 250
NOTED = ("number", "birthday", "level")
TRIES = 3  # a till may enrol somebody of the list in the same moment


def bring_members(running: Running) -> None:
    """The work of a confirmed import."""
    batch = MemberImport.objects.get(pk=running.params["import"])
    rows = ImportRow.objects.filter(batch=batch)
    total = rows.filter(outcome__in=[Outcome.NEW, Outcome.CHANGE]).count()
    while brought := _chunk(batch.pk, running):
        left = rows.to_bring().count()
        running.progress(max(total - left, brought), max(total, brought))
    counts = _finish(batch.pk, running)
    running.finish_with(failed_rows=counts.get(Outcome.BAD, 0))


def _chunk(batch_id: int, running: Running) -> int:
    for turn in range(TRIES):
        try:
            return bring_chunk(batch_id, running)
        except IntegrityError:
            if turn == TRIES - 1:
                raise
    raise AssertionError("unreachable")


@transaction.atomic
def bring_chunk(batch_id: int, running: Running) -> int:
    """The next rows of the import; returns how many there were. None when another run has taken over."""
    batch = _held(batch_id)
    if batch.state != ImportState.IMPORTING or batch.job_id != running.job.pk:
        return 0
    running.checkpoint()
    rows = list(ImportRow.objects.filter(batch=batch).to_bring().order_by("number")[:CHUNK])
    if rows:
        with context(user=batch.confirmed_by_id, reason=batch.document):
            Chunk(batch, rows).bring()
    return len(rows)


def _held(batch_id: int) -> MemberImport:
    rows = MemberImport.objects.locked().select_related("merchant__programme__merchant", "confirmed_by")
    return rows.get(pk=batch_id)


class Chunk:
    """Some rows of one import on their way to cards."""

    def __init__(self, batch: MemberImport, rows: list[ImportRow]) -> None:
        self.batch, self.programme = batch, batch.merchant.programme
        self.moment, self.zone = timezone.now(), batch.merchant.zone
        self.corrected: set[str] = set()  # kinds of which less comes than the check had said
        facts = [facts_in(row.sealed or "") for row in rows]
        levels = ranks_by_name(batch.levels)
        self.known = Known.about(self.programme, batch.confirmed_by, facts, levels)  # type: ignore[arg-type]
        self.pairs = [pair for pair in zip(rows, facts, strict=True) if self._still_good(*pair)]

    def _still_good(self, row: ImportRow, facts: Facts) -> bool:
        """Since the check a card may have been frozen, or somebody has joined."""
        outcome, reasons = self.known.judge(facts)
        if outcome in (Outcome.NEW, Outcome.CHANGE):
            return True
        row.outcome, row.reasons = outcome, reasons
        row.save(update_fields=["outcome", "reasons"])
        return False

    def bring(self) -> None:
        customers = self._customers()
        cards = self._cards(customers)
        for row, _facts in self.pairs:
            row.card, row.state = cards[customers[row.pk].pk], RowState.DONE
        done = [row for row, _facts in self.pairs]
        self._open_again(done)
        post_many([step for row, facts in self.pairs for step in self._steps(row, facts, row.card)])  # type: ignore[arg-type]
        self._note()
        lifted = self._lifted()
        self._write_down(done)
        give_levels(self.batch, lifted, self.moment)
        made = [row.card_id for row in done if row.made_card and row.card_id]
        Card.objects.filter(pk__in=made).update(last_used_at=None)  # to be brought along is no use of it

    def _write_down(self, done: list[ImportRow]) -> None:
        """What is the same for all in one statement each: a bulk update pays for every row and field."""
        ImportRow.objects.bulk_update(done, ["card", *self.corrected])
        ImportRow.objects.filter(pk__in=[row.pk for row in done]).update(state=RowState.DONE)
        with_cards = [row.pk for row in done if row.made_card]
        ImportRow.objects.filter(pk__in=with_cards).update(made_card=True)

    def _lifted(self) -> list[tuple[ImportRow, UUID]]:
        """Rows that give a level, with the key of their step; of two that lead to one card the higher."""
        found: dict[int, ImportRow] = {}
        for row, facts in self.pairs:
            rank = self.known.rank(facts, row.card)
            if row.rank != rank:
                row.rank = rank
                self.corrected.add("rank")
            if rank and row.card_id:
                self.known.ranks[row.card_id] = rank
                if earlier := found.pop(row.card_id, None):
                    earlier.rank = 0
                    self.corrected.add("rank")
                found[row.card_id] = row
        return [(row, key_of(self.batch, row, "level")) for row in found.values()]

    def _customers(self) -> dict[int, Customer]:
        """Row → customer. Who may have an account goes through the verb; the others are new, at once."""
        found: dict[int, Customer] = {}
        new: list[tuple[ImportRow, Customer]] = []
        for row, facts in self.pairs:
            customer = self.known.customer(facts)
            if customer is None and not self.known.person(facts):
                new.append((row, self._new_customer(facts)))
                continue
            if facts.phone:
                customer = find_or_enrol_customer(
                    self.batch.merchant, phone=facts.phone, name=facts.name, source="import"
                )
            found[row.pk] = self._named(customer, facts)  # type: ignore[arg-type]
        Customer.objects.bulk_create([customer for _row, customer in new])
        return found | {row.pk: customer for row, customer in new}

    def _new_customer(self, facts: Facts) -> Customer:
        return Customer(
            merchant=self.batch.merchant,
            name=facts.name,
            phone=facts.phone or None,
            phone_tail=facts.phone[-4:],
            source="import",
        )

    def _named(self, customer: Customer, facts: Facts) -> Customer:
        if facts.name and not customer.name:
            customer.name = facts.name
            customer.save(update_fields=["name"])
        return customer

    def _cards(self, customers: dict[int, Customer]) -> dict[int, Card]:
        """Customer → card, with new ones for those who have none."""
        held = Card.objects.filter(customer__in=[c.pk for c in customers.values()])
        cards = {card.customer_id: card for card in held.select_related("programme", "customer")}
        without = [(row, facts) for row, facts in self.pairs if customers[row.pk].pk not in cards]
        numbers = free_numbers(len(without))
        made = [
            self._new_card(customers[row.pk], facts, number)
            for (row, facts), number in zip(without, numbers, strict=True)
        ]
        for row, _facts in without:
            row.made_card = True
        Card.objects.bulk_create(made)
        Code.objects.bulk_create([Code(token=card.token, kind="card", ref=card.pk) for card in made])
        Account.objects.bulk_create(
            [Account(merchant=self.batch.merchant, card=card, kind=ValueKind.POINTS) for card in made]
        )
        for card in made:
            self._tell_joined(card)
        return cards | {card.customer_id: card for card in made}

    def _new_card(self, customer: Customer, facts: Facts, number: str) -> Card:
        return Card(
            merchant=self.batch.merchant,
            programme=self.programme,
            customer=customer,
            number=number,
            token=new_code(),
            joined_at=_start_of(facts.joined, self.zone) or self.moment,
        )

    def _tell_joined(self, card: Card) -> None:
        """Only who has an account can be told; for the others the import is told of as a whole."""
        if card.customer.user_id:
            publish(
                CardJoined(
                    card_id=card.pk,
                    merchant_id=card.merchant_id,
                    customer_id=card.customer_id,
                    user_id=card.customer.user_id,
                    joined_at=card.joined_at.isoformat(),
                )
            )

    def _open_again(self, rows: list[ImportRow]) -> None:
        """Cards that an undone import had closed; the rows of that one keep them in their history."""
        for row in rows:
            if row.card and row.card.state == CardState.CLOSED:
                row.card.state, row.made_card = CardState.ACTIVE, True
        cards = [row.card_id for row in rows if row.made_card and row.card_id]
        Card.objects.filter(pk__in=cards, state=CardState.CLOSED).update(state=CardState.ACTIVE)

    def _steps(self, row: ImportRow, facts: Facts, card: Card) -> Iterator[tuple[Posting, ValueKind]]:
        bring = self.known.to_bring(facts, card)
        for kind in KINDS:
            if getattr(row, kind) != bring.get(kind, 0):
                setattr(row, kind, bring.get(kind, 0))
                self.corrected.add(kind)
            if kind in bring:
                self.known.opened.add((card.pk, kind))  # another row may lead to the same card
                yield self._posting(row, card, kind, bring[kind]), ValueKind(kind)

    def _posting(self, row: ImportRow, card: Card, kind: str, amount: int) -> Posting:
        months = self.programme.points_expire_months if kind == "points" else None
        return Posting(
            card=card,
            amount=amount,
            kind=EntryKind.OPENING,
            key=key_of(self.batch, row, kind),
            moment=self.moment,
            by_id=self.batch.confirmed_by_id,
            document=self.batch.document,
            expires_at=expiry_of(self.moment, months, self.zone),
        )

    def _note(self) -> None:
        """Number, birthday and level go beside the card; what is there stays."""
        told: dict[int, Brought] = {}
        for row, facts in self.pairs:
            if row.card_id and any(getattr(facts, name) for name in NOTED):
                brought = self.known.brought.get(row.card_id) or told.get(row.card_id)
                brought = brought or Brought(merchant=self.batch.merchant, card_id=row.card_id)
                for name in NOTED:
                    if getattr(facts, name) and not getattr(brought, name):
                        setattr(brought, name, getattr(facts, name))
                told[row.card_id] = brought
        Brought.objects.bulk_create([one for one in told.values() if not one.pk])
        Brought.objects.bulk_update(
            [one for one in told.values() if one.card_id in self.known.brought], NOTED
        )


def key_of(batch: MemberImport, row: ImportRow, step: str) -> UUID:
    return uuid5(batch.key, f"{row.number}:{step}")


def _start_of(day: str, zone: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), time.min, ZoneInfo(zone)) if day else None


@transaction.atomic
def _finish(batch_id: int, running: Running) -> dict[str, int]:
    batch = _held(batch_id)
    if batch.state == ImportState.IMPORTING and batch.job_id == running.job.pk:
        batch.state, batch.done_at = ImportState.DONE, timezone.now()
        batch.after, batch.counts = held_by_all(batch.merchant), count_rows(batch)
        batch.save(update_fields=["state", "done_at", "after", "counts"])
        publish(MembersImported(import_id=batch.pk, merchant_id=batch.merchant_id))
    counts: dict[str, Any] = batch.counts
    return counts
