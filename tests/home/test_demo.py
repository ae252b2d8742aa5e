"""The demo town: small here, but of everything."""

import json
import random
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from coupons.models import Coupon
from loyalty.models import Entry, Reward, StampCard
from merchants.models import Shop
from orders.models import Purchase
from portal.home.demo.covers import draw_cover
from portal.home.demo.merchants import somewhere
from portal.home.demo.people import made_up
from portal.home.demo.persons import parts_in_place
from tests.cast import client_of, make_merchant

pytestmark = pytest.mark.django_db


def small_town(seed: int = 1) -> dict[str, Any]:
    out = StringIO()
    call_command(
        "seed_demo",
        seed=seed,
        merchants=3,
        consumers=16,
        days=5,
        json=True,
        verbosity=0,
        stdout=out,
        stderr=StringIO(),
    )
    return dict(json.loads(out.getvalue()))


def test_the_town_has_everything_and_tells_where() -> None:
    told = small_town()
    roles = {person["role"] for person in told["persons"]}
    assert {"consumer", "owner", "manager", "cashier", "staff", "admin"} <= roles
    abilities = told["abilities"]
    for name in ("nearby.list", "storefront.view", "coupon.claim", "nearby.geojson"):
        path = abilities[name].removeprefix(settings.SITE_URL)
        query = "?near=31.2,121.4&r=500" if "geojson" in name else ""
        assert client_of().get(path + query).status_code == 200
    assert Reward.objects.exists() and StampCard.objects.exists()
    assert Purchase.objects.exists() and Entry.objects.exists() and Coupon.objects.exists()
    assert Shop.objects.filter(merchant=None).count() > 100
    call_command("check_invariants", stdout=StringIO())
    every_ability_of_cards_opens(told)


def every_ability_of_cards_opens(told: dict[str, Any]) -> None:
    """For the one of the cast who has it; the print desk is one of staff's, with a second step before it."""
    kinds = ("card.", "counter.", "reward.", "stamps.", "refund.", "liability.", "level.", "points.")
    cast = parts_in_place()
    for name, path in told["abilities"].items():
        if name.startswith(kinds) and name != "card.print_desk":
            page = client_of(cast[told["doers"][name]]).get(path.removeprefix(settings.SITE_URL))
            assert page.status_code == 200, name


def test_asking_again_tells_the_same_town_and_builds_nothing() -> None:
    first, sales = small_town(), Purchase.objects.count()
    assert small_town() == first
    assert Purchase.objects.count() == sales


def test_the_same_seed_draws_the_same_people_shops_and_pictures() -> None:
    one, other = random.Random(7), random.Random(7)
    assert [made_up(one, n) for n in range(50)] == [made_up(other, n) for n in range(50)]
    assert draw_cover("tea", one) == draw_cover("tea", other)
    assert [somewhere(one) for _ in range(9)] == [somewhere(other) for _ in range(9)]


def test_a_database_with_real_merchants_is_left_alone() -> None:
    make_merchant()
    with pytest.raises(CommandError, match="empty"):
        small_town()
