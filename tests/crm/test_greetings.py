"""Greetings before a birthday: once a year, in the person's language, under the policy."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from coupons.actions import end_programme
from crm.actions import greetings as greeting
from crm.actions.birthdays import give_birthday, note_birthday, take_birthday_back
from crm.actions.greetings import NotOnOffer, greet_due, switch_off, switch_on
from crm.days import Birthday
from crm.models import Greeting, GreetingPlan
from crm.tasks import greet_birthdays
from merchants.models import Merchant
from messaging import actions
from messaging.models import Dispatch, Mailing, Message, Source
from tests.cast import client_of, make_customer, make_merchant, make_shop, make_user, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.crm.makers import born
from tests.messaging.test_invariants import broken, run
from tests.messaging.test_races import together

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture
def ours() -> Merchant:
    return make_shop().merchant


def switched_on(merchant: Merchant, ahead: int = 3, **facts: Any) -> GreetingPlan:
    facts = {"programme": None, "moment": NOON} | facts
    return switch_on(merchant, days_ahead=ahead, by=owner_of(merchant), **facts)


def greeted() -> list[tuple[int, date]]:
    return sorted(Greeting.objects.values_list("person", "birthday_on"))


def test_they_go_out_that_many_days_ahead_and_once(ours: Merchant) -> None:
    switched_on(ours, 3)
    person = born(ours, date(2026, 11, 28))
    born(make_merchant(name="别家"), date(2026, 11, 28))
    assert [greet_due(NOON), greet_due(NOON + DAY), greet_due(NOON + 2 * DAY)] == [0, 1, 0]
    message = Message.objects.get()
    assert (message.person, message.purpose, message.merchant_id) == (person, "care", ours.pk)
    assert message.useless_after == datetime.fromisoformat("2026-11-29T00:00:00+08:00")
    assert greeted() == [(person.pk, date(2026, 11, 28))]


def test_five_years_bring_five_greetings_each_before_its_day(ours: Merchant) -> None:
    switched_on(ours, 7)
    person = make_user()
    make_customer(ours, person)
    give_birthday(person, Birthday(12, 30, is_lunar=True), shown=False, moment=NOON)
    moment = NOON
    while moment < NOON + 5 * 366 * DAY:
        greet_birthdays(moment)
        moment += 2 * DAY
    days = [on for _person, on in greeted()]
    assert days == [
        date(2027, 2, 5),
        date(2028, 1, 25),
        date(2029, 2, 12),
        date(2030, 2, 2),
        date(2031, 1, 22),
    ]
    assert Message.objects.count() == 5


@pytest.mark.parametrize("born_on", [date(2026, 3, 8), date(2026, 11, 1)])
def test_around_the_change_of_clocks_each_year_brings_one_greeting(ours: Merchant, born_on: date) -> None:
    """By New York's days: noted some evenings before, run every six hours around it, for three years."""
    ours.shops.update(time_zone="America/New_York")
    switched_on(ours, 2)
    customer = make_customer(ours, make_user())
    zone, day = ZoneInfo("America/New_York"), Birthday(born_on.month, born_on.day)
    eve = datetime(born_on.year, born_on.month, born_on.day, 23, tzinfo=zone) - 3 * DAY
    note_birthday(customer, day, agreed=True, by=owner_of(ours), moment=eve)
    for year in range(3):
        on = born_on.replace(year=born_on.year + year)
        start = datetime(on.year, on.month, on.day, tzinfo=zone).astimezone(UTC) - 4 * DAY
        for hours in range(0, 24 * 7, 6):
            greet_birthdays(start + timedelta(hours=hours))
    assert [on for _person, on in greeted()] == [
        born_on.replace(year=born_on.year + year) for year in range(3)
    ]
    ends = sorted(Message.objects.values_list("useless_after", flat=True))
    assert ends == [datetime(on.year, on.month, on.day, tzinfo=zone) + DAY for _person, on in greeted()]


