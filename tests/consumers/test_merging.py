"""Merging a listing with fifty reviews keeps every sum, and undoing it gives every one back."""

from typing import Any

import pytest

from consumers.models import Kind, Review, Score
from merchants import actions
from merchants.models import Shop
from merchants.trust import along
from tests import cast
from tests.consumers.makers import make_review
from tests.together import at_once, succeeded

FIELDS = ("kind", "count", "stars", "stars_sum", "service_sum", "service_count", "value_sum", "value_count")


def sums(*shops: Shop) -> dict[int, list[Any]]:
    """What the database has counted, per shop; a kind without reviews is left out."""
    return {
        shop.pk: list(Score.objects.filter(shop=shop, count__gt=0).order_by("kind").values_list(*FIELDS))
        for shop in shops
    }


def rating(shop: Shop) -> tuple[Any, int]:
    shop.refresh_from_db()
    return shop.rating, shop.rating_count


def reviewed(shop: Shop, count: int) -> None:
    for n in range(count):
        make_review(shop, verified=bool(n % 2), stars=n % 5 + 1, service=n % 4 + 1)


@pytest.mark.django_db
def test_fifty_reviews_keep_all_sums_and_an_undo_restores_them() -> None:
    merchant, clerk = cast.make_merchant(), cast.make_user()
    kept, gone = cast.make_shop(merchant), cast.make_shop(merchant, name="青禾理发 旧址")
    reviewed(kept, 7)
    reviewed(gone, 50)
    before, ratings = sums(kept, gone), (rating(kept), rating(gone))
    shown = Review.objects.shown()  # some are held back: fifty in a day is a burst
    count, stars = shown.count(), sum(shown.values_list("stars", flat=True))
    verified = shown.filter(kind=Kind.VERIFIED).count()
    merge = actions.merge_shops(kept, gone, by=clerk)
    after = sums(kept, gone)
    assert after[gone.pk] == [] and merge.moved_rows == 50
    assert sum(row[FIELDS.index("stars_sum")] for row in after[kept.pk]) == stars
    assert sum(row[FIELDS.index("count")] for row in after[kept.pk]) == count
    assert rating(kept)[1] == verified > 20 and rating(gone) == (None, 0)
    actions.undo_merge(merge, by=clerk)
    assert sums(kept, gone) == before
    assert (rating(kept), rating(gone)) == ratings


@pytest.mark.django_db(transaction=True)
def test_reviews_written_during_merge_and_undo_are_all_counted_somewhere() -> None:
    merchant, clerk = cast.make_merchant(), cast.make_user()
    kept, gone = cast.make_shop(merchant), cast.make_shop(merchant, name="青禾理发 旧址")
    reviewed(gone, 6)
    writers = [lambda shop=shop: make_review(shop, stars=4) for shop in (kept, gone) * 3]
    results = at_once([*writers[:3], lambda: actions.merge_shops(kept, gone, by=clerk), *writers[3:]])
    assert len(succeeded(results)) == 7
    merge = next(one for one in results if type(one).__name__ == "Merge")
    actions.follow_up(merge.pk)
    counted = sum(Score.objects.filter(shop=kept).values_list("count", flat=True))
    assert counted == Review.objects.count() == Review.objects.filter(shop=kept).count() == 12
    merge.refresh_from_db()
    undone = at_once([lambda: actions.undo_merge(merge, by=clerk), *writers[:4]])
    assert len(succeeded(undone)) == 5
    for shop in (kept, gone):
        there = Review.objects.filter(shop=shop).count()
        assert sum(Score.objects.filter(shop=shop).values_list("count", flat=True)) == there


@pytest.mark.django_db
def test_without_going_along_the_reviews_would_be_lost_from_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the registration is what carries them."""
    monkeypatch.delitem(along._along, "consumers.review")
    merchant, clerk = cast.make_merchant(), cast.make_user()
    kept, gone = cast.make_shop(merchant), cast.make_shop(merchant, name="青禾理发 旧址")
    reviewed(gone, 5)
    actions.merge_shops(kept, gone, by=clerk)
    assert sums(kept)[kept.pk] == []
