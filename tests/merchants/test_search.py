"""What people type finds what shops are called."""

import pytest

from merchants.categories import load_categories, shipped
from merchants.finding.folding import MOST_WORDS, findable, fold, sounds, words_of
from merchants.finding.search import refresh, refresh_many
from merchants.models import Category, Shop
from tests.cast import make_category, make_shop

HERE = (31.2304, 121.4737)


def found(text: str) -> list[str]:
    return sorted(row.name for row in Shop.objects.near(*HERE, text=text))


def put(name: str, *, name_en: str = "", category: str = "hair") -> Shop:
    shop = make_shop(name=name, name_en=name_en, category=make_category(category))
    refresh(shop)
    return shop


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＫＦＣ　肯德基", "kfc 肯德基"),
        ("Café DU Coin", "cafe du coin"),
        ("青禾·理髮廳", "青禾理发厅"),
        ("McDonald's", "mcdonalds"),
        ("臺灣巿場", "台湾市场"),
        ("  a__b--c ", "a b c"),
        ("\x00", ""),
    ],
)
def test_width_case_accents_and_traditional_characters_make_no_difference(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_a_name_sounds_like_its_pinyin_and_its_initials() -> None:
    assert sounds("青禾理发") == ["qinghelifa", "qhlf"]
    assert sounds("重庆小面") == ["chongqingxiaomian", "cqxm"]
    assert sounds("fish shop") == []


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize(
    "typed",
    [
        "青禾",
        "理发",
        "禾",
        "青禾理发",
        "理髮",
        "qhlf",
        "qinghe",
        "QingHe",
        "Green",
        "gr",
        "美发",
        "haircut",
        "剪发",
    ],
)
def test_a_shop_is_found_by_name_sound_kind_and_service(typed: str) -> None:
    put("青禾理发", name_en="Green Grain Hair")
    put("老王书屋", category="library")
    assert found(typed) == ["青禾理发"]


@pytest.mark.usefixtures("tree")
@pytest.mark.parametrize("typed", ["禾青", "发禾", "hfql", "qhlx", "青禾 书屋", "%", "_", "100%"])
def test_what_is_not_there_is_not_found(typed: str) -> None:
    put("青禾理发")
    put("老王书屋", category="library")
    assert found(typed) == ([] if words_of(typed) else ["老王书屋", "青禾理发"])


@pytest.mark.usefixtures("tree")
def test_every_word_of_the_query_counts() -> None:
    put("青禾理发")
    put("青禾洗车", category="car-wash")
    assert found("青禾 洗车") == ["青禾洗车"]
    assert found("青禾") == ["青禾洗车", "青禾理发"]


@pytest.mark.usefixtures("tree")
def test_a_renamed_shop_is_found_by_its_new_name_only() -> None:
    shop = put("青禾理发")
    Shop.objects.filter(pk=shop.pk).update(name="红豆造型")
    refresh_many([shop.pk])
    assert found("红豆") == ["红豆造型"]
    assert found("青禾") == []


def test_a_query_of_a_megabyte_is_cut_to_six_words() -> None:
    words = words_of("理发店 " * 200_000)
    assert len(words) == MOST_WORDS
    assert {word.contained for word in words} == {"理发店"}


def test_a_row_stays_small_whatever_the_name() -> None:
    row = findable(["龙" * 500 + "abc" * 400])
    assert len(row.bigrams) <= 400


@pytest.mark.usefixtures("tree")
def test_the_tree_has_two_levels_and_both_languages() -> None:
    assert Category.objects.filter(parent=None).count() == len(shipped())
    assert not Category.objects.filter(parent__parent__isnull=False).exists()
    assert not Category.objects.filter(name_zh="").exists()
    assert not Category.objects.filter(name_en="").exists()
    tags = [tag for row in Category.objects.all() for tag in row.osm_tags]
    assert len(tags) == len(set(tags))


@pytest.mark.usefixtures("tree")
def test_loading_the_tree_again_keeps_what_staff_changed() -> None:
    Category.objects.filter(slug="hair").update(name_zh="剪发")
    Category.objects.filter(slug="lottery").delete()
    assert load_categories() == 1
    assert load_categories() == 0
    assert Category.objects.get(slug="hair").name_zh == "剪发"
