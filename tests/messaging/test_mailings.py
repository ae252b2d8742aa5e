"""One message to many: the policy decides for each in one statement, and says why not."""

import uuid
from collections import Counter
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from messaging import actions, delivery
from messaging.channels import Answer, Verdict
from messaging.models import (
    Channel,
    Contact,
    DeadAddress,
    Dispatch,
    Mailing,
    Message,
    Reason,
    Source,
    State,
)
from messaging.policy import Known, decide
from messaging.reach import foresee
from portal.kernel.crypto import blind_index
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import DEAL, DEAL_MAIL, RECEIPT_MAIL, FakeWay

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
NIGHT = datetime.fromisoformat("2026-11-22T23:30:00+08:00")
SHOP = 7


def reader(**fields: Any) -> User:
    person = make_user(email=f"{uuid.uuid4().hex}@example.org", **fields)
    actions.choose(person, {("deals", "email"): True}, source=Source.PAGE)
    return person


def send(at: datetime = NOON, kind: Any = DEAL_MAIL, **more: Any) -> Mailing:
    fields = {"occurrence": "deal:1", "shop": "青禾理发", "merchant_id": SHOP} | more
    return actions.mail_out(User.objects.values("pk"), kind, moment=at, **fields)


def everybody() -> dict[str, User]:
    """One of each sort."""
    cast = {name: reader() for name in ("plain", "muted", "closed", "dead", "refuses", "capped", "owl")}
    cast["silent"] = make_user(email="silent@example.org")
    cast["without"] = make_user()
    cast["abroad"] = reader(time_zone="Europe/Berlin")
    actions.choose(cast["without"], {("deals", "email"): True}, source=Source.PAGE)
    actions.mute(cast["muted"], SHOP, source=Source.PAGE)
    User.objects.filter(pk=cast["closed"].pk).update(is_active=False)
    DeadAddress.objects.create(channel="email", digest=blind_index(str(cast["dead"].email)))
    actions.choose(cast["refuses"], {("deals", "email"): False}, source=Source.LINK)
    actions.set_quiet_hours(cast["owl"], time(4), time(10))
    row = Message.objects.create(
        person=cast["capped"], kind="test.deal_mail", occurrence="x", purpose="deals"
    )
    was = Dispatch.objects.create(message=row, channel="email", state=State.SENT, sent_at=NOON)
    facts = {
        "person": cast["capped"],
        "purpose": "deals",
        "channel": "email",
        "at": NOON - timedelta(hours=3),
    }
    Contact.objects.create(dispatch=was, message_id=row.pk, merchant_id=9, **facts)
    return cast


def became(cast: dict[str, User]) -> dict[str, str]:
    rows = Dispatch.objects.filter(message__mailing__isnull=False).select_related("message")
    by_person = {row.message.person_id: row for row in rows}
    return {name: by_person[person.pk].reason or "goes" for name, person in cast.items()}


EXPECTED = {
    "plain": "goes",
    "muted": Reason.MUTED,
    "closed": Reason.NO_ACCOUNT,
    "dead": Reason.NO_ADDRESS,
    "refuses": Reason.NO_CONSENT,
    "capped": Reason.CAPPED,
    "owl": "goes",
    "silent": Reason.NO_CONSENT,
    "without": Reason.NO_ADDRESS,
    "abroad": Reason.QUIET_HOURS,  # five in the morning there
}


def test_the_reason_stands_beside_each_message() -> None:
    cast = everybody()
    mailing = send(useless_after=NOON + timedelta(hours=1))
    assert became(cast) == EXPECTED
    assert mailing.chosen == len(cast)
    assert mailing.outcome() == {
        ("email", "queued", ""): 2,
        **{("email", "skipped", r): n for r, n in Counter(EXPECTED.values()).items() if r != "goes"},
    }


def test_foreseeing_counts_the_same_and_writes_nothing() -> None:
    cast, until = everybody(), NOON + timedelta(hours=1)
    seen = foresee(User.objects.values("pk"), DEAL_MAIL, merchant_id=SHOP, moment=NOON, useless_after=until)
    assert not Mailing.objects.exists()
    assert seen == Counter(("email", "" if r == "goes" else r) for r in EXPECTED.values())
    assert seen.total() == len(cast)


