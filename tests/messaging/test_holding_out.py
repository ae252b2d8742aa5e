"""Held out of a campaign: drawn by lot before it is sent, never told, and only where that may be."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from messaging.actions import mail_out
from messaging.kinds import Kind, register
from messaging.models import Channel, HeldOut, Mailing, Message, Purpose
from portal.kernel.models import User
from tests.cast import make_merchant, make_user
from tests.messaging.test_invariants import broken, run

pytestmark = pytest.mark.django_db
OFFER = register(Kind("test.held_out", Purpose.DEALS, "Come", "now", (Channel.INBOX, Channel.PUSH)))
SERVICE = register(Kind("test.served", Purpose.MONEY, "Paid", "thanks", (Channel.INBOX,)))


@pytest.fixture(autouse=True)
def small_town(settings: Any) -> None:
    settings.HOLD_OUT_FROM, settings.HOLD_OUT_PERCENT = 40, 25


@pytest.fixture
def people(db: None) -> list[int]:
    return [make_user().pk for _ in range(60)]


@pytest.fixture
def send(db: None) -> Callable[..., Mailing]:
    merchant = make_merchant()

    def sent(people: list[int], occurrence: str = "deal:1", seed: str = "CAMPAIGN", **facts: Any) -> Mailing:
        kind = facts.pop("kind", OFFER)
        asked = User.objects.filter(pk__in=people).values("pk")
        return mail_out(asked, kind, merchant_id=merchant.pk, occurrence=occurrence, hold_seed=seed, **facts)

    return sent


def told(mailing: Mailing) -> set[int]:
    return set(mailing.messages.values_list("person", flat=True))


def held(mailing: Mailing) -> set[int]:
    return set(mailing.held.values_list("person", flat=True))


def test_everybody_is_either_told_or_held_out(people: list[int], send: Callable[..., Mailing]) -> None:
    mailing = send(people)
    assert told(mailing) | held(mailing) == set(people)
    assert not told(mailing) & held(mailing)
    assert 5 <= len(held(mailing)) <= 28
    assert (mailing.chosen, mailing.hold_percent) == (len(told(mailing)), 25)
    assert broken("N06") == broken("N07") == []


def test_sent_again_nobody_held_out_is_told(people: list[int], send: Callable[..., Mailing]) -> None:
    mailing = send(people)
    before = held(mailing)
    for again in (people, people[:5], [*people, *(make_user().pk for _ in range(20))]):
        send(again)
        assert before <= held(mailing)
        assert not told(mailing) & held(mailing)
    assert broken("N07") == []


def test_a_second_mailing_of_the_campaign_spares_the_same_people_however_small(
    people: list[int], send: Callable[..., Mailing], settings: Any
) -> None:
    first = send(people)
    settings.HOLD_OUT_PERCENT = 1
    some = [*list(held(first))[:3], *list(told(first))[:3]]
    reminder = send(some, "deal:1:reminder")
    assert held(reminder) == held(first) & set(some)
    assert told(reminder) == told(first) & set(some)


def test_another_campaign_draws_others(people: list[int], send: Callable[..., Mailing]) -> None:
    one, other = send(people), send(people, "deal:2", "ANOTHER")
    assert held(one) != held(other)
    assert told(one) | told(other) != told(one)


def test_the_draw_is_the_share_it_says(send: Callable[..., Mailing]) -> None:
    run(
        "INSERT INTO kernel_user (password, is_superuser, is_active, is_staff, date_joined, name, language,"
        " time_zone) SELECT '', false, true, false, now(), '', 'en', 'UTC' FROM generate_series(1, 4000)"
    )
    mailing = send(list(User.objects.values_list("pk", flat=True)))
    assert 0.22 < len(held(mailing)) / User.objects.count() < 0.28  # 25 % less and more than four deviations


@pytest.mark.parametrize(("number", "seed"), [(39, "CAMPAIGN"), (60, "")])
def test_small_audiences_and_what_names_no_campaign_hold_nobody_out(
    people: list[int], send: Callable[..., Mailing], number: int, seed: str
) -> None:
    mailing = send(people[:number], seed=seed)
    assert (held(mailing), mailing.chosen, mailing.hold_percent) == (set(), number, 0)


def test_a_mailing_that_began_small_holds_nobody_out_later(
    people: list[int], send: Callable[..., Mailing]
) -> None:
    mailing = send(people[:10])
    send(people)
    mailing.refresh_from_db()
    assert (held(mailing), mailing.hold_percent, mailing.chosen) == (set(), 0, 60)


def test_nobody_is_held_out_where_that_is_switched_off(
    people: list[int], send: Callable[..., Mailing], settings: Any
) -> None:
    settings.HOLD_OUT_PERCENT = 0
    assert held(send(people)) == set()


def test_what_serves_people_is_never_held_back(people: list[int], send: Callable[..., Mailing]) -> None:
    with pytest.raises(ValueError, match="serves people"), transaction.atomic():
        send(people, kind=SERVICE)
    mailing = send(people, kind=SERVICE, seed="")
    assert (mailing.chosen, HeldOut.objects.count()) == (60, 0)


def test_the_database_lets_nobody_held_out_be_told(people: list[int], send: Callable[..., Mailing]) -> None:
    mailing = send(people)
    person = held(mailing).pop()
    with pytest.raises(IntegrityError, match="held_out_people_are_not_told"), transaction.atomic():
        Message.objects.create(
            person_id=person, mailing=mailing, kind=OFFER.name, occurrence="deal:1", purpose=Purpose.DEALS
        )


@pytest.mark.sabotages("N07")
def test_a_message_to_somebody_held_out_is_found(people: list[int], send: Callable[..., Mailing]) -> None:
    mailing = send(people)
    message = mailing.messages.first()
    assert message is not None
    HeldOut.objects.create(mailing=mailing, person=message.person, drawn_at=mailing.made_at)
    assert broken("N07") == [message.pk]


def test_who_deletes_the_account_leaves_the_draw_too(people: list[int], send: Callable[..., Mailing]) -> None:
    mailing = send(people)
    person = held(mailing).pop()
    User.objects.filter(pk=person).delete()
    assert person not in held(mailing)
