"""Likely duplicates: found at night and at publishing, with reasons, and decided at the desk."""

import pytest
from django.contrib.auth.models import Permission

from merchants import actions
from merchants.actions.merging import (
    PairDecided,
)
from merchants.models import DuplicatePair, Merge, PairState, Shop
from merchants.trust.duplicates import candidates_of
from portal.kernel.events import deliver_due
from portal.kernel.models import User
from tests import cast
from tests.merchants.test_merging import EVIL, clerk, listing

assert clerk  # the fixture: somebody at the desk

pytestmark = pytest.mark.django_db


@pytest.mark.django_db
def test_the_night_finds_pairs_with_reasons_and_leaves_other_shops_alone() -> None:
    one = listing("阳光洗衣店", lat=31.23)
    twin = listing("陽光洗衣", lat=31.2304)
    same_phone = listing("Sunshine Dry Cleaning", lat=31.2302)
    listing("大家乐烧腊", lat=31.2301)
    listing("阳光洗衣店", lat=31.25)
    Shop.objects.filter(pk=one.pk).update(phone="+86 21 6234 5678; 110")
    Shop.objects.filter(pk=same_phone.pk).update(phone="（０２１）6234-5678")
    assert actions.find_duplicates()["found"] == 2
    pairs = {(pair.first, pair.second): pair for pair in DuplicatePair.objects.all()}
    assert set(pairs) == {(one, twin), (one, same_phone)}
    assert pairs[one, twin].alike >= 80 and not pairs[one, twin].same_phone
    assert pairs[one, same_phone].same_phone and pairs[one, same_phone].alike < 50
    assert pairs[one, twin].metres == 44 and len(pairs[one, twin].evidence.reasons) == 2


@pytest.mark.django_db
def test_not_the_same_is_remembered_and_what_no_longer_fits_is_dropped(clerk: User) -> None:
    listing(), listing(), listing("别的", lat=31.2305), listing("别的店", lat=31.2305)
    actions.find_duplicates()
    same, other = DuplicatePair.objects.order_by("pk")
    actions.keep_apart(same, by=clerk, reason="两层楼")
    Shop.objects.filter(pk=other.second_id).update(name="完全不同")
    assert actions.find_duplicates() == {"found": 1, "dropped": 1}
    assert DuplicatePair.objects.get().state == PairState.DISTINCT
    with pytest.raises(PairDecided):
        actions.merge_pair(same, same.first, by=clerk)


@pytest.mark.django_db
def test_a_number_on_many_listings_is_a_hotline_and_no_reason() -> None:
    for n in range(11):
        shop = listing(chr(0x4E00 + 40 * n) * 4)
        Shop.objects.filter(pk=shop.pk).update(phone="400 820 8820")
    assert actions.find_duplicates()["found"] == 0


@pytest.mark.django_db
def test_a_new_shop_is_compared_when_it_is_published(owner: User) -> None:
    there = listing("青禾理发店")
    shop = cast.make_shop(cast.make_merchant(owner), name="青禾理发")
    assert [row.place.slug for row in candidates_of(shop)] == [there.slug]
    deliver_due()
    pair = DuplicatePair.objects.get()
    assert {pair.first_id, pair.second_id} == {shop.pk, there.pk}


@pytest.mark.django_db
def test_staff_merge_in_the_queue_and_undo_in_the_list(clerk: User) -> None:
    kept, gone = listing("阳光洗衣店"), listing("阳光洗衣")
    actions.find_duplicates()
    pair, browser = DuplicatePair.objects.get(), cast.client_of(clerk, language="en")
    queue = "/staff/merchants/duplicatepair/"
    page = f"{queue}{pair.pk}/change/"
    assert "阳光洗衣店" in browser.get(queue).content.decode()
    assert "Merge, keep" in browser.get(page).content.decode()
    for _again in range(2):
        assert browser.post(page, {"_first": "1", "reason": "同一家"}).status_code == 302
    merge = Merge.objects.get()
    assert (merge.survivor, merge.gone, merge.by, merge.reason) == (kept, gone, clerk, "同一家")
    assert "阳光洗衣店" in browser.get("/staff/merchants/merge/").content.decode()
    form = {"action": "undo", "_selected_action": str(merge.pk)}
    assert browser.post("/staff/merchants/merge/", form).status_code == 302
    merge.refresh_from_db()
    assert merge.undone_by == clerk and Shop.objects.listed().count() == 2


@pytest.mark.django_db
def test_hostile_names_are_text_on_the_desk_and_strangers_decide_nothing(clerk: User, stranger: User) -> None:
    listing(f"阳光洗衣店{EVIL}"), listing(f"阳光洗衣{EVIL}")
    actions.find_duplicates()
    page = f"/staff/merchants/duplicatepair/{DuplicatePair.objects.get().pk}/change/"
    body = cast.client_of(clerk).get(page).content.decode()
    assert EVIL not in body and "&lt;script&gt;" in body
    looker = cast.make_user(is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename="view_duplicatepair"))
    assert cast.client_of(looker).get(page).status_code == 200
    for person in (stranger, looker):
        assert cast.client_of(person).post(page, {"_first": "1"}).status_code == 404
    assert not Merge.objects.exists()
