"""Searching by words: what is suggested, what a slip of the finger still finds, and what it costs."""

from typing import Any

import pytest
from django.db import connection

from merchants.finding import vocabulary
from merchants.finding.vocabulary import MEANT, meant_by, one_slip_apart
from merchants.models import Category, Shop, Word
from tests.cast import client_of, make_listing, make_shop, make_user
from tests.consumers.test_nearby import HERE, town

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]


def salon(name: str = "青禾理发", name_en: str = "Qinghe Hair", **fields: Any) -> Shop:
    values = {"category": Category.objects.get(slug="hair"), "lat": HERE[0], "lon": HERE[1]} | fields
    return make_shop(name=name, name_en=name_en, **values)


def suggested(text: str, language: str = "zh-hans") -> Any:
    return client_of(language=language).get("/search/suggestions/", {"q": text})


def groups(text: str) -> dict[str, list[str]]:
    context = suggested(text).context
    return {
        "categories": [row.slug for _name, row in context["categories"]],
        "services": [one.name for _name, one in context["services"]],
        "shops": [shop.name for _name, shop, _kind in context["shops"]],
    }


@pytest.mark.parametrize(
    ("typed", "group", "first"),
    [
        ("青禾", "shops", "青禾理发"),
        ("qinghe", "shops", "青禾理发"),
        ("qhlf", "shops", "青禾理发"),
        ("Qinhge", "shops", "青禾理发"),
        ("qinhelifa", "shops", "青禾理发"),
        ("青木理发", "shops", "青禾理发"),
        ("晴和理发", "shops", "青禾理发"),
        ("剪发", "services", "剪发"),
        ("jianfa", "services", "剪发"),
        ("理髮", "categories", "hair"),
        ("lifa", "categories", "hair"),
        ("barbr", "categories", "hair"),
        ("optician", "categories", "optician"),
        ("drugstore", "categories", "pharmacy"),
        ("car w", "categories", "car-wash"),
        ("xiche", "categories", "car-wash"),
    ],
)
def test_names_sounds_initials_synonyms_and_slips_are_understood(typed: str, group: str, first: str) -> None:
    salon()
    assert groups(typed)[group][:1] == [first]


def test_a_shop_called_so_comes_before_nearer_ones_that_only_offer_it() -> None:
    salon("街角小店", "")
    salon("剪发大师", "", lat=HERE[0] + 0.01)
    assert groups("剪发")["shops"] == ["剪发大师", "街角小店"]


def test_services_are_told_once_with_the_lowest_price_of_the_shops_around() -> None:
    salon("甲", price=5000)
    salon("乙", price=2800)
    page = suggested("haircut", "en").content.decode()
    assert page.count("<mark>Haircut</mark>") == 1
    assert "from ¥28" in page


def test_what_was_typed_is_marked_and_nothing_else_is_markup() -> None:
    salon("<b>青禾</b>")
    page = suggested("青禾").content.decode()
    assert "&lt;b&gt;<mark>青禾</mark>&lt;/b&gt;" in page


def test_a_correction_says_what_it_did() -> None:
    salon()
    assert "Nothing is called “qinhge”; these are for “qinghe”." in suggested("qinhge", "en").content.decode()
    assert (
        "Nothing is written “晴和理发”; these sound like it." in suggested("晴和理发", "en").content.decode()
    )


def test_without_scripts_the_form_leads_to_a_page_with_the_same_groups() -> None:
    salon()
    page = client_of(language="en").get("/search/", {"q": "haircut"})
    assert [row.slug for row in page.context["found"].categories] == ["hair"]
    assert [one.name for one in page.context["found"].services] == ["Haircut"]
    assert [row.name for row in page.context["rows"]] == ["Qinghe Hair"]


def test_before_anything_is_typed_the_page_offers_the_daily_categories() -> None:
    page = client_of(language="en").get("/search/").content.decode()
    assert "/nearby/?cat=hair" in page
    assert "Nothing found" not in page


@pytest.mark.parametrize(
    "odd", ["%", "_", "'", "\x00", "a" * 5000, "龙" * 5000, "؟", "<script>", "🍜", "1e309"]
)
def test_odd_input_finds_nothing_and_breaks_nothing(odd: str) -> None:
    salon()
    for path in ("/search/", "/search/suggestions/"):
        assert client_of().get(path, {"q": odd}).status_code == 200


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("hair", "hair", True),
        ("hair", "hari", True),
        ("hair", "hir", True),
        ("hair", "haiir", True),
        ("hair", "hoir", True),
        ("hair", "pair", True),
        ("hair", "hoar", False),
        ("abc", "bcd", False),
        ("hair", "hr", False),
        ("青禾理发", "青木理发", True),
    ],
)
def test_one_slip_is_one_letter_or_two_that_changed_places(one: str, other: str, near: bool) -> None:
    assert one_slip_apart(one, other) is near
    assert one_slip_apart(other, one) is near


def test_of_two_words_the_one_that_more_shops_have_is_meant() -> None:
    for name in ("Barker", "Parker", "Parker Two"):
        salon(name, name)
    vocabulary.recount()
    assert Word.objects.get(text="parker").shops == 2
    meant = meant_by("arker")
    assert meant is not None
    assert meant.text == "parker"


def test_the_nightly_count_forgets_words_that_no_shop_has() -> None:
    shop = salon("Zanzibar", "")
    assert Word.objects.filter(text="zanzibar").exists()
    Shop.objects.filter(pk=shop.pk).update(search_text="")
    vocabulary.recount()
    assert not Word.objects.filter(text="zanzibar").exists()


def many_words(count: int) -> None:
    letters = "bcdfghjklm"
    Word.objects.bulk_create(
        Word(text="shop" + "".join(letters[int(digit)] for digit in f"{n:06d}")) for n in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE merchants_word")


def test_a_slip_is_looked_up_by_index_however_many_words_there_are() -> None:
    many_words(5000)
    values = {"typed": ["shopbcdfg"], "heard": ["青"], "sounds": ["qing"], "most": 200}
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + MEANT, values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Bitmap Index Scan on word_misspelt" in plan
    assert "Seq Scan" not in plan


@pytest.mark.parametrize(("path", "of_member"), [("/search/", 3), ("/search/suggestions/", 2)])
def test_searching_costs_as_many_queries_among_a_thousand_shops_as_among_ten(
    path: str, of_member: int, django_assert_num_queries: Any
) -> None:
    visitor, member = client_of(), client_of(make_user())
    salon()
    town(9, search_text="店铺 理发", bigrams=["店铺", "理发"])
    for _round in ("ten", "a thousand"):
        with django_assert_num_queries(3):  # the tree, the shops, their services
            visitor.get(path, {"q": "理发"})
        with django_assert_num_queries(5):  # the tree, no shop, the known words, then shops and services
            visitor.get(path, {"q": "qinhge"})
        with django_assert_num_queries(3 + of_member):  # and the session with its person, what waits for them
            member.get(path, {"q": "理发"})
        town(990, search_text="店铺 理发", bigrams=["店铺", "理发"])


def test_listings_from_open_data_are_suggested_too() -> None:
    make_listing(name="人民药房", category=Category.objects.get(slug="pharmacy"), lat=HERE[0], lon=HERE[1])
    assert groups("renmin")["shops"] == ["人民药房"]
