"""A service on its own page: what is included, its picture, where it is offered."""

import pytest

from merchants import actions
from merchants.actions.services import ForeignPhoto
from merchants.models import Service, Shop
from tests.cast import client_of, make_shop, owner_of
from tests.merchants.test_storefront_words import add_photo, album, console, read

assert album  # the fixture: pictures go to a folder of the test

pytestmark = pytest.mark.django_db


def test_a_service_has_a_page_with_what_is_included_its_picture_and_its_outlets(shop: Shop) -> None:
    branch = make_shop(shop.merchant, name="青禾理发 北门店", category=shop.category)
    service, photo = shop.services.get(), add_photo(shop, alt_en="Scissors")
    browser = client_of(owner_of(shop.merchant), language="en")
    Service.objects.filter(shop=branch).update(name="烫发")
    said = {
        "description": "含洗发",
        "description_en": "With a wash",
        "photo": photo.pk,
        "outlets": [branch.slug],
    }
    for _ in range(2):
        assert browser.post(console(shop, f"services/{service.pk}/"), said).status_code == 302
    assert [one.name for one in branch.services.offered()] == ["烫发", "剪发"]
    page = read(shop, f"services/{service.pk}/")
    assert "With a wash" in page and 'alt="Scissors"' in page and "北门店" in page
    assert f"services/{service.pk}/" in read(shop)
    browser.post(console(shop, f"services/{service.pk}/"), said | {"outlets": []})
    assert [one.name for one in branch.services.offered()] == ["烫发"]


def test_a_picture_of_another_shop_is_refused_by_form_and_verb(shop: Shop, other_shop: Shop) -> None:
    theirs, service = add_photo(other_shop), shop.services.get()
    browser = client_of(owner_of(shop.merchant))
    assert browser.post(console(shop, f"services/{service.pk}/"), {"photo": theirs.pk}).status_code == 422
    with pytest.raises(ForeignPhoto):
        actions.describe_service(service, description="", photo=theirs)


def test_taking_a_picture_away_leaves_the_service(shop: Shop) -> None:
    service, photo = shop.services.get(), add_photo(shop)
    actions.describe_service(service, description="含洗发", photo=photo)
    actions.remove_photo(photo)
    service.refresh_from_db()
    assert service.photo is None and service.description == "含洗发"


def test_a_service_of_another_shop_has_no_page_here(shop: Shop, other_shop: Shop) -> None:
    theirs = other_shop.services.get()
    assert client_of().get(f"{shop.get_absolute_url()}services/{theirs.pk}/").status_code == 404


# the pin
