"""Every fact says where it comes from; completeness and freshness are what they say they are."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from merchants import actions
from merchants.actions.provenance import Hand, confirm
from merchants.models import Fact, Origin, Provenance, Shop
from merchants.trust.completeness import PARTS, complete, completeness, next_best
from merchants.trust.freshness import HALF_LIFE, Freshness, confirmed_within, fresh_at, freshness, grade
from portal.kernel.models import User
from tests import cast
from tests.merchants.places import NEW_YORK, brought_in, feature

pytestmark = pytest.mark.django_db
EVIL = "</p><script>alert(1)</script>{{ 7 }}"


def origins(shop: Shop) -> dict[str, str]:
    return dict(Provenance.objects.of(shop).values_list("fact", "origin"))


def facts_page(shop: Shop, language: str = "en") -> str:
    answer = cast.client_of(language=language).get(f"/s/{shop.slug}/about/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_an_owner_enters_is_from_the_owner(shop: Shop, owner: User) -> None:
    assert set(origins(shop)) == {"name", "category", "location", "address", "hours"}
    assert set(origins(shop).values()) == {Origin.OWNER}
    browser = cast.client_of(owner)
    browser.post(f"/m/{shop.merchant.slug}/shops/{shop.slug}/hours/", {"text": "Mo-Su 09:00-20:00"})
    assert Provenance.objects.get(shop=shop, fact=Fact.HOURS).by == owner


def test_hours_are_told_in_words_and_not_in_a_code(shop: Shop) -> None:
    actions.set_hours(shop, "Mo-Fr 10:00-21:00; Sa 10:00-02:00")
    assert "Monday to Friday 10:00–21:00 · Saturday 10:00–02:00" in facts_page(shop)
    assert "Mo-Fr" not in facts_page(shop) and "周一至周五" in facts_page(shop, "zh-hans")


def test_saving_a_fact_unchanged_keeps_its_confirmations_and_changing_it_ends_them(shop: Shop) -> None:
    confirm(shop, moment=timezone.now())
    actions.set_hours(shop, shop.hours)
    assert Provenance.objects.get(shop=shop, fact=Fact.HOURS).confirmations == 1
    actions.set_hours(shop, "Mo-Fr 10:00-18:00")
    assert Provenance.objects.get(shop=shop, fact=Fact.HOURS).confirmations == 0
    assert Provenance.objects.get(shop=shop, fact=Fact.NAME).confirmations == 1


def test_an_emptied_fact_has_no_source(shop: Shop) -> None:
    actions.describe_shop(shop, name=shop.name, category=shop.category, phone="021 5555")
    assert "phone" in origins(shop)
    actions.describe_shop(shop, name=shop.name, category=shop.category, phone="")
    assert "phone" not in origins(shop)


@pytest.mark.usefixtures("tree")
def test_an_import_says_its_source_and_licence(tmp_path: Path) -> None:
    brought_in(tmp_path, feature(phone="021 6234"), licence="ODbL 1.0")
    row = Provenance.objects.get(fact=Fact.PHONE)
    assert (row.origin, row.source, row.licence, row.confirmed_at) == ("opendata", "osm", "ODbL 1.0", None)
    assert "hours" not in origins(row.shop)


@pytest.mark.usefixtures("tree")
def test_an_import_leaves_what_people_gave_and_changes_the_rest(tmp_path: Path) -> None:
    brought_in(tmp_path, feature(phone="111 111"))
    shop = Shop.objects.get()
    staff = Hand(origin=Origin.STAFF, by=cast.make_user())
    actions.describe_shop(shop, name="莲花小馆", category=shop.category, hand=staff)
    confirm(shop, moment=timezone.now())
    moved = {"type": "Point", "coordinates": [-73.9971, 40.7158]}
    brought_in(tmp_path, feature(geometry=moved, name="Lotus", phone="222 222"))
    shop.refresh_from_db()
    assert (shop.name, shop.phone, shop.location.x) == ("莲花小馆", "222 222", -73.9971)
    assert "莲花小馆" in shop.search_text
    assert Provenance.objects.get(fact=Fact.NAME).origin == Origin.STAFF
    assert dict(Provenance.objects.values_list("fact", "confirmations")) == {
        "name": 1,
        "category": 1,
        "location": 0,
        "phone": 0,
    }


@pytest.mark.usefixtures("tree")
def test_the_same_import_again_writes_no_source(tmp_path: Path) -> None:
    brought_in(tmp_path, feature(), feature("node/2", NEW_YORK, name="Other"))
    before = list(Provenance.objects.order_by("pk").values_list("pk", "noted_at"))
    brought_in(tmp_path, feature(), feature("node/2", NEW_YORK, name="Other"))
    assert list(Provenance.objects.order_by("pk").values_list("pk", "noted_at")) == before


def test_the_storefront_says_it_in_a_line_and_the_page_in_full(shop: Shop) -> None:
    for _ in range(2):
        confirm(shop, moment=timezone.now())
    storefront = cast.client_of(language="en").get(shop.get_absolute_url()).content.decode()
    assert "Opening hours: from the shop itself · confirmed by 2 visitors, last in" in storefront
    assert f"/s/{shop.slug}/about/" in storefront
    assert "Freshness halves every 180 days" in facts_page(shop)
    assert "店家自己" in facts_page(shop, "zh-hans")


def test_open_data_is_named_with_its_licence() -> None:
    listing = cast.make_listing()
    Provenance.objects.filter(shop=listing).delete()
    page = facts_page(listing)
    assert "From OpenStreetMap" in page and "openstreetmap.org/copyright" in page


def test_hostile_facts_are_shown_as_text(shop: Shop) -> None:
    Shop.objects.filter(pk=shop.pk).update(name=EVIL, phone=EVIL[:40], address=EVIL)
    Provenance.objects.filter(shop=shop, fact="phone").delete()
    page = facts_page(shop)
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_draft_has_no_page_of_facts(merchant: object) -> None:
    draft = cast.make_shop(merchant, published=False)
    assert cast.client_of().get(f"/s/{draft.slug}/about/").status_code == 404


def test_completeness_adds_up_to_its_weights_in_python_and_in_sql(shop: Shop) -> None:
    assert sum(part.weight for part in PARTS) == 100
    bank = cast.make_shop(category=cast.make_category("bank", is_discovery_only=True))
    bare = cast.make_shop(published=False)
    Shop.objects.filter(pk=bare.pk).update(location=None, hours="", from_price=None, address="")
    wanted = {shop.pk: 75, bank.pk: 100 * 55 // 80, bare.pk: 10}
    rows = Shop.objects.select_related("category").annotate(score=complete()).in_bulk(list(wanted))
    assert {pk: completeness(row) for pk, row in rows.items()} == wanted
    assert {pk: row.score for pk, row in rows.items()} == wanted


def test_the_next_best_step_is_what_weighs_most(shop: Shop, owner: User) -> None:
    assert next_best(shop).column in ("cover", "phone")
    page = cast.client_of(owner, language="en").get(f"/m/{shop.merchant.slug}/shops/{shop.slug}/")
    assert "75 of 100" in page.content.decode() and "Next best step" in page.content.decode()


def test_freshness_halves_and_an_unconfirmed_listing_has_none(shop: Shop) -> None:
    now = timezone.now()
    for age, wanted in ((timedelta(), 1.0), (HALF_LIFE, 0.5), (2 * HALF_LIFE, 0.25)):
        Shop.objects.filter(pk=shop.pk).update(confirmed_at=now - age)
        row = Shop.objects.annotate(freshness=fresh_at(now)).get(pk=shop.pk)
        assert freshness(row.confirmed_at, now) == pytest.approx(wanted)
        assert row.freshness == pytest.approx(wanted, abs=1e-6)
    Shop.objects.filter(pk=shop.pk).update(confirmed_at=None)
    assert Shop.objects.annotate(freshness=fresh_at(now)).get(pk=shop.pk).freshness == 0.0


@pytest.mark.parametrize(
    ("days", "wanted"),
    [(0, Freshness.FRESH), (179, Freshness.FRESH), (181, Freshness.AGEING), (361, Freshness.STALE)],
)
def test_grades_and_their_conditions_agree(shop: Shop, days: int, wanted: Freshness) -> None:
    now = timezone.now()
    Shop.objects.filter(pk=shop.pk).update(confirmed_at=now - timedelta(days=days))
    shop.refresh_from_db()
    assert grade(shop.confirmed_at, now) == wanted
    for name, condition in confirmed_within(now).items():
        assert Shop.objects.filter(pk=shop.pk, **condition).exists() is (name == wanted)


def test_the_database_refuses_a_second_source_and_open_data_without_a_name(shop: Shop) -> None:
    row = Provenance(shop=shop, fact="name", origin="owner", noted_at=timezone.now())
    with pytest.raises(IntegrityError, match="fact_has_one_source"), transaction.atomic():
        row.save()
    with pytest.raises(IntegrityError, match="open_data_says_its_source"), transaction.atomic():
        Provenance.objects.filter(shop=shop, fact="name").update(origin="opendata", source="")
