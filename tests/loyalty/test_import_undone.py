"""An import that is stopped, killed, taken back, forgotten; and who sees nothing of it."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty import actions
from loyalty.actions.care import freeze
from loyalty.actions.taking_back import TooLateToTakeBack
from loyalty.models import (
    Card,
    CardState,
    Entry,
    ImportRow,
    ImportState,
    RowState,
)
from portal.kernel import jobs
from portal.kernel.models import Job
from tests.cast import client_of, make_user, owner_of
from tests.kernel.processes import start_worker
from tests.loyalty.lists import address, bring, check, csv_file, people, taken_back, upload
from tests.loyalty.makers import balance, give, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme(shop):
    return make_programme(shop.merchant)


def test_a_stopped_import_keeps_what_it_did_and_goes_on_or_back(shop, books_balance, monkeypatch):
    monkeypatch.setattr("loyalty.actions.bringing.CHUNK", 2)
    batch = check(upload(shop.merchant, csv_file(*people(5))))
    actions.confirm_import(batch, by=batch.by)
    batch.refresh_from_db()
    posted = jobs.Running.progress

    def stop_after_one(running, *args, **kwargs):
        jobs.cancel_job(running.job)
        posted(running, *args, **kwargs)

    monkeypatch.setattr(jobs.Running, "progress", stop_after_one)
    jobs.run_due()
    monkeypatch.undo()
    batch.refresh_from_db()
    assert (batch.state, batch.is_stuck, Card.objects.count()) == (ImportState.IMPORTING, True, 2)
    actions.confirm_import(batch, by=batch.by)
    jobs.run_due()
    batch.refresh_from_db()
    assert (batch.state, Card.objects.count(), Entry.objects.count()) == (ImportState.DONE, 5, 5)
    books_balance()


def test_taken_back_within_a_day_the_points_are_gone_and_the_cards_closed(shop, books_balance):
    batch = bring(shop.merchant, csv_file(*people(3)))
    back = taken_back(batch)
    assert back.state == ImportState.UNDONE
    assert {(card.state, balance(card)) for card in Card.objects.all()} == {(CardState.CLOSED, 0)}
    assert (
        sorted(Entry.objects.values_list("kind", "amount")) == [("opening", 10)] * 3 + [("reversed", -10)] * 3
    )
    assert taken_back(back).undone_at == back.undone_at
    books_balance()


def test_what_somebody_has_used_since_stays(shop, books_balance):
    batch = bring(shop.merchant, csv_file(*people(3)))
    used, frozen, _rest = Card.objects.order_by("pk")
    give(used, 1)
    freeze(frozen, by=owner_of(shop.merchant))
    taken_back(batch)
    kept = ImportRow.objects.filter(state=RowState.KEPT).values_list("card", "kept_because")
    assert dict(kept) == {used.pk: "used", frozen.pk: "changed"}
    assert (balance(used), balance(frozen)) == (11, 10)
    page = client_of(owner_of(shop.merchant), language="en").get(address(batch)).content.decode()
    assert "2 cards had been used since and keep what they got." in page
    books_balance()


def test_after_a_day_nothing_is_taken_back(shop):
    batch = bring(shop.merchant, csv_file(*people(1)))
    with pytest.raises(TooLateToTakeBack):
        actions.undo_import(batch, by=batch.by, moment=batch.done_at + timedelta(hours=24))


def test_a_file_that_was_taken_back_can_come_again_and_its_people_can_join(shop, books_balance):
    content = csv_file(*people(2))
    taken_back(bring(shop.merchant, content))
    joined = actions.join(
        make_programme(shop.merchant), make_user(phone="+8613900000000"), by=owner_of(shop.merchant)
    )
    assert joined.state == CardState.ACTIVE
    bring(shop.merchant, content)
    assert [(card.state, balance(card)) for card in Card.objects.all()] == [(CardState.ACTIVE, 10)] * 2
    books_balance()


def test_files_and_rows_are_forgotten_after_thirty_days(shop):
    batch = bring(shop.merchant, csv_file(*people(1), ["12", "", "", "", ""]))
    assert actions.forget_imports(timezone.now() + timedelta(days=31)) == 1
    assert not ImportRow.objects.exclude(sealed__isnull=True).exists()
    assert client_of(owner_of(shop.merchant)).get(address(batch)).status_code == 200


def test_the_file_lies_sealed_in_the_database(shop):
    upload(shop.merchant, csv_file(["13800138000", "张女士", "A1", 1, ""]))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM loyalty_memberimport")
        assert cursor.fetchone()[0].startswith("k1:")


def test_another_merchants_import_is_not_there(shop, other_shop, stranger):
    batch = check(upload(shop.merchant, csv_file(*people(1))))
    theirs, slug = client_of(stranger), other_shop.merchant.slug
    for step in ("", "to-mend.xlsx"):
        assert theirs.get(f"/m/{slug}/cards/import/{batch.token}/{step}").status_code == 404
    for step in ("confirm/", "undo/", "stop/", "again/", "check/", "sheet/"):
        assert theirs.post(f"/m/{slug}/cards/import/{batch.token}/{step}").status_code == 404
    assert theirs.get(f"/jobs/{batch.job.token}/").status_code == 404
    assert not Card.objects.exists()


@pytest.mark.parametrize(
    ("table", "wall"), [("importrow", "import_row_stays"), ("brought", "brought_facts_stay")]
)
def test_the_database_keeps_rows_and_facts_in_their_tenant(shop, other_shop, table, wall):
    bring(shop.merchant, csv_file(*people(1)))
    with pytest.raises(IntegrityError, match=wall), connection.cursor() as cursor:
        cursor.execute(f"UPDATE loyalty_{table} SET merchant_id = %s", [other_shop.merchant_id])


@pytest.mark.sabotages("I60", "I61")
def test_an_entry_too_many_or_too_few_is_found(shop):
    from portal.kernel.invariants import all_invariants

    bring(shop.merchant, csv_file(*people(2)))
    broken = {one.code: one for one in all_invariants()}
    ImportRow.objects.filter(number=2).update(points=11)
    assert broken["I60"].broken()[0]
    ImportRow.objects.filter(number=2).update(points=10)
    assert not broken["I60"].broken()[0]
    entry = Entry.objects.order_by("pk")[0]
    Entry.objects.create(
        merchant=entry.merchant,
        account=entry.account,
        amount=1,
        kind="opening",
        key=uuid.uuid4(),
        balance_after=1,
    )
    assert broken["I61"].broken()[0]


def test_a_hundred_members_come_and_go_with_as_many_questions_as_two(shop, books_balance):
    counts = []
    for rows in (people(2), people(102)[2:]):
        batch = check(upload(shop.merchant, csv_file(*rows)))
        actions.confirm_import(batch, by=batch.by)
        with CaptureQueriesContext(connection) as coming:
            jobs.run_due()
        batch.refresh_from_db()
        actions.undo_import(batch, by=batch.by)
        with CaptureQueriesContext(connection) as going:
            jobs.run_due()
        counts.append((len(coming), len(going)))
    assert counts[0] == counts[1]
    assert ImportRow.objects.filter(state="undone").count() == Card.objects.count() == 102
    assert {balance(card) for card in Card.objects.all()} == {0}
    books_balance()


@pytest.mark.django_db(transaction=True)
def test_an_import_whose_worker_is_killed_goes_on_without_doubling(shop, books_balance, tmp_path: Path):
    """The worker dies by kill -9 between two chunks of real processes; another takes over."""
    batch = check(upload(shop.merchant, csv_file(*people(600))))
    actions.confirm_import(batch, by=batch.by)
    worker = start_worker("run")
    until = timezone.now() + timedelta(seconds=60)
    while not Card.objects.exists() and timezone.now() < until:
        assert worker.poll() is None
    worker.kill()
    worker.wait()
    brought = Card.objects.count()
    assert 0 < brought <= 600
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    jobs.run_due()
    batch.refresh_from_db()
    assert (batch.state, Card.objects.count(), Entry.objects.count()) == (ImportState.DONE, 600, 600)
    assert {balance(card) for card in Card.objects.all()} == {10}
    books_balance()
