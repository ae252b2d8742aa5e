"""Which way people came to an offer, and how many saw it: each once a day, nobody by name."""

import uuid
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from coupons import actions
from coupons.codes import way_to
from coupons.models import Coupon, CouponProgramme, Glance, Sighting, Via
from coupons.tasks import forget_who_was_counted
from merchants.models import Role
from messaging.actions import mail_out
from messaging.kinds import Kind, register
from messaging.models import Channel, Dispatch, Message, Purpose
from messaging.parcels import make
from portal.kernel.limits import Limit
from portal.kernel.models import User
from portal.kernel.via import mark_of, way_of
from tests.cast import client_of, make_shop, make_staff, make_user, owner_of
from tests.coupons.makers import make_coupon, make_coupon_programme, make_paper

pytestmark = pytest.mark.django_db
PHONE = {"HTTP_USER_AGENT": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)"}
TODAY = date(2026, 11, 24)
WAYS = (Channel.INBOX, Channel.PUSH, Channel.EMAIL, Channel.SMS)
OFFERED = register(Kind("test.offered", Purpose.DEALS, "Come", "in", WAYS))


@pytest.fixture
def programme(db: None) -> CouponProgramme:
    return make_coupon_programme(make_shop().merchant)


def look(programme: CouponProgramme, client: Client, via: str = "", **agent: str) -> None:
    mark = mark_of(f"/coupons/{programme.token}/", via) if via else ""
    address = f"/coupons/{programme.token}/seen/?via={mark}"
    assert client.post(address, **(PHONE | agent)).status_code == 204


def seen() -> dict[str, int]:
    return dict(Sighting.objects.values_list("via", "times"))


def test_a_claim_knows_the_way_its_holder_came(programme: CouponProgramme) -> None:
    for way in Via.values:
        client_of(make_user()).post(way_to(programme.token, way), {"key": uuid.uuid4()}, **PHONE)
    assert sorted(Coupon.objects.values_list("via", flat=True)) == sorted(Via.values)
    assert seen() == dict.fromkeys(Via.values, 1)


@pytest.mark.parametrize("mark", ["", "push", "0123456789", "x" * 3000, "é"])
def test_a_mark_that_is_not_ours_is_a_plain_link(programme: CouponProgramme, mark: str) -> None:
    path = f"/coupons/{programme.token}/"
    client_of(make_user()).post(f"{path}?via={mark}", {"key": uuid.uuid4()}, **PHONE)
    assert Coupon.objects.get().via == Via.LINK


def test_a_mark_of_one_offer_says_nothing_at_another(programme: CouponProgramme) -> None:
    mark = mark_of(f"/coupons/{programme.token}/", Via.PUSH)
    assert way_of(f"/coupons/{programme.token}/", mark, Via.values) == Via.PUSH
    assert way_of("/coupons/ANOTHERONE/", mark, Via.values) is None


def test_the_way_is_kept_over_signing_in(programme: CouponProgramme) -> None:
    address = way_to(programme.token, Via.POSTER)
    answer = client_of().post(
        address, {"key": uuid.uuid4()}, headers={"referer": f"http://testserver{address}"}
    )
    assert answer["Location"].startswith("/accounts/login/")
    assert "via%3D" in answer["Location"]


def test_the_code_on_a_poster_says_so(programme: CouponProgramme) -> None:
    assert client_of().get(f"/q/{programme.token}/")["Location"] == way_to(programme.token, Via.POSTER)


def test_what_is_printed_came_by_paper_whoever_claims_it() -> None:
    batch = make_paper(make_shop().merchant, 2)
    paper = batch.coupons.order_by("pk")[0]
    page = client_of(person := make_user()).get(f"/paper/{paper.token}/").content.decode()
    assert f"via={mark_of(f'/coupons/{batch.programme.token}/', 'paper')}" in page
    client_of(person).post(f"/paper/{paper.token}/", {"key": uuid.uuid4()}, **PHONE)
    assert set(Coupon.objects.values_list("via", flat=True)) == {Via.PAPER}
    assert seen() == {"paper": 1}