@pytest.mark.parametrize("at", [NOON, NIGHT, NOON - timedelta(hours=7), NOON + timedelta(hours=9)])
@pytest.mark.parametrize("minutes", [None, 30, 60 * 14])
def test_the_look_ahead_and_the_last_look_agree(
    at: datetime, minutes: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pieces of code, one policy: what the SQL says of each person is what the worker would say."""
    everybody()
    send(at, useless_after=at + timedelta(minutes=minutes) if minutes else None)
    rows = list(Dispatch.objects.filter(message__mailing__isnull=False).select_related("message__person"))
    known = Known.about(rows, at)
    for row in rows:
        said = decide(row, known, at)
        if row.reason == Reason.CAPPED:
            assert not said.reason
        elif said.later:
            assert (row.state, row.due_at) == (State.QUEUED, said.later)
        else:
            assert (row.reason, row.due_at if not row.reason else at) == (said.reason, at)


def test_at_night_it_waits_for_the_morning_or_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    reader()
    send(NIGHT)
    assert Dispatch.objects.get().due_at == datetime.fromisoformat("2026-11-23T09:00:00+08:00")
    send(NIGHT, occurrence="deal:2", useless_after=NIGHT + timedelta(hours=2))
    late = Dispatch.objects.latest("pk")
    assert (late.state, late.reason) == (State.SKIPPED, Reason.QUIET_HOURS)


def test_the_night_in_which_clocks_change_ends_at_nine_on_the_wall() -> None:
    reader(time_zone="Europe/Berlin")
    for day, morning in (("03-28", "03-29T09:00:00+02:00"), ("10-24", "10-25T09:00:00+01:00")):
        send(datetime.fromisoformat(f"2026-{day}T23:00:00Z"), occurrence=day)
        assert Dispatch.objects.latest("pk").due_at == datetime.fromisoformat(f"2026-{morning}")


def test_sent_again_it_reaches_only_who_was_not_chosen_before() -> None:
    reader()
    assert [send().chosen, send().chosen] == [1, 1]
    reader()
    assert send().chosen == 2
    assert (Mailing.objects.count(), Message.objects.count(), Dispatch.objects.count()) == (1, 2, 2)


def test_a_person_chosen_twice_over_gets_one() -> None:
    reader()
    twice = User.objects.values("pk").union(User.objects.values("pk"), all=True)
    actions.mail_out(twice, DEAL_MAIL, merchant_id=SHOP, occurrence="deal:1", moment=NOON, shop="A")
    assert Message.objects.count() == 1


def test_the_muted_get_no_inbox_copy_either() -> None:
    heard, silenced = reader(), reader()
    actions.mute(silenced, SHOP, source=Source.PAGE)
    send(kind=DEAL)
    assert [m.person for m in Message.objects.in_inbox()] == [heard]


def test_a_transactional_message_to_many_is_not_advertising() -> None:
    one = reader()
    actions.mute(one, SHOP, source=Source.PAGE)
    send(NIGHT, kind=RECEIPT_MAIL, amount="¥38")
    row = Dispatch.objects.get()
    assert (row.state, row.at_most_once, row.due_at) == (State.QUEUED, False, NIGHT)


def test_stopping_holds_back_what_has_not_left() -> None:
    for _ in range(3):
        reader()
    mailing = send()
    sent = Dispatch.objects.order_by("pk")[0]
    Dispatch.objects.filter(pk=sent.pk).update(state=State.SENT, sent_at=NOON)
    assert [actions.stop_mailing(mailing), actions.stop_mailing(mailing)] == [2, 0]
    assert mailing.outcome() == {("email", "sent", ""): 1, ("email", "skipped", "stopped"): 2}


def test_one_that_cannot_be_judged_is_parked_and_the_others_go(monkeypatch: pytest.MonkeyPatch) -> None:
    """A poison message must not hold up its batch for ever."""
    way = FakeWay()
    monkeypatch.setattr(delivery, "way", lambda channel: way)
    sick, well = reader(time_zone="Asia/Shanghai"), reader()
    send(timezone.now())
    for person in (sick, well):
        actions.set_quiet_hours(person, time(0), time(0))
    User.objects.filter(pk=sick.pk).update(time_zone="Mars/Olympus")
    Dispatch.objects.update(due_at=timezone.now())
    delivery.send_due()
    assert [parcel.address for parcel in way.parcels] == [well.email]
    assert Dispatch.objects.get(message__person=sick).state == State.PARKED


def test_it_is_one_statement_however_many_people() -> None:
    counts = []
    for number in (10, 100):
        User.objects.bulk_create([User(name="") for _ in range(number)])
        with CaptureQueriesContext(
            connection,
        ) as queries:
            send(occurrence=f"deal:{number}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_bounce_of_an_address_keeps_the_next_message_away(monkeypatch: pytest.MonkeyPatch) -> None:
    way = FakeWay(Answer(Verdict.GONE, "SMTPRecipientsRefused"))
    monkeypatch.setattr(delivery, "way", lambda channel: way)
    one = reader()
    actions.set_quiet_hours(one, time(0), time(0))
    for occurrence in ("deal:1", "deal:2"):
        send(timezone.now(), kind=RECEIPT_MAIL, occurrence=occurrence, amount="¥1")
        delivery.send_due()
    assert len(way.parcels) == 1
    assert set(Dispatch.objects.values_list("reason", flat=True)) == {Reason.NO_ADDRESS}
    assert DeadAddress.objects.get().channel == Channel.EMAIL


@pytest.mark.parametrize(
    ("statement", "wall"),
    [
        ("UPDATE messaging_message SET mailing_id = NULL", "Cannot update rows"),
        ("DELETE FROM messaging_mailing", "a message without its mailing"),
        (
            """INSERT INTO messaging_message
                   (person_id, mailing_id, kind, occurrence, purpose, params, url, in_inbox)
               SELECT person_id, 0, kind, 'other', purpose, params, url, in_inbox FROM messaging_message""",
            "a message without its mailing",
        ),
    ],
)
def test_a_message_and_its_mailing_stay_together(statement: str, wall: str) -> None:
    reader()
    send()
    with pytest.raises(DatabaseError, match=wall), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Message.objects.get().mailing == Mailing.objects.get()
