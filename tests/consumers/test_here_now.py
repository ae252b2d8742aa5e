"""Where somebody is just now: shared for half an hour, counted among those nearby, then erased."""

from datetime import datetime, timedelta

import pytest

from consumers.actions import add_area, agree_to_areas, forget_positions, share_position, stop_sharing
from consumers.models import AreaConsent, AreaPurpose, HereNow
from consumers.position import COOKIE
from crm.audiences import people_in, size_of
from crm.models import Audience
from merchants.models import Shop
from portal.kernel.models import User
from tests.cast import client_of, make_shop, make_user

pytestmark = pytest.mark.django_db
NOON = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
HALF = timedelta(minutes=30)


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def near(shop: Shop, moment: datetime) -> set[int]:
    return set(people_in(Audience.NEAR, shop, within_m=2000, moment=moment))


def share(person: User, shop: Shop, *, north: float = 0.0, moment: datetime = NOON) -> None:
    assert shop.location is not None
    share_position(person, shop.location.y + north, shop.location.x, moment=moment)


def test_it_counts_for_half_an_hour_and_not_a_moment_longer(shop: Shop) -> None:
    person, far = make_user(), make_user()
    share(person, shop)
    share(far, shop, north=0.05)
    assert near(shop, NOON) == near(shop, NOON + HALF - timedelta(seconds=1)) == {person.pk}
    assert near(shop, NOON + HALF) == set()  # though the task has not come yet
    assert forget_positions(NOON + HALF - timedelta(seconds=1)) == 0
    assert forget_positions(NOON + HALF) == 2
    assert not HereNow.objects.exists()


def test_somebody_who_is_also_usually_there_is_one_person(shop: Shop) -> None:
    person = make_user()
    agree_to_areas(person, AreaPurpose.AREAS, agreed=True)
    add_area(person, shop.location.y, shop.location.x)
    share(person, shop)
    assert size_of(people_in(Audience.NEAR, shop, within_m=2000, moment=NOON)) == 1
    assert near(shop, NOON + HALF) == {person.pk}


def test_the_yes_is_written_down_once_and_a_stop_erases_at_once(shop: Shop) -> None:
    person = make_user()
    share(person, shop)
    share(person, shop, north=0.009, moment=NOON + timedelta(minutes=10))
    here = HereNow.objects.get()
    assert here.until == NOON + timedelta(minutes=40)
    stop_sharing(person)
    stop_sharing(person)
    said = AreaConsent.objects.filter(person=person).order_by("pk").values_list("purpose", "agreed")
    assert list(said) == [("now", True), ("now", False)]
    assert not HereNow.objects.exists()


def test_only_a_square_is_kept(shop: Shop) -> None:
    share(make_user(), shop)
    assert {field.name for field in HereNow._meta.fields} == {"person", "row", "column", "until"}


def test_shared_and_stopped_on_the_board_of_offers() -> None:
    person = make_user()
    client = client_of(person, language="en")
    assert "Let the device tell where I am" in client.get("/deals/").content.decode()
    client.post("/deals/here/", {"share": "yes"})
    assert not HereNow.objects.exists()  # the town's centre is not where somebody is
    client.cookies[COOKIE] = "31.230512,121.473711"
    assert "Yes, share for 30 minutes" in client.get("/deals/").content.decode()
    assert client.post("/deals/here/", {"share": "yes"})["Location"] == "/deals/"
    assert "then erased" in client.get("/deals/").content.decode()
    client.post("/deals/here/", {"share": "no"})
    assert not HereNow.objects.exists()
    assert "Near me now" not in client_of(language="en").get("/deals/").content.decode()