def test_a_stopped_clock_is_made_up_until_the_birthday_and_not_after(ours: Merchant) -> None:
    switched_on(ours, 3)
    born(ours, date(2026, 11, 26))
    late = born(ours, date(2026, 12, 5))
    past = born(ours, date(2026, 12, 4))
    assert greet_birthdays(NOON + 11 * DAY) == 1  # on 5 December
    assert [person for person, _on in greeted()] == [late.pk]
    assert past.pk != late.pk


def test_broken_off_half_way_nobody_is_greeted_twice(ours: Merchant, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_shop(make_merchant(name="别家"), name="别家店").merchant
    for merchant in (ours, other):
        switched_on(merchant, 7)
        for number in range(3):
            born(merchant, date(2026, 11, 25 + number))
    whole, calls = greeting.mail_out, []

    def dies(*args: Any, **facts: Any) -> Mailing:
        calls.append(facts["occurrence"])
        if len(calls) == 5:  # the second mailing of the second merchant
            raise KeyboardInterrupt
        return whole(*args, **facts)

    monkeypatch.setattr(greeting, "mail_out", dies)
    with pytest.raises(KeyboardInterrupt):
        greet_due(NOON)
    assert (len(greeted()), Message.objects.count()) == (3, 3)
    assert [greet_due(NOON + DAY / 24), greet_due(NOON + DAY)] == [3, 0]
    assert (len(greeted()), Message.objects.count()) == (6, 6)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_eight_workers_greet_each_person_once() -> None:
    merchant = make_shop().merchant
    switched_on(merchant, 3)
    for _ in range(5):
        born(merchant, date(2026, 11, 26))
    answers = together(lambda number: greet_due(NOON + number * timedelta(seconds=1)))
    assert sorted(answers) == [0] * 7 + [5]
    assert Message.objects.count() == 5


def test_a_changed_date_brings_no_second_greeting_this_year(ours: Merchant) -> None:
    switched_on(ours, 3)
    person = born(ours, date(2026, 11, 26))
    assert greet_due(NOON) == 1
    take_birthday_back(person)
    give_birthday(person, Birthday(12, 24), shown=False, moment=NOON)
    assert greet_due(NOON + 28 * DAY) == 0
    with pytest.raises(IntegrityError, match="greeted_once_a_year"), transaction.atomic():
        Greeting.objects.create(merchant=ours, person=person, birthday_on=date(2027, 9, 20))


def test_each_merchant_greets_for_itself_and_what_the_person_gave_goes_first(ours: Merchant) -> None:
    switched_on(ours, 3)
    person = born(ours, date(2026, 12, 24))
    note_birthday(ours.customers.get(), Birthday(11, 26), agreed=True, by=owner_of(ours), moment=NOON)
    assert greet_due(NOON) == 0
    take_birthday_back(person)
    assert greet_due(NOON) == 1
    second = make_shop(make_merchant(name="别家"), name="别家店").merchant
    switched_on(second)
    note_birthday(
        make_customer(second, person), Birthday(11, 26), agreed=True, by=owner_of(second), moment=NOON
    )
    assert greet_due(NOON) == 1


def test_each_reads_it_in_their_language(ours: Merchant) -> None:
    switched_on(ours, 3)
    people = [born(ours, date(2026, 11, 26), language=language) for language in ("zh-hans", "en")]
    greet_due(NOON)
    said = [client_of(one, language=one.language).get("/me/inbox/").content.decode() for one in people]
    assert f"{ours.name}祝你生日快乐" in said[0]
    assert f"{ours.name} wishes you a happy birthday" in said[1]


def test_the_policy_decides_on_which_way(ours: Merchant) -> None:
    switched_on(ours, 3)
    plain, mute, refusing = (born(ours, date(2026, 11, 26)) for _ in range(3))
    actions.mute(mute, ours.pk, source=Source.PAGE)
    actions.choose(refusing, {("care", "inbox"): False}, source=Source.PAGE)
    greet_due(NOON)
    assert list(Message.objects.in_inbox().values_list("person", flat=True)) == [plain.pk]
    reasons = dict(Dispatch.objects.filter(channel="push").values_list("message__person", "reason"))
    assert reasons == {plain.pk: "consent", mute.pk: "muted", refusing.pk: "consent"}


def test_a_coupon_goes_with_it_as_long_as_it_can_be_claimed(ours: Merchant) -> None:
    programme = make_coupon_programme(ours, title="生日八折", starts_at=NOON - DAY, ends_at=NOON + 40 * DAY)
    switched_on(ours, 2, programme=programme)
    first, second = born(ours, date(2026, 11, 26)), born(ours, date(2026, 11, 27))
    greet_due(NOON)
    message = Message.objects.get(person=first)
    assert (message.url, message.params["coupon"]) == (f"/coupons/{programme.token}/", "生日八折")
    end_programme(programme, by=owner_of(ours))
    greet_due(NOON + DAY)
    assert Message.objects.get(person=second).kind == "crm.birthday"


def test_only_a_running_coupon_of_ones_own_can_be_chosen(ours: Merchant) -> None:
    others = make_coupon_programme(make_merchant(name="别家"))
    draft = make_coupon_programme(ours, published=False)
    for programme in (others, draft):
        with pytest.raises(NotOnOffer):
            switched_on(ours, programme=programme, moment=datetime.now(UTC))
    switched_on(ours)
    with pytest.raises(IntegrityError, match="greeting_stays_with_its_coupon"):
        GreetingPlan.objects.update(programme=others)


@pytest.mark.parametrize("ahead", [1, 8])
def test_the_database_keeps_to_two_to_seven_days(ours: Merchant, ahead: int) -> None:
    with pytest.raises(IntegrityError, match="greeting_two_to_seven_days_ahead"):
        switched_on(ours, ahead)


def test_switched_off_nothing_more_goes_out(ours: Merchant) -> None:
    switched_on(ours)
    born(ours, date(2026, 11, 26))
    switch_off(ours, by=owner_of(ours))
    assert greet_due(NOON) == 0
    assert GreetingPlan.objects.get().events.count() == 2


def test_the_run_asks_as_much_for_ten_as_for_sixty(ours: Merchant) -> None:
    switched_on(ours, 3)

    def asked(moment: datetime) -> int:
        with CaptureQueriesContext(connection) as seen:
            greet_due(moment)
        return len(seen)

    for _ in range(10):
        born(ours, date(2026, 11, 26))
    few = asked(NOON)
    for _ in range(60):
        born(ours, date(2026, 12, 26))
    assert asked(NOON + 30 * DAY) == few
    assert len(greeted()) == 70


@pytest.mark.sabotages("R02")
def test_somebody_written_down_as_greeted_without_a_greeting_is_found(ours: Merchant) -> None:
    switched_on(ours)
    person = born(ours, date(2026, 11, 26))
    greet_due(NOON)
    assert broken("R02") == []
    alone = Greeting.objects.create(merchant=ours, person=make_user(), birthday_on=date(2026, 11, 26))
    assert broken("R02") == [alone.pk]
    assert person.pk != alone.person_id


@pytest.mark.sabotages("R03")
def test_a_greeting_that_nobody_wrote_down_is_found(ours: Merchant) -> None:
    switched_on(ours)
    born(ours, date(2026, 11, 26))
    greet_due(NOON)
    assert broken("R03") == []
    run("UPDATE messaging_message SET occurrence = occurrence || '!' WHERE kind = 'crm.birthday'")
    assert broken("R03") == [Message.objects.get().pk]


def test_what_was_greeted_cannot_be_taken_out_of_the_book(ours: Merchant) -> None:
    switched_on(ours)
    born(ours, date(2026, 11, 26))
    greet_due(NOON)
    with pytest.raises(ProgrammingError, match="Cannot update"):
        Greeting.objects.update(birthday_on=date(2026, 1, 1))
