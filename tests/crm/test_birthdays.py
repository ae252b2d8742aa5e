"""The day a birthday is kept on, and the row that holds it: ten years beside a second library."""

import uuid
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from borax.calendars.lunardate import LCalendars, LunarDate
from django.db import IntegrityError, connection
from django.utils import translation

from crm.actions.birthdays import (
    NotAgreed,
    TheirsToGive,
    forget_noted,
    give_birthday,
    note_birthday,
    roll_on,
    take_birthday_back,
    take_noted_back,
)
from crm.days import Birthday, NoSuchDay, read_birthday
from crm.models import NotedBirthday, OwnBirthday
from loyalty.actions import merge_members
from merchants.models import Customer, Merchant, StaffMember
from portal.kernel.models import User
from tests.cast import client_of, make_customer, make_merchant, make_shop, owner_of

MOMENT = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
FIRST, LAST = date(2026, 1, 1), date(2036, 12, 31)
# month, day, born in a leap month: beginnings and ends of months and years, and every leap month until 2036
LUNAR = [
    (1, 1, False), (1, 15, False), (1, 30, False), (2, 2, False), (3, 3, False), (3, 30, False),
    (4, 8, False), (5, 5, False), (6, 30, False), (7, 7, False), (8, 15, False), (9, 9, False),
    (10, 1, False), (11, 30, False), (12, 8, False), (12, 29, False), (12, 30, False),
    (2, 10, True), (3, 12, True), (5, 30, True), (6, 1, True), (11, 29, True),
]  # fmt: skip


def schedule(birthday: Birthday) -> list[date]:
    """Asked as the nightly task asks: from the day after the last one."""
    found, day = [], FIRST
    while (day := birthday.next_from(day)) <= LAST:
        found.append(day)
        day += timedelta(days=1)
    return found


def by_the_other_library(month: int, day: int, leap: bool) -> list[date]:
    found = []
    for year in range(FIRST.year - 1, LAST.year + 1):
        has = leap and LCalendars.leap_month(year) == month
        length = LCalendars.ndays(year, month, has)
        found.append(LunarDate(year, month, min(day, length), int(has)).to_solar_date())
    return [on for on in found if FIRST <= on <= LAST]


@pytest.mark.parametrize(("month", "day", "leap"), LUNAR)
def test_ten_years_of_a_lunar_birthday_are_those_of_another_library(month: int, day: int, leap: bool) -> None:
    expected = by_the_other_library(month, day, leap)
    assert len(LUNAR) == 22
    assert len(expected) >= 10
    assert schedule(Birthday(month, day, is_lunar=True, in_leap_month=leap)) == expected


def test_festivals_everybody_knows_fall_where_calendars_print_them() -> None:
    assert Birthday(1, 1, is_lunar=True).in_year(2027) == date(2027, 2, 6)
    assert Birthday(8, 15, is_lunar=True).in_year(2026) == date(2026, 9, 25)
    assert Birthday(5, 5, is_lunar=True).in_year(2026) == date(2026, 6, 19)


def test_a_leap_month_is_kept_in_the_leap_month_where_the_year_has_it() -> None:
    born = Birthday(2, 10, is_lunar=True, in_leap_month=True)
    assert born.in_year(2023) == date(2023, 3, 31)  # the leap second month began on 22 March
    assert born.in_year(2026) == Birthday(2, 10, is_lunar=True).in_year(2026)
    assert Birthday(2, 10, is_lunar=True).in_year(2023) == date(2023, 3, 1)  # the ordinary one, not both


def test_the_twenty_ninth_of_february_is_kept_on_the_last_day_of_february() -> None:
    leap = Birthday(2, 29)
    assert [leap.in_year(year) for year in (2027, 2028, 2100)] == [
        date(2027, 2, 28), date(2028, 2, 29), date(2100, 2, 28),
    ]  # fmt: skip
    assert leap.next_from(date(2027, 3, 1)) == date(2028, 2, 29)
    assert leap.next_from(date(2028, 2, 29)) == date(2028, 2, 29)


def test_new_years_eve_is_the_twenty_ninth_where_the_month_is_short() -> None:
    eve = Birthday(12, 30, is_lunar=True)
    for year in range(2024, 2036):
        assert eve.in_year(year) + timedelta(days=1) == Birthday(1, 1, is_lunar=True).in_year(year + 1)


@pytest.mark.parametrize(
    "told",
    [
        (13, 1, None, False, False), (0, 1, None, False, False), (2, 30, None, False, False),
        (2, 29, 2023, False, False), (4, 31, None, False, False), (1, 31, None, True, False),
        (5, 0, None, True, False), (3, 1, 2023, True, True), (2, 30, 2023, True, True),
        (5, 5, None, False, True), (5, 5, 1899, False, False),
    ],
)  # fmt: skip
def test_a_day_that_no_calendar_has_is_refused(told: tuple[int, int, int | None, bool, bool]) -> None:
    with pytest.raises(NoSuchDay):
        Birthday(*told)


