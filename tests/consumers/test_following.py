"""Following shops and kinds of shops: one tap, and only what was asked for is told."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from consumers import actions
from consumers.models import (
    AreaConsent,
    FollowedCategory,
    FollowedShop,
    Interests,
)
from consumers.telling import neighbours_told
from merchants.actions import publish_shop
from messaging.models import Message, Times
from portal.kernel.events import deliver_due
from tests.cast import client_of, make_category, make_shop, make_user, owner_of
from tests.consumers.makers import make_purchase
from tests.coupons.makers import make_coupon_programme

pytestmark = pytest.mark.django_db


def test_following_a_shop_is_one_tap_and_tells_of_its_new_coupons(shop, consumer):
    client = client_of(consumer, language="en")
    assert "Follow" in client.get(shop.get_absolute_url()).content.decode()
    for _ in range(2):
        client.post(f"/s/{shop.slug}/follow/", {"follow": "yes"})
    assert FollowedShop.objects.filter(person=consumer).count() == 1
    assert "Following" in client.get(shop.get_absolute_url()).content.decode()
    make_coupon_programme(shop.merchant)
    deliver_due()
    told = Message.objects.get(person=consumer, kind="consumers.new_coupon")
    assert told.purpose == "followed"
    client.post(f"/s/{shop.slug}/follow/", {"follow": "no", "back": "1"})
    assert not FollowedShop.objects.exists()


def test_a_visitor_who_follows_is_asked_to_sign_in(shop):
    answer = client_of().post(f"/s/{shop.slug}/follow/", {"follow": "yes"})
    assert answer["Location"].startswith("/accounts/login/")


def test_kinds_distance_and_quiet_hours_are_kept_together(consumer, tree):
    client = client_of(consumer, language="en")
    sent = {
        "kinds": ["dining", "beauty"],
        "distance_m": "1000",
        "quiet_from": "22:00",
        "quiet_until": "08:00",
    }
    for _ in range(2):
        assert client.post("/me/following/", sent).status_code == 302
    kinds = FollowedCategory.objects.values_list("category__slug", flat=True)
    assert sorted(kinds) == ["beauty", "dining"]
    assert Interests.objects.get().distance_m == 1000
    assert f"{Times.objects.get(person=consumer).quiet_from:%H:%M}" == "22:00"
    assert "cat=dining&amp;r=1000" in client.get("/me/following/").content.decode()
    wrong = client.post("/me/following/", sent | {"distance_m": "7", "quiet_from": "late", "kinds": ["x"]})
    assert wrong.status_code == 422


def test_a_shop_of_nobody_can_be_followed_too(consumer):
    from tests.cast import make_listing

    place = make_listing(category=make_category("hair"))
    actions.follow_shop(consumer, place)
    assert place.title in client_of(consumer).get("/me/following/").content.decode()


def test_keys_are_not_needed_for_what_can_be_said_twice(consumer, shop):
    make_purchase(shop, consumer)
    client = client_of(consumer)
    for _ in range(3):
        client.post("/me/following/areas/", {"areas": "yes", "key": str(uuid.uuid4())})
    assert AreaConsent.objects.count() == 1


def follower(kind, *, lat=31.2304, lon=121.4737, distance_m=1000):
    """Somebody who follows the kind and is usually at that point."""
    person = make_user()
    actions.follow_kinds(person, [kind], distance_m=distance_m)
    actions.agree_to_areas(person, "areas", agreed=True)
    actions.add_area(person, lat, lon)
    return person


def told_of_new(person):
    return Message.objects.filter(person=person, kind="consumers.new_shop")


def test_who_follows_a_kind_hears_once_of_a_new_shop_near_a_usual_area(tree):
    beauty, dining = make_category("beauty"), make_category("dining")
    near, of_parent = follower(make_category("hair")), follower(make_category("hair").parent)
    far = follower(make_category("hair"), lat=31.28)
    far_but_goes_there = follower(make_category("hair"), lat=31.26, distance_m=5000)
    other_kind = follower(dining if beauty == make_category("hair").parent else beauty)
    shop = make_shop(category=make_category("hair"))
    publish_shop(shop, by=owner_of(shop.merchant))
    deliver_due()
    told = {who: told_of_new(who).count() for who in (near, of_parent, far_but_goes_there, far, other_kind)}
    assert list(told.values()) == [1, 1, 1, 0, 0]
    message = told_of_new(near).get()
    assert (message.purpose, message.url) == ("followed", shop.get_absolute_url())
    assert message.useless_after


def test_who_never_agreed_to_usual_areas_is_nowhere_and_hears_nothing(tree):
    person = make_user()
    actions.follow_kinds(person, [make_category("hair")], distance_m=5000)
    make_shop(category=make_category("hair"))
    deliver_due()
    assert not told_of_new(person).exists()


def test_an_old_shop_that_is_listed_again_is_no_news(tree):
    person, shop = follower(make_category("hair")), make_shop(category=make_category("hair"))
    assert neighbours_told(shop.pk, timezone.now() + timedelta(days=8)) == 0
    assert not told_of_new(person).exists()
