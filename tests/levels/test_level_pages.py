"""The pages of levels."""

import re
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty.models import Level
from loyalty.web.level_forms import from_preset
from tests.cast import client_of, make_user, owner_of
from tests.loyalty.makers import buy, home_today, make_card, make_levels, rank_of

pytestmark = pytest.mark.django_db


def page(card, rest=""):
    return f"/m/{card.merchant.slug}/cards/{rest}"


def test_a_merchant_is_done_with_levels_in_three_taps(shop):
    card = make_card(shop.merchant)
    browser = client_of(owner_of(shop.merchant), language="en")
    shown = browser.get(page(card, "levels/")).content.decode()
    form = dict(re.findall(r'name="([a-z_0-9]+)"[^>]*? value="([^"]*)"', shown)) | {
        "metric": "amount",
        "window": "rolling",
    }
    del form["look"]  # the other button
    assert browser.post(page(card, "levels/"), form).status_code == 302
    assert list(Level.objects.order_by("rank").values_list("threshold", "multiplier", "name")) == [
        (0, 100, "普通"),
        (50_000, 120, "银卡"),
        (200_000, 150, "金卡"),
        (500_000, 200, "白金"),
    ]


def test_looking_at_who_would_move_saves_nothing(shop):
    card = make_card(shop.merchant, make_user(name="张女士"))
    buy(card, 60_000)
    browser = client_of(owner_of(shop.merchant), language="en")
    form = from_preset("amount") | {f"name_{rank}": f"{rank}级" for rank in range(4)}
    form |= {f"multiplier_{rank}": 100 for rank in (1, 2, 3)} | {f"discount_{rank}": 0 for rank in (1, 2, 3)}
    answer = browser.post(page(card, "levels/"), form | {"look": "1"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "1 member rises at once" in shown
    assert "张女士" in shown
    assert not Level.objects.exists()
    wrong = browser.post(page(card, "levels/"), form | {"from_2": "abc"})
    assert wrong.status_code == 422


def test_the_page_of_the_holder_shows_level_and_what_is_missing(card, consumer):
    buy(card, 168_000)
    shown = client_of(consumer, language="en").get(f"/me/cards/{card.token}/").content.decode()
    assert "¥320 more for Gold" in shown
    assert "Silver" in shown


def test_a_manager_gives_a_level_on_the_cards_page_and_cannot_by_any_other_field(card, consumer):
    browser = client_of(owner_of(card.merchant), language="en")
    where = page(card, f"{card.number}/level/")
    gold = Level.objects.get(rank=2)
    form = {"key": uuid.uuid4(), "level": gold.pk, "until": (home_today() + timedelta(days=30)).isoformat()}
    assert browser.post(where, form).status_code == 422
    assert browser.post(where, form | {"reason": "twenty years", "rank": 3}).status_code == 302
    assert rank_of(card) == 2
    assert "twenty years" in browser.get(where).content.decode()


def test_a_foreign_level_can_not_be_given(card, other_shop):
    theirs = make_levels(make_card(other_shop.merchant).programme)
    browser = client_of(owner_of(card.merchant))
    form = {"key": uuid.uuid4(), "level": theirs[3].pk, "until": "2030-01-01", "reason": "x"}
    assert browser.post(page(card, f"{card.number}/level/"), form).status_code == 422
    assert rank_of(card) == 0


def test_the_pages_of_levels_ask_as_often_for_many_members_as_for_few(shop, card):
    browser, counts = client_of(owner_of(shop.merchant)), []
    form = from_preset("amount") | {f"name_{rank}": f"{rank}级" for rank in range(4)} | {"look": "1"}
    form |= {f"multiplier_{rank}": 100 for rank in (1, 2, 3)} | {f"discount_{rank}": 0 for rank in (1, 2, 3)}
    for more in (4, 12):
        for _ in range(more):
            buy(make_card(shop.merchant), 60_000)
        with CaptureQueriesContext(connection) as asked:
            browser.get(page(card, "levels/"))
            browser.post(page(card, "levels/"), form | {"from_1": "100000"})
            browser.get(page(card, f"{card.number}/level/"))
        counts.append(len(asked))
    assert counts[0] == counts[1]
