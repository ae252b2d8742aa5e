"""What each kind takes off which line, and when coupons hold by the clock on the shop's wall."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from coupons import actions
from coupons.calendar import day_of
from coupons.judging import BelowMinimum, BlackedOut, NothingFits, NotNow, NotToday, OtherOutlet
from coupons.models import CouponTerms, Redemption
from coupons.terms import Line, shares
from merchants.models import Service
from portal.kernel.invariants import all_invariants
from tests.cast import make_shop, make_user
from tests.coupons.makers import make_coupon, make_coupon_programme

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def face(kind, **parts):
    empty = {"amount_off": None, "percent_off": None, "most_off": None, "price": None, "minimum": 0}
    return SimpleNamespace(**(empty | {"kind": kind} | parts))


@pytest.mark.parametrize(
    ("coupon", "services", "left", "off"),
    [
        (face("amount", amount_off=1000), (), None, [600, 300, 100]),
        (face("amount", amount_off=1000), (1,), None, [1000, 0, 0]),
        (face("amount", amount_off=9000), (2,), None, [0, 3000, 0]),
        (face("percent", percent_off=20, most_off=1500), (), None, [900, 450, 150]),
        (face("percent", percent_off=100), (3,), None, [0, 0, 1000]),
        (face("fixed", price=1900), (1, 2), None, [1100, 0, 0]),
        (face("fixed", price=9900), (1,), None, [0, 0, 0]),
        (face("gift"), (1, 3), None, [0, 0, 1000]),
        (face("gift"), (), None, [0, 0, 0]),
        (face("voucher"), (1, 3), None, [3000, 0, 0]),
        (face("value", amount_off=10_000), (), 700, [420, 210, 70]),
        (face("value", amount_off=10_000), (), 10_000, [6000, 3000, 1000]),
    ],
)
def test_each_kind_takes_off_what_it_says_from_the_lines_it_is_for(coupon, services, left, off):
    lines = [Line(6000, 2, service=1), Line(3000, 1, service=2), Line(1000, 1, service=3)]
    assert shares(coupon, lines, services, left) == off


ANY_FACE = st.one_of(
    st.builds(face, st.just("amount"), amount_off=st.integers(1, 50_000)),
    st.builds(face, st.just("value"), amount_off=st.integers(1, 50_000)),
    st.builds(
        face,
        st.just("percent"),
        percent_off=st.integers(1, 100),
        most_off=st.none() | st.integers(1, 50_000),
    ),
    st.builds(face, st.just("fixed"), price=st.integers(0, 50_000)),
    st.builds(face, st.sampled_from(["gift", "voucher"])),
)
LINES = st.lists(
    st.builds(Line, st.integers(0, 30_000), st.integers(1, 5), st.none() | st.integers(1, 4)),
    min_size=1,
    max_size=8,
)


@given(
    coupon=ANY_FACE, lines=LINES, services=st.sets(st.integers(1, 4)), left=st.none() | st.integers(0, 9000)
)
@examples(max_examples=400, deadline=None)
def test_no_line_gets_below_nothing_and_none_that_is_not_meant_is_touched(coupon, lines, services, left):
    off = shares(coupon, lines, services, left)
    assert len(off) == len(lines)
    assert all(0 <= part <= line.amount for part, line in zip(off, lines, strict=True))
    if services:
        assert all(not part or line.service in services for part, line in zip(off, lines, strict=True))
    for most in (coupon.most_off, left if coupon.kind == "value" else None):
        assert most is None or sum(off) <= most


def hours(opens, closes):
    return CouponTerms(opens=time.fromisoformat(opens), closes=time.fromisoformat(closes))


@pytest.mark.parametrize(
    ("terms", "local", "day"),
    [
        (hours("14:00", "17:00"), "2026-11-20T13:59:59", None),
        (hours("14:00", "17:00"), "2026-11-20T14:00:00", "2026-11-20"),
        (hours("14:00", "17:00"), "2026-11-20T17:00:00", None),
        (hours("20:00", "02:00"), "2026-11-20T23:59:59", "2026-11-20"),
        (hours("20:00", "02:00"), "2026-11-21T00:00:00", "2026-11-20"),
        (hours("20:00", "02:00"), "2026-11-21T01:59:59", "2026-11-20"),
        (hours("20:00", "02:00"), "2026-11-21T02:00:00", None),
        (hours("20:00", "00:00"), "2026-11-20T23:59:59", "2026-11-20"),
        (hours("20:00", "00:00"), "2026-11-21T00:00:00", None),
        (CouponTerms(), "2026-11-21T00:00:00", "2026-11-21"),
    ],
)
def test_hours_past_midnight_belong_to_the_evening_on_which_they_began(terms, local, day):
    moment = datetime.fromisoformat(local).replace(tzinfo=SHANGHAI)
    assert day_of(terms, moment) == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    ("utc", "holds"),
    [
        ("2026-10-25T00:30", True),  # 02:30 in summer
        ("2026-10-25T01:30", True),  # 02:30 again, in winter
        ("2026-10-25T02:00", False),  # 03:00
        ("2026-03-29T00:59", False),  # 01:59
        ("2026-03-29T01:00", False),  # 03:00: the hour from two never came
    ],
)
def test_an_hour_that_comes_twice_holds_twice_and_one_left_out_never(utc, holds):
    local = datetime.fromisoformat(utc).replace(tzinfo=UTC).astimezone(BERLIN)
    assert (day_of(hours("02:00", "03:00"), local) is not None) == holds


def use(coupon, shop, by, bill=8000, **more):
    return actions.redeem(coupon, bill=bill, shop=shop, by=by, key=uuid.uuid4(), **more)


def at(local, zone=SHANGHAI):
    return datetime.fromisoformat(local).replace(tzinfo=zone)


@pytest.fixture
def long():
    """Open around all the moments that these tests speak of."""
    return {"starts_at": at("2026-11-01"), "ends_at": at("2027-10-01")}


@pytest.mark.django_db
def test_weekdays_hours_and_days_without_coupons_are_judged_where_the_shop_is(shop, cashier, long):
    terms = {"weekdays": [4], "opens": time(20), "closes": time(2)}
    coupon = make_coupon(
        shop.merchant,
        moment=at("2026-11-02"),
        **long,
        **terms,
        blackouts=[(date(2026, 11, 27), date(2026, 11, 28))],
    )
    refusals = {
        "2026-11-20T19:59": NotNow,  # a Friday, too early
        "2026-11-21T20:30": NotToday,  # Saturday evening
        "2026-11-27T21:00": BlackedOut,
        "2026-11-28T01:00": BlackedOut,  # still the evening of the 27th
    }
    for local, refusal in refusals.items():
        with pytest.raises(refusal):
            use(coupon, shop, cashier.user, moment=at(local))
    assert use(coupon, shop, cashier.user, moment=at("2026-11-21T01:30")).discount == 2000


@pytest.mark.django_db
def test_the_same_moment_is_friday_here_and_saturday_there(merchant, hair, cashier, long):
    near, far = (make_shop(merchant, name=name, category=hair) for name in ("近店", "远店"))
    far.time_zone = "Pacific/Auckland"
    far.save(update_fields=["time_zone"])
    coupon = make_coupon(merchant, moment=at("2026-11-02"), weekdays=[4], **long)
    friday_evening = at("2026-11-20T21:00")
    with pytest.raises(NotToday):
        use(coupon, far, cashier.user, moment=friday_evening)
    assert use(coupon, near, cashier.user, moment=friday_evening)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("zone", "claimed", "until"),
    [
        ("Asia/Shanghai", "2026-11-20T23:59:59", "2026-11-22T00:00:00"),
        ("Asia/Shanghai", "2026-11-20T00:00:00", "2026-11-22T00:00:00"),
        ("Europe/Berlin", "2027-03-27T12:00:00", "2027-03-29T00:00:00"),  # 47 hours away, over the change
    ],
)
def test_two_days_from_the_claim_end_at_midnight_where_the_shop_is(merchant, zone, claimed, until, long):
    place = ZoneInfo(zone)
    coupon = make_coupon(merchant, moment=at(claimed, place), days=2, zone=zone, **long)
    assert coupon.valid_until == at(until, place)


@pytest.mark.django_db
def test_a_coupon_for_one_outlet_names_it_at_the_other_and_the_database_refuses_it_there(
    merchant, hair, cashier
):
    here, there = (make_shop(merchant, name=name, category=hair) for name in ("人民路店", "中山路店"))
    coupon = make_coupon(merchant, shops=[here.pk])
    with pytest.raises(OtherOutlet, match="人民路店"):
        use(coupon, there, cashier.user)
    assert use(coupon, here, cashier.user)


@pytest.mark.django_db
def test_a_coupon_for_services_asks_for_them_and_counts_only_them_towards_the_minimum(shop, cashier):
    service = Service.objects.get(shop=shop)
    coupon = make_coupon(shop.merchant, services=[service.pk], minimum=3000, amount_off=1000)
    with pytest.raises(NothingFits, match="剪发"):
        use(coupon, shop, cashier.user, bill=9000)
    small = [Line(2900, 1, service.pk), Line(6100)]
    with pytest.raises(BelowMinimum):
        use(coupon, shop, cashier.user, bill=9000, lines=small)
    used = use(coupon, shop, cashier.user, bill=9000, lines=[Line(5200), Line(3800, 1, service.pk)])
    assert (used.discount, used.shares) == (1000, [0, 1000])


@pytest.mark.django_db
def test_only_members_of_the_named_levels_can_claim(merchant, consumer, rank_of):
    programme = make_coupon_programme(merchant, audience="levels", levels=[1])
    claim = lambda who: actions.claim_coupon(programme, who, key=uuid.uuid4())  # noqa: E731
    for stranger in (consumer, make_user()):
        with pytest.raises(actions.NotYourLevel):
            claim(stranger)
    rank_of(consumer, 1)
    assert claim(consumer).customer.user == consumer


@pytest.mark.django_db
def test_claims_that_are_out_keep_their_terms_and_the_terms_row_is_for_good(merchant, consumer):
    programme = make_coupon_programme(merchant, weekdays=[1])
    coupon = actions.claim_coupon(programme, consumer, key=uuid.uuid4())
    assert coupon.terms_id == programme.terms_id
    for deed in (
        lambda: CouponTerms.objects.update(weekdays=[]),
        lambda: CouponTerms.objects.all()._raw_delete("default"),
        lambda: type(coupon).objects.update(minimum=1),
        lambda: type(coupon).objects.update(valid_until=programme.ends_at + timedelta(days=9)),
    ):
        with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
            deed()


@pytest.mark.django_db
def test_a_use_written_past_the_verb_is_turned_away_where_the_terms_say_so(merchant, hair, cashier):
    here, there = (make_shop(merchant, name=name, category=hair) for name in ("人民路店", "中山路店"))
    coupon = make_coupon(merchant, shops=[here.pk])
    row = {"merchant": merchant, "coupon": coupon, "by": cashier.user, "bill": 8000, "discount": 1}
    write = lambda **more: Redemption.objects.create(**(row | {"shop": here, "key": uuid.uuid4()} | more))  # noqa: E731
    deeds = {
        "coupon_is_used_at_its_outlets": lambda: write(shop=there),
        "coupon_is_used_within_its_dates": lambda: write(redeemed_at=coupon.valid_until),
        "coupon_is_used_no_more_than_it_allows": lambda: write(turn=2),
        "coupon_turns_count_from_one": lambda: write(turn=0),
    }
    for name, deed in deeds.items():
        with pytest.raises(DatabaseError, match=name), transaction.atomic():
            deed()


@pytest.mark.django_db
@pytest.mark.sabotages("I12")
def test_a_use_at_another_outlet_and_terms_with_others_shops_are_reported(
    merchant, hair, cashier, other_shop
):
    here, there = (make_shop(merchant, name=name, category=hair) for name in ("人民路店", "中山路店"))
    used = use(make_coupon(merchant, shops=[here.pk]), here, cashier.user)
    report = next(one for one in all_invariants() if one.code == "I12")
    assert report.broken() == (0, [])
    for sql in (
        f"UPDATE coupons_redemption SET shop_id = {there.pk}",
        f"UPDATE coupons_couponterms SET shops = ARRAY[{other_shop.pk}, {there.pk}]",
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE coupons_couponterms DISABLE TRIGGER USER")
            cursor.execute(sql)
        assert report.broken()[1] == [used.pk]