def test_each_channel_of_a_message_carries_its_own_mark(programme: CouponProgramme) -> None:
    person, path = make_user(email="a@example.org"), f"/coupons/{programme.token}/"
    mail_out(
        User.objects.filter(pk=person.pk).values("pk"),
        OFFERED,
        merchant_id=programme.merchant_id,
        occurrence="deal:1",
        url=path,
    )
    links = {row.channel: make(row, "", row.due_at).url for row in Dispatch.objects.exclude(channel="push")}
    assert links == {way: f"{path}?via={mark_of(path, way)}" for way in ("email", "sms")}
    assert Message.objects.get().url == path
    inbox = client_of(person).get("/me/inbox/").content.decode()
    assert f"{path}?via={mark_of(path, 'inbox')}" in inbox


def test_a_service_message_carries_no_mark() -> None:
    coupon = make_coupon(make_shop().merchant, person := make_user())
    actions.revoke_coupon(coupon, by=owner_of(coupon.merchant), reason="印错了")
    assert "via=" not in client_of(person).get("/me/inbox/").content.decode()


def test_a_person_counts_once_a_day_on_all_devices(programme: CouponProgramme) -> None:
    person = make_user()
    for _ in range(3):
        look(programme, client_of(person), "push")
    look(programme, client_of(person), "poster")
    assert seen() == {"push": 1}
    assert Glance.objects.count() == 1


def test_a_browser_counts_once_a_day_and_nothing_is_kept_about_it(programme: CouponProgramme) -> None:
    client = client_of()
    for way in ("poster", "link", "poster"):
        look(programme, client, way)
    look(programme, client_of())
    assert seen() == {"poster": 1, "link": 1}
    assert Glance.objects.count() == 0


def test_a_browser_remembers_other_offers_beside(programme: CouponProgramme) -> None:
    other, client = make_coupon_programme(programme.merchant, title="另一张"), client_of()
    for one in (programme, other, programme, other):
        look(one, client)
    assert list(Sighting.objects.values_list("times", flat=True)) == [1, 1]


@pytest.mark.parametrize("cookie", ["x", "2026-11-24", "..", "9" * 4000])
def test_a_mangled_cookie_counts_like_none(programme: CouponProgramme, cookie: str) -> None:
    client = client_of()
    client.cookies["offers-seen"] = cookie
    look(programme, client)
    assert seen() == {"link": 1}


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1)",
        "facebookexternalhit/1.1",
        "python-requests/2",
        "curl/8.5",
    ],
)
def test_machines_are_not_counted(programme: CouponProgramme, agent: str) -> None:
    look(programme, client_of(), HTTP_USER_AGENT=agent)
    look(programme, client_of(), HTTP_SEC_PURPOSE="prefetch;prerender")
    assert seen() == {}


def test_who_works_there_is_not_counted(programme: CouponProgramme) -> None:
    look(programme, client_of(make_staff(programme.merchant, Role.CASHIER).user))
    look(programme, client_of(owner_of(programme.merchant)))
    assert seen() == {}


def test_a_browser_that_keeps_no_cookies_cannot_drive_up_the_number(
    programme: CouponProgramme, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("coupons.web.seeing.UNKNOWN_BROWSERS", Limit("offers seen", most=3, seconds=3600))
    for _ in range(5):
        look(programme, client_of())
    assert seen() == {"link": 3}


def test_marks_of_persons_are_forgotten_and_the_counts_stay(programme: CouponProgramme) -> None:
    person = make_user()
    for back in range(5):
        actions.count_sighting(programme, day=timezone.localdate() - timedelta(days=back), person=person)
    assert bytes(Glance.objects.latest("pk").mark) != str(person.pk).encode()
    assert forget_who_was_counted() == 3
    assert (Glance.objects.count(), Sighting.objects.count()) == (2, 5)


def test_counting_asks_nothing_but_the_database(
    programme: CouponProgramme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*args: object, **kwargs: object) -> None:
        raise AssertionError("Redis was asked")

    monkeypatch.setattr("redis.connection.AbstractConnection.connect", gone)
    look(programme, client_of(make_user()))
    assert seen() == {"link": 1}


def test_the_database_counts_a_person_once_whichever_way_comes_second(programme: CouponProgramme) -> None:
    person = make_user()
    answers = [
        actions.count_sighting(programme, day=TODAY, person=person, via=way) for way in (Via.PUSH, Via.SMS)
    ]
    assert answers == [True, False]
    assert seen() == {"push": 1}
