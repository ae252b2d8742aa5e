"""What people and merchants do with coupons in the browser."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from coupons import actions
from coupons.models import Coupon, CouponProgramme, CouponState, ProgrammeState, Sighting
from merchants.models import Role
from tests.cast import client_of, make_merchant, make_shop, make_staff, make_user, owner_of
from tests.coupons.makers import make_coupon, make_coupon_programme

pytestmark = pytest.mark.django_db


def offer_form(**changes: object) -> dict[str, object]:
    today = timezone.localdate()
    return {
        "key": uuid.uuid4(),
        "title": "新客立减",
        "kind": "amount",
        "amount_off": "10",
        "minimum": "38",
        "stock": "200",
        "per_person": "1",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=30)).isoformat(),
        "do": "publish",
    } | changes


def test_the_offer_page_is_open_to_everybody_and_says_the_terms() -> None:
    programme = make_coupon_programme(make_shop().merchant)
    page = client_of(language="en").get(f"/coupons/{programme.token}/").content.decode()
    assert "¥20 off on bills from ¥60" in page
    assert "Claim" in page


def test_claiming_needs_a_person_and_comes_back_to_the_offer() -> None:
    programme = make_coupon_programme(make_shop().merchant)
    response = client_of().post(f"/coupons/{programme.token}/", {"key": uuid.uuid4()})
    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert Coupon.objects.count() == 0


def test_the_same_claim_sent_twice_gives_one_coupon() -> None:
    programme = make_coupon_programme(make_shop().merchant, per_person=3)
    client, form = client_of(make_user()), {"key": str(uuid.uuid4())}
    first = client.post(f"/coupons/{programme.token}/", form)
    second = client.post(f"/coupons/{programme.token}/", form)
    assert first["Location"] == second["Location"]
    assert Coupon.objects.count() == 1
    programme.refresh_from_db()
    assert programme.claimed == 1


def test_a_second_coupon_beyond_the_limit_is_refused_with_a_sentence() -> None:
    programme = make_coupon_programme(make_shop().merchant)
    client = client_of(make_user(), language="en")
    client.post(f"/coupons/{programme.token}/", {"key": uuid.uuid4()})
    response = client.post(f"/coupons/{programme.token}/", {"key": uuid.uuid4()})
    assert response.status_code == 409
    assert "already have" in response.content.decode()


def test_a_draft_is_nobodys_to_see() -> None:
    programme = make_coupon_programme(make_shop().merchant, published=False)
    assert client_of().get(f"/coupons/{programme.token}/").status_code == 404
    assert client_of().post(f"/coupons/{programme.token}/seen/").status_code == 404


def test_being_shown_is_counted_per_day_and_looking_alone_changes_nothing() -> None:
    programme = make_coupon_programme(make_shop().merchant)
    client = client_of()
    client.get(f"/coupons/{programme.token}/")
    assert Sighting.objects.count() == 0
    for _ in range(3):
        answer = client.post(f"/coupons/{programme.token}/seen/", headers={"user-agent": "Mozilla/5.0"})
        assert answer.status_code == 204
    assert Sighting.objects.get().times == 1


def test_a_ticket_is_its_holders_alone() -> None:
    coupon = make_coupon(make_shop().merchant, user := make_user())
    page = client_of(user).get(f"/me/coupons/{coupon.token}/")
    assert page.status_code == 200
    assert "<svg" in page.content.decode()
    assert client_of(make_user()).get(f"/me/coupons/{coupon.token}/").status_code == 404


def test_the_wallet_sorts_coupons_into_their_tabs() -> None:
    user, merchant = make_user(), make_shop().merchant
    make_coupon(merchant, user, title="还能用")
    used = make_coupon(merchant, user, title="用掉了")
    Coupon.objects.filter(pk=used.pk).update(state=CouponState.REDEEMED, times=1)
    client = client_of(user)
    assert "还能用" in (usable := client.get("/me/coupons/").content.decode())
    assert "用掉了" not in usable
    assert "用掉了" in client.get("/me/coupons/?tab=used").content.decode()
    assert "还能用" not in client.get("/me/coupons/?tab=expired").content.decode()


@pytest.mark.parametrize("count", [10, 60])
def test_the_wallet_takes_the_same_few_queries_however_many_coupons(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    user, merchant = make_user(), make_shop().merchant
    programme = make_coupon_programme(merchant, per_person=100)
    for _ in range(count):
        actions.claim_coupon(programme, user, key=uuid.uuid4())
    client = client_of(user)
    with django_assert_num_queries(4):  # session, person, their work for the navigation, coupons
        client.get("/me/coupons/")


def test_one_press_publishes_what_a_preset_filled_in() -> None:
    merchant = make_shop().merchant
    client = client_of(owner_of(merchant), language="en")
    page = client.get(f"/m/{merchant.slug}/coupons/new/?preset=welcome").content.decode()
    assert 'value="38"' in page
    response = client.post(f"/m/{merchant.slug}/coupons/new/", offer_form())
    programme = CouponProgramme.objects.get()
    assert response["Location"] == f"/m/{merchant.slug}/coupons/{programme.token}/"
    assert (programme.state, programme.amount_off, programme.minimum) == (
        ProgrammeState.PUBLISHED,
        1000,
        3800,
    )


def test_the_form_sent_twice_makes_one_offer() -> None:
    merchant = make_shop().merchant
    client, form = client_of(owner_of(merchant)), offer_form()
    for _ in range(2):
        assert client.post(f"/m/{merchant.slug}/coupons/new/", form).status_code == 302
    assert CouponProgramme.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "percent", "percent_off": "150"}, "100"),
        ({"amount_off": ""}, "Enter how much the coupon takes off"),
        ({"minimum": "-5"}, "Enter an amount such as 38"),
        ({"stock": "1000000000000"}, "1000000"),
        ({"ends_on": "2020-01-01"}, "The last day lies before the first"),
        ({"title": ""}, "This field is required"),
    ],
)
def test_bad_terms_get_a_sentence_and_save_nothing(changes: dict[str, object], sentence: str) -> None:
    merchant = make_shop().merchant
    response = client_of(owner_of(merchant), language="en").post(
        f"/m/{merchant.slug}/coupons/new/", offer_form(**changes)
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert CouponProgramme.objects.count() == 0


def test_a_cashier_does_not_make_offers() -> None:
    merchant = make_shop().merchant
    cashier = make_staff(merchant, Role.CASHIER).user
    assert client_of(cashier).post(f"/m/{merchant.slug}/coupons/new/", offer_form()).status_code == 403
    assert CouponProgramme.objects.count() == 0


def test_another_merchants_owner_sees_and_ends_nothing() -> None:
    programme = make_coupon_programme(make_shop().merchant)
    stranger = make_merchant(make_user(), name="邻居")
    client = client_of(owner_of(stranger))
    for slug in (programme.merchant.slug, stranger.slug):
        assert client.get(f"/m/{slug}/coupons/{programme.token}/").status_code == 404
        assert client.post(f"/m/{slug}/coupons/{programme.token}/", {"do": "end"}).status_code == 404
    programme.refresh_from_db()
    assert programme.state == ProgrammeState.PUBLISHED


def test_the_programme_page_counts_seen_claimed_redeemed_and_takings() -> None:
    shop = make_shop()
    coupon = make_coupon(shop.merchant)
    programme = coupon.programme
    actions.count_sighting(programme, day=timezone.localdate(), times=7)
    actions.redeem(coupon, bill=8000, shop=shop, by=owner_of(shop.merchant), key=uuid.uuid4())
    client = client_of(owner_of(shop.merchant), language="en")
    page = client.get(f"/m/{shop.merchant.slug}/coupons/{programme.token}/")
    figures = [text.strip() for text in page.content.decode().split('class="stat-value">')[1:]]
    assert [figure.split("<")[0].strip() for figure in figures] == ["7", "1", "1", "¥60"]


def test_ending_an_offer_keeps_what_was_claimed() -> None:
    shop = make_shop()
    coupon = make_coupon(shop.merchant)
    client = client_of(owner_of(shop.merchant))
    client.post(f"/m/{shop.merchant.slug}/coupons/{coupon.programme.token}/", {"do": "end"})
    assert "data-claim" not in client_of().get(f"/coupons/{coupon.programme.token}/").content.decode()
    assert actions.quote(coupon, bill=8000, moment=timezone.now(), merchant=shop.merchant) == 2000


def test_a_published_offer_keeps_its_terms() -> None:
    programme = make_coupon_programme(make_shop().merchant)
    client = client_of(owner_of(programme.merchant))
    address = f"/m/{programme.merchant.slug}/coupons/{programme.token}/edit/"
    assert client.get(address).status_code == 302
    client.post(address, offer_form(amount_off="99"))
    programme.refresh_from_db()
    assert programme.amount_off == 2000


def test_a_script_in_a_title_is_only_text() -> None:
    programme = make_coupon_programme(make_shop().merchant, title="<script>alert(1)</script>")
    assert "<script>alert(1)" not in client_of().get(f"/coupons/{programme.token}/").content.decode()


def test_a_storefront_shows_the_running_offers_of_its_merchant_only() -> None:
    shop = make_shop()
    make_coupon_programme(shop.merchant, title="正在进行")
    make_coupon_programme(shop.merchant, title="还是草稿", published=False)
    make_coupon_programme(make_merchant(make_user(), name="邻居"), title="邻居的券")
    page = client_of().get(f"/s/{shop.slug}/").content.decode()
    assert "正在进行" in page
    assert "还是草稿" not in page
    assert "邻居的券" not in page


def test_an_offer_that_ends_within_a_day_counts_down_by_the_servers_clock() -> None:
    merchant, now = make_shop().merchant, timezone.now()
    soon = make_coupon_programme(merchant, starts_at=now, ends_at=now + timedelta(hours=2), title="soon")
    later = make_coupon_programme(merchant, starts_at=now, ends_at=now + timedelta(hours=25), title="later")
    page = client_of(language="en").get(f"/coupons/{soon.token}/").content.decode()
    until = datetime.fromisoformat(page.split('data-until="')[1].split('"')[0])
    assert until == soon.ends_at
    assert "Ends " in page.split('role="timer">')[1].split("<")[0]  # read without scripts, too
    assert "countdown.js" in page
    assert "countdown" not in client_of(language="en").get(f"/coupons/{later.token}/").content.decode()


def test_the_last_one_gone_between_look_and_tap_is_told_kindly() -> None:
    programme = make_coupon_programme(make_shop().merchant, stock=1)
    client = client_of(make_user(), language="en")
    assert "1 left" in client.get(f"/coupons/{programme.token}/").content.decode()
    actions.claim_coupon(programme, make_user(), key=uuid.uuid4())
    answer = client.post(f"/coupons/{programme.token}/", {"key": str(uuid.uuid4())})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "All of them are claimed" in page
    assert "Offers around you" in page
    assert "Claiming…" not in page
