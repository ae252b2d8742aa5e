"""Two listings of one place: found with reasons, merged so that nothing is lost, undone to the row."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from merchants import actions
from merchants.actions import merging
from merchants.actions.merging import (
    AlreadyMerged,
    KeepTheClaimed,
    LaterMergeFirst,
    NotPublic,
    SameListing,
    TooLateToUndo,
    TwoMerchants,
)
from merchants.codes import poster_code
from merchants.models import Merge, Photo, Shop
from merchants.trust import along
from portal.kernel.events import deliver_due
from portal.kernel.models import User
from tests import cast
from tests.together import at_once, succeeded, without

EVIL = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture
def clerk(db: None) -> User:
    clerk = cast.make_user(name="审核员", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="merchants"))
    return clerk


def listing(name: str = "阳光洗衣店", **fields: Any) -> Shop:
    return cast.make_listing(name=name, merchant=cast.make_merchant(), **fields)


def add_photos(shop: Shop, count: int) -> None:
    rows = [
        Photo(
            shop=shop, stem=f"{shop.pk}x{n}", digest=f"{shop.pk}/{n}".encode(), width=9, height=9, position=n
        )
        for n in range(count)
    ]
    Photo.objects.bulk_create(rows)
    Shop.objects.filter(pk=shop.pk).update(cover=rows[0].stem)


def state_of(*shops: Shop) -> list[Any]:
    """Everything that a merge may touch, row by row."""
    keys = [shop.pk for shop in shops]
    return [
        list(Shop.objects.filter(pk__in=keys).order_by("pk").values()),
        list(Photo.objects.filter(shop__in=keys).order_by("pk").values()),
    ]


@pytest.mark.django_db
def test_fifty_photos_go_along_behind_the_survivors_own_and_back_exactly(clerk: User) -> None:
    kept, gone = listing(), listing()
    add_photos(kept, 3)
    add_photos(gone, 50)
    before = state_of(kept, gone)
    merge = actions.merge_shops(kept, gone, by=clerk, reason="同一家")
    photos = list(Photo.objects.filter(shop=kept).order_by("position", "pk").values_list("stem", flat=True))
    assert photos == [f"{kept.pk}x{n}" for n in range(3)] + [f"{gone.pk}x{n}" for n in range(50)]
    assert Photo.objects.count() == 53 and merge.moved_rows == 50
    gone.refresh_from_db()
    kept.refresh_from_db()
    assert (gone.merged_into, gone.is_listed, gone.cover, kept.cover) == (kept, False, "", f"{kept.pk}x0")
    for _again in range(2):
        actions.undo_merge(merge, by=clerk)
    assert state_of(kept, gone) == before


@pytest.mark.django_db
def test_what_the_survivor_has_already_stays_behind_and_nothing_is_lost(clerk: User) -> None:
    kept, gone = listing(), listing()
    add_photos(kept, 1)
    Photo.objects.create(
        shop=gone, stem="twin", digest=bytes(Photo.objects.get(shop=kept).digest), width=1, height=1
    )
    before = state_of(kept, gone)
    merge = actions.merge_shops(kept, gone, by=clerk)
    assert (merge.moved, Photo.objects.filter(shop=gone).count()) == ({}, 1)
    actions.undo_merge(merge, by=clerk)
    after = state_of(kept, gone)
    assert after[1] == before[1] and Shop.objects.get(pk=gone.pk).is_listed


@pytest.mark.django_db
def test_a_row_that_was_removed_meanwhile_stays_removed(clerk: User) -> None:
    kept, gone = listing(), listing()
    add_photos(gone, 3)
    merge = actions.merge_shops(kept, gone, by=clerk)
    Photo.objects.filter(stem=f"{gone.pk}x1").delete()
    actions.undo_merge(merge, by=clerk)
    left = Photo.objects.filter(shop=gone).order_by("position").values_list("stem", "position")
    assert list(left) == [(f"{gone.pk}x0", 0), (f"{gone.pk}x2", 2)]


@pytest.mark.django_db
def test_every_page_of_the_old_address_leads_to_the_survivor(clerk: User) -> None:
    kept, gone = listing(), listing()
    actions.merge_shops(kept, gone, by=clerk)
    browser = cast.client_of()
    for page in ("", "about/"):
        answer = browser.get(f"/s/{gone.slug}/{page}?near=1,2")
        assert (answer.status_code, answer["Location"]) == (302, f"/s/{kept.slug}/{page}?near=1,2")
    assert browser.post(f"/s/{gone.slug}/about/").status_code == 405
    assert browser.get("/s/nowhere/").status_code == 404
    Merge.objects.update(merged_at=timezone.now() - timedelta(days=31))
    assert browser.get(f"/s/{gone.slug}/").status_code == 301


@pytest.mark.django_db
def test_a_chain_of_merges_leads_to_its_end_and_is_undone_backwards(clerk: User) -> None:
    a, b, c = listing(), listing(), listing()
    code = poster_code(a)
    first = actions.merge_shops(b, a, by=clerk)
    second = actions.merge_shops(c, b, by=clerk)
    browser = cast.client_of()
    assert browser.get(f"/s/{a.slug}/")["Location"] == f"/s/{c.slug}/"
    assert browser.get(f"/q/{code}")["Location"] == f"/s/{c.slug}/"
    with pytest.raises(LaterMergeFirst):
        actions.undo_merge(first, by=clerk)
    actions.undo_merge(second, by=clerk)
    actions.undo_merge(first, by=clerk)
    assert Shop.objects.listed().filter(pk__in=[a.pk, b.pk, c.pk]).count() == 3


@pytest.mark.django_db
def test_what_may_not_be_merged_is_refused_with_a_reason(clerk: User, shop: Shop, other_shop: Shop) -> None:
    free = listing()
    for kept, gone, refusal in (
        (free, free, SameListing),
        (shop, other_shop, TwoMerchants),
        (free, shop, KeepTheClaimed),
    ):
        with pytest.raises(refusal):
            actions.merge_shops(kept, gone, by=clerk)
    actions.merge_shops(shop, free, by=clerk)
    for kept, gone in ((shop, free), (other_shop, free), (free, other_shop)):
        with pytest.raises(AlreadyMerged):
            actions.merge_shops(kept, gone, by=clerk)
    hidden = cast.make_shop(shop.merchant, published=False)
    with pytest.raises(NotPublic):
        actions.merge_shops(hidden, shop, by=clerk)
    assert Merge.objects.count() == 1


@pytest.mark.django_db
def test_after_thirty_days_a_merge_stands(clerk: User) -> None:
    merge = actions.merge_shops(listing(), listing(), by=clerk)
    with pytest.raises(TooLateToUndo):
        actions.undo_merge(merge, by=clerk, moment=merge.merged_at + timedelta(days=30))


@pytest.mark.django_db
def test_a_suspended_merchants_outlet_does_not_come_back_by_an_undo(clerk: User, shop: Shop) -> None:
    second = cast.make_shop(shop.merchant, name="青禾理发 二店")
    merge = actions.merge_shops(shop, second, by=clerk)
    assert shop.merchant
    actions.suspend_merchant(shop.merchant, by=clerk, reason="查")
    actions.undo_merge(merge, by=clerk)
    assert not Shop.objects.get(pk=second.pk).is_listed


@pytest.mark.django_db
def test_the_database_refuses_a_second_merge_and_a_listed_one(clerk: User) -> None:
    merge = actions.merge_shops(listing(), listing(), by=clerk)
    with pytest.raises(IntegrityError, match="listing_goes_into_one_other"), transaction.atomic():
        Merge.objects.create(
            survivor=listing(), gone=merge.gone, was_listed=True, by=clerk, merged_at=timezone.now()
        )
    with pytest.raises(IntegrityError, match="merged_shop_is_not_listed"), transaction.atomic():
        Shop.objects.filter(pk=merge.gone_id).update(is_listed=True, closed_at=None)


@pytest.mark.django_db
def test_what_arrived_during_the_merge_is_taken_along_and_goes_back_too(clerk: User) -> None:
    kept, gone = listing(), listing()
    merge = actions.merge_shops(kept, gone, by=clerk)
    add_photos(gone, 2)
    deliver_due()
    assert Photo.objects.filter(shop=kept).count() == 2
    merge.refresh_from_db()
    actions.undo_merge(merge, by=clerk)
    assert Photo.objects.filter(shop=gone).count() == 2


# --- races ---


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_crosswise_make_one_merge() -> None:
    clerk, a, b = cast.make_user(), listing(), listing()
    add_photos(a, 5)
    add_photos(b, 5)
    deeds = [lambda: actions.merge_shops(a, b, by=clerk), lambda: actions.merge_shops(b, a, by=clerk)] * 3
    results = at_once(deeds)
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {AlreadyMerged}
    kept = Merge.objects.get().survivor
    assert Photo.objects.filter(shop=kept).count() == 10 and Shop.objects.listed().count() == 1


@pytest.mark.django_db(transaction=True)
def test_merging_and_undoing_at_once_ends_in_one_of_both() -> None:
    clerk, kept, gone = cast.make_user(), listing(), listing()
    add_photos(gone, 20)
    for _round in range(3):
        merge = actions.merge_shops(kept, gone, by=clerk)
        at_once(
            [
                lambda merge=merge: actions.undo_merge(merge, by=clerk),
                lambda: actions.merge_shops(kept, gone, by=clerk),
                lambda merge=merge: actions.follow_up(merge.pk),
            ]
        )
        standing = Merge.objects.standing().filter(gone=gone).count()
        here = kept if standing else gone
        assert standing <= 1 and Photo.objects.filter(shop=here).count() == 20
        assert Shop.objects.get(pk=gone.pk).is_listed is (not standing)
        if standing:
            actions.undo_merge(Merge.objects.standing().get(gone=gone), by=clerk)


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_and_the_constraint_the_crosswise_race_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The control: the guards are what keeps both listings from going into each other."""
    clerk, a, b = cast.make_user(), listing(), listing()
    free: Callable[..., Any] = lambda *keys: Shop.objects.in_bulk(keys)  # noqa: E731
    monkeypatch.setattr(merging, "_held", free)

    def slow_move(*keys: int) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        return {}

    monkeypatch.setattr(along, "move", slow_move)
    monkeypatch.setattr(merging, "_settle_pairs", lambda *facts: None)
    with without(back=[], empty="merchants_merge, merchants_shop"):
        at_once([lambda: actions.merge_shops(a, b, by=clerk), lambda: actions.merge_shops(b, a, by=clerk)])
        lost = Shop.objects.exclude(merged_into=None).count()
    assert lost == 2  # each is gone into the other: nobody finds either