@pytest.mark.parametrize(
    ("birthday", "zh", "en"),
    [
        (Birthday(8, 15, 1990), "8月15日", "15 August"),
        (Birthday(8, 15, None, True), "农历八月十五", "lunar month 8, day 15"),
        (Birthday(4, 30, 2020, True, False), "农历四月三十", "lunar month 4, day 30"),
        (Birthday(4, 8, None, True, True), "农历闰四月初八", "lunar leap month 4, day 8"),
        (Birthday(12, 1, None, True), "农历腊月初一", "lunar month 12, day 1"),
    ],
)
def test_it_is_said_as_people_say_it_and_read_as_it_was_stored(birthday: Birthday, zh: str, en: str) -> None:
    for language, words in (("zh-hans", zh), ("en", en)):
        with translation.override(language):
            assert birthday.says() == words
    assert read_birthday(birthday.stored()) == birthday


@pytest.mark.django_db
class TestKept:
    def test_the_day_is_sealed_in_the_row_and_in_no_record_of_changes(self, consumer: User) -> None:
        give_birthday(consumer, Birthday(8, 15, 1990, True), shown=True, moment=MOMENT)
        give_birthday(consumer, Birthday(2, 29, 1992), shown=False, moment=MOMENT)
        take_birthday_back(consumer)
        give_birthday(consumer, Birthday(2, 29, 1992), shown=False, moment=MOMENT)
        with connection.cursor() as cursor:
            cursor.execute("SELECT day, next_on FROM crm_ownbirthday")
            ((sealed, next_on),) = cursor.fetchall()
            assert "1992" not in sealed
            assert next_on == date(2027, 2, 28)
            cursor.execute("SELECT to_jsonb(event)::text FROM crm_ownbirthdayevent event")
            events = [row[0] for row in cursor.fetchall()]
        assert len(events) == 4
        assert not any("next_on" in event or '"day"' in event for event in events)

    def test_the_same_birthday_again_changes_nothing(self, consumer: User) -> None:
        first = give_birthday(consumer, Birthday(8, 15), shown=True, moment=MOMENT)
        again = give_birthday(consumer, Birthday(8, 15), shown=True, moment=MOMENT + timedelta(days=1))
        assert (again.pk, again.given_at) == (first.pk, MOMENT)

    def test_a_shop_notes_one_only_with_consent(self, merchant: Merchant, owner: User) -> None:
        customer = make_customer(merchant)
        with pytest.raises(NotAgreed):
            note_birthday(customer, Birthday(8, 15), agreed=False, by=owner)
        assert not NotedBirthday.objects.exists()
        noted = note_birthday(customer, Birthday(8, 15), agreed=True, by=owner, moment=MOMENT)
        assert (noted.by, noted.agreed_at, noted.next_on) == (owner, MOMENT, date(2027, 8, 15))
        forget_noted(customer)
        assert not NotedBirthday.objects.exists()

    def test_what_a_person_gave_and_shows_a_shop_cannot_overwrite(
        self, merchant: Merchant, owner: User, consumer: User
    ) -> None:
        customer = make_customer(merchant, consumer)
        give_birthday(consumer, Birthday(8, 15), shown=True)
        with pytest.raises(TheirsToGive):
            note_birthday(customer, Birthday(8, 16), agreed=True, by=owner)

    def test_the_customer_can_remove_what_one_shop_noted(
        self, merchant: Merchant, owner: User, consumer: User
    ) -> None:
        other = make_merchant()
        for shop in (merchant, other):
            note_birthday(make_customer(shop, consumer), Birthday(8, 15), agreed=True, by=owner_of(shop))
        take_noted_back(consumer, merchant)
        assert NotedBirthday.objects.get().merchant == other

    def test_it_cannot_stand_in_another_merchants_book(self, merchant: Merchant, owner: User) -> None:
        note_birthday(make_customer(merchant), Birthday(8, 15), agreed=True, by=owner)
        with pytest.raises(IntegrityError, match="birthday_stays_with_its_customer"):
            NotedBirthday.objects.update(merchant=make_merchant())

    def test_it_goes_along_when_two_records_become_one(self, merchant: Merchant, owner: User) -> None:
        kept, gone = make_customer(merchant), make_customer(merchant)
        note_birthday(gone, Birthday(8, 15), agreed=True, by=owner)
        merge_members(kept, gone, reason="told us", by=owner, key=uuid.uuid4())
        assert NotedBirthday.objects.get().customer == kept

    @pytest.mark.parametrize(
        "moment",
        [
            "2026-03-08T03:30:00+00:00",  # 22:30 of the day before an hour is lost
            "2026-03-09T03:30:00+00:00",  # 23:30 of the day that lost it
            "2026-11-01T03:30:00+00:00",  # 23:30 of the day before an hour comes back
            "2026-11-02T04:30:00+00:00",  # 23:30 of the day that had it twice
        ],
    )
    def test_its_next_day_counts_from_the_merchants_own_calendar(
        self, merchant: Merchant, owner: User, moment: str
    ) -> None:
        """In New York, where clocks change on 8 March and 1 November 2026; in Shanghai it is a day later."""
        make_shop(merchant)
        merchant.shops.update(time_zone="America/New_York")
        then = datetime.fromisoformat(moment)
        here = then.astimezone(ZoneInfo("America/New_York")).date()

        def noted(on: date) -> date:
            day = Birthday(on.month, on.day)
            return note_birthday(make_customer(merchant), day, agreed=True, by=owner, moment=then).next_on

        over = here - timedelta(days=1)
        assert (noted(here), noted(over)) == (here, over.replace(year=2027))
        assert roll_on(then) == 0

    def test_only_days_that_are_over_are_opened_and_rolled_on(
        self, merchant: Merchant, owner: User, consumer: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        give_birthday(consumer, Birthday(11, 20), shown=False, moment=MOMENT - timedelta(days=10))
        note_birthday(make_customer(merchant), Birthday(12, 24), agreed=True, by=owner, moment=MOMENT)
        opened: list[str] = []

        def noted(text: str) -> Birthday:
            opened.append(text)
            return read_birthday(text)

        monkeypatch.setattr("crm.actions.birthdays.read_birthday", noted)
        assert [roll_on(MOMENT), roll_on(MOMENT)] == [1, 0]
        assert opened == ["solar 0-11-20"]
        assert OwnBirthday.objects.get().next_on == date(2027, 11, 20)


@pytest.mark.django_db
class TestPages:
    def test_a_person_gives_changes_and_removes_it(self, consumer: User) -> None:
        client = client_of(consumer, language="en")
        assert "Tell it" in client.get("/me/birthday/").content.decode()
        said = {"calendar": "lunar", "month": "4", "day": "30", "leap": "on", "year": ""}
        assert client.post("/me/birthday/", said).status_code == 302
        page = client.get("/me/birthday/").content.decode()
        assert "lunar leap month 4, day 30" in page
        assert "Your shops don’t see the day." in page
        assert client.post("/me/birthday/", said | {"shown": "on", "leap": ""}).status_code == 302
        assert OwnBirthday.objects.get().shown
        client.post("/me/birthday/remove/")
        assert not OwnBirthday.objects.exists()

    @pytest.mark.parametrize("wrong", [{"month": "13"}, {"day": "31"}, {"year": "9" * 12}, {"calendar": "x"}])
    def test_what_is_no_day_is_said_beside_the_field(self, consumer: User, wrong: dict[str, str]) -> None:
        said = {"calendar": "solar", "month": "2", "day": "28", "year": ""}
        assert client_of(consumer).post("/me/birthday/", said | wrong).status_code == 422
        assert not OwnBirthday.objects.exists()

    def test_staff_note_it_and_the_customer_sees_who_did(
        self, merchant: Merchant, cashier: StaffMember, consumer: User
    ) -> None:
        customer = make_customer(merchant, consumer)
        page, client = f"/m/{merchant.slug}/customers/{customer.pk}/", client_of(cashier.user, language="en")
        said = {"calendar": "solar", "month": "8", "day": "15"}
        assert client.post(page + "birthday/", said).status_code == 422
        assert client.post(page + "birthday/", said | {"agreed": "on"}).status_code == 302
        assert "15 August" in client.get(page).content.decode()
        assert merchant.name in client_of(consumer).get("/me/birthday/").content.decode()
        client_of(consumer).post(f"/me/birthday/noted/{merchant.slug}/remove/")
        assert not NotedBirthday.objects.exists()

    def test_staff_dont_see_a_day_that_the_person_does_not_show(
        self, merchant: Merchant, owner: User, consumer: User
    ) -> None:
        customer = make_customer(merchant, consumer)
        page, client = f"/m/{merchant.slug}/customers/{customer.pk}/", client_of(owner, language="en")
        give_birthday(consumer, Birthday(8, 15), shown=False)
        assert "15 August" not in client.get(page).content.decode()
        give_birthday(consumer, Birthday(8, 15), shown=True)
        assert "15 August" in client.get(page).content.decode()
        assert Customer.objects.get(pk=customer.pk).user == consumer
