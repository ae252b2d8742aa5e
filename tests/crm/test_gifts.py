"""The coupon that comes with a birthday greeting: handed out once, told, never giving a day away."""

import uuid
from datetime import date, timedelta

import pytest

from coupons import actions as coupons
from coupons.models import Coupon, CouponProgramme, Via
from crm.actions.birthdays import note_birthday
from crm.actions.greetings import greet_due
from crm.days import Birthday
from messaging import actions
from messaging.models import Message, Source
from tests.cast import client_of, make_customer, make_shop, make_user, owner_of
from tests.coupons.makers import make_coupon_programme
from tests.crm.makers import born
from tests.crm.test_greetings import DAY, NOON, switched_on
from tests.messaging.test_invariants import broken

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 26)
TWO_MONTHS = {"starts_at": NOON - DAY, "ends_at": NOON + 60 * DAY}


@pytest.fixture
def ours():
    return make_shop().merchant


def with_coupon(merchant, **terms):
    programme = make_coupon_programme(merchant, **({"title": "生日八折"} | TWO_MONTHS | terms))
    switched_on(merchant, 3, programme=programme)
    return programme


def kind_of(person):
    return Message.objects.get(person=person).kind


def holders(programme):
    return set(Coupon.objects.filter(programme=programme).values_list("customer__user", flat=True))


def test_whose_day_the_shop_may_see_has_the_coupon_and_reads_until_when(ours):
    programme = with_coupon(ours, days=10, amount_off=1500)
    shown = born(ours, ON, shown=True)
    noted = make_user()
    customer = make_customer(ours, noted)
    note_birthday(customer, Birthday(11, 26), agreed=True, by=owner_of(ours), moment=NOON)
    assert greet_due(NOON) == 2
    assert holders(programme) == {shown.pk, noted.pk}
    coupon = Coupon.objects.get(customer__user=shown)
    assert (coupon.amount_off, coupon.via, coupon.terms_id) == (1500, Via.INBOX, programme.terms_id)
    assert coupon.valid_until - NOON < timedelta(days=10)
    message = Message.objects.get(person=shown)
    assert (message.kind, message.url) == ("crm.birthday_gift", f"/coupons/{programme.token}/")
    inbox = client_of(shown, language="en").get("/me/inbox/").content.decode()
    assert "a coupon is yours already: 生日八折" in inbox
    assert coupon.token in client_of(shown).get(message.url).content.decode()
    assert [broken(code) for code in ("R02", "R03", "I10")] == [[], [], []]


def test_it_comes_once_however_often_the_task_runs(ours):
    programme = with_coupon(ours, per_person=5)
    born(ours, ON, shown=True)
    assert [greet_due(NOON + number * DAY) for number in range(3)] == [1, 0, 0]
    assert Coupon.objects.filter(programme=programme).count() == 1
    programme.refresh_from_db()
    assert programme.claimed == 1


def test_a_day_that_is_not_shown_is_not_given_away_by_a_coupon(ours):
    programme = with_coupon(ours)
    hidden = born(ours, ON)
    greet_due(NOON)
    assert (kind_of(hidden), holders(programme)) == ("crm.birthday_coupon", set())


def test_who_silenced_the_shop_or_wants_no_greetings_gets_none(ours):
    programme = with_coupon(ours)
    silent, refusing = (born(ours, ON, shown=True) for _ in range(2))
    actions.mute(silent, ours.pk, source=Source.PAGE)
    actions.choose(refusing, {("care", "inbox"): False}, source=Source.PAGE)
    greet_due(NOON)
    assert holders(programme) == set()
    assert not Message.objects.in_inbox().exists()


def test_who_has_enough_is_greeted_in_words(ours):
    programme = with_coupon(ours)
    person, other = (born(ours, ON, shown=True) for _ in range(2))
    coupons.claim_coupon(programme, person, key=uuid.uuid4(), moment=NOON)
    greet_due(NOON)
    assert (kind_of(person), kind_of(other)) == ("crm.birthday", "crm.birthday_gift")


def test_the_last_pieces_go_to_as_many_as_there_are(ours):
    programme = with_coupon(ours, stock=2)
    people = [born(ours, ON, shown=True) for _ in range(3)]
    greet_due(NOON)
    assert [kind_of(one) for one in people] == ["crm.birthday_gift"] * 2 + ["crm.birthday"]
    programme.refresh_from_db()
    assert (programme.claimed, programme.left) == (2, 0)
    assert broken("I10") == []


def test_what_others_took_meanwhile_is_not_handed_out_again(ours, monkeypatch):
    """Somebody claims the last one between the look and the count: nobody is promised it."""
    programme = with_coupon(ours, stock=1)
    person = born(ours, ON, shown=True)
    claims: list[Coupon] = []

    def look(self, *args, **kwargs):
        whole(self, *args, **kwargs)
        if not claims:
            claims.append(coupons.claim_coupon(programme, make_user(), key=uuid.uuid4(), moment=NOON))

    whole = CouponProgramme.refresh_from_db
    monkeypatch.setattr(CouponProgramme, "refresh_from_db", look)
    greet_due(NOON)
    assert kind_of(person) == "crm.birthday"
    assert list(Coupon.objects.filter(programme=programme)) == claims
    assert broken("I10") == []


def test_later_terms_change_nothing_about_it(ours):
    programme = with_coupon(ours, amount_off=1500)
    person = born(ours, ON, shown=True)
    greet_due(NOON)
    coupons.end_programme(programme, by=owner_of(ours))
    coupon = Coupon.objects.get(customer__user=person)
    assert (coupon.state, coupon.amount_off, coupon.valid_until) == ("claimed", 1500, programme.ends_at)
