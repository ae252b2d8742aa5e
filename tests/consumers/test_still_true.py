"""Who bought something is asked once a quarter whether the listing is still true; one tap confirms it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consumers.actions import is_asked, still_true
from consumers.actions.confirming import NotBeenThere
from merchants.models import Confirmation, Provenance, Shop
from portal.kernel.models import User
from tests import cast
from tests.consumers.makers import make_purchase
from tests.together import at_once

ASKED = "Are hours, phone and place still right?"


def page_of(shop: Shop, person: User | None) -> str:
    return cast.client_of(person, language="en").get(shop.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_a_buyer_is_asked_and_one_tap_confirms_every_fact(shop: Shop, consumer: User) -> None:
    make_purchase(shop, consumer)
    Shop.objects.filter(pk=shop.pk).update(confirmed_at=None)
    assert ASKED in page_of(shop, consumer) and ASKED not in page_of(shop, None)
    browser = cast.client_of(consumer)
    for _again in range(2):
        assert browser.post(f"/s/{shop.slug}/still-true/").status_code == 302
    assert set(Provenance.objects.filter(shop=shop).values_list("confirmations", flat=True)) == {1}
    shop.refresh_from_db()
    assert shop.confirmed_at is not None and ASKED not in page_of(shop, consumer)


@pytest.mark.django_db
def test_who_bought_nothing_or_long_ago_is_not_asked_and_confirms_nothing(shop: Shop, consumer: User) -> None:
    now = timezone.now()
    assert is_asked(shop, consumer, now) is None
    assert cast.client_of(consumer).post(f"/s/{shop.slug}/still-true/").status_code == 302
    assert cast.client_of().post(f"/s/{shop.slug}/still-true/").status_code == 302
    make_purchase(shop, consumer, moment=now - timedelta(days=91))
    with pytest.raises(NotBeenThere):
        still_true(shop, consumer, moment=now)
    assert not Confirmation.objects.exists()


@pytest.mark.django_db
def test_in_the_next_quarter_the_person_is_asked_again(shop: Shop, consumer: User) -> None:
    make_purchase(shop, consumer)
    now = timezone.now()
    assert still_true(shop, consumer, moment=now)
    assert not still_true(shop, consumer, moment=now)
    later = now + timedelta(days=92)
    make_purchase(shop, consumer, moment=later)
    assert is_asked(shop, consumer, later) and still_true(shop, consumer, moment=later)


@pytest.mark.django_db(transaction=True)
def test_ten_taps_at_once_confirm_once() -> None:
    shop, person = cast.make_shop(), cast.make_user()
    make_purchase(shop, person)
    now = timezone.now()
    told = at_once([lambda: still_true(shop, person, moment=now)] * 10)
    assert sorted(told) == [False] * 9 + [True]
    assert Provenance.objects.get(shop=shop, fact="name").confirmations == 1
