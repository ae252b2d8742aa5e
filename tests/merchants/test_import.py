"""Real places come in once, with their source; dirt is turned away with a reason."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation

from merchants.actions import import_places
from merchants.importing import Report
from merchants.models import Shop
from tests.cast import make_merchant
from tests.merchants.places import NEW_YORK, brought_in, feature

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
DEMO = Path(__file__).resolve().parent.parent.parent / "data" / "demo_places.csv"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons are compared word by word."""
    with translation.override("en"):
        yield


def versions() -> list[tuple[Any, ...]]:
    """Where each row lies and by which transaction it was written: any update would show."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, xmin::text, ctid::text FROM merchants_shop ORDER BY id")
        return cursor.fetchall()


def reasons(report: Report) -> list[str]:
    return [f"{trouble.row}: {trouble.reason}" for trouble in report.troubles]


def test_the_places_that_ship_come_in_with_source_and_licence() -> None:
    report = import_places(DEMO, source="osm")
    assert (report.read, report.added, report.refused) == (300, 300, [])
    row = Shop.objects.select_related("category").get(source_id="node/574770979")
    assert (row.name, row.name_en, row.category.slug) == ("星巴克咖啡", "Starbucks Coffee", "cafe")
    assert (row.source, row.source_licence) == ("osm", "© OpenStreetMap contributors, ODbL 1.0")
    assert (row.is_listed, row.merchant, row.time_zone) == (True, None, "Asia/Shanghai")
    assert row.location.coords == (121.4261613, 31.2208125)


def test_the_second_run_touches_no_row() -> None:
    import_places(DEMO, source="osm")
    before = versions()
    again = import_places(DEMO, source="osm")
    assert (again.added, again.changed, again.unchanged) == (0, 0, 300)
    assert versions() == before


def test_a_changed_place_is_changed_and_keeps_its_address_on_the_portal(tmp_path: Path) -> None:
    brought_in(tmp_path, feature(), feature("node/2"))
    slug = Shop.objects.get(source_id="node/1").slug
    moved = {"type": "Point", "coordinates": [-73.9971, 40.7158]}
    report = brought_in(tmp_path, feature(geometry=moved, name="Lotus Garden"), feature("node/2"))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 1)
    row = Shop.objects.get(source_id="node/1")
    assert (row.name, row.slug, row.location.x) == ("Lotus Garden", slug, -73.9971)


def test_a_place_that_only_moved_by_a_step_is_changed_too(tmp_path: Path) -> None:
    brought_in(tmp_path, feature())
    report = brought_in(tmp_path, feature(geometry={"type": "Point", "coordinates": [-73.997, 40.71580001]}))
    assert report.changed == 1


def test_what_an_owner_has_claimed_stays_as_the_owner_has_it(tmp_path: Path) -> None:
    brought_in(tmp_path, feature())
    Shop.objects.update(merchant=make_merchant(), name="Our Lotus")
    report = brought_in(tmp_path, feature(name="Lotus Garden"))
    assert (report.changed, report.claimed, report.unchanged) == (0, 1, 0)
    assert Shop.objects.get().name == "Our Lotus"


def test_a_listing_that_staff_closed_stays_closed(tmp_path: Path) -> None:
    brought_in(tmp_path, feature())
    Shop.objects.update(is_listed=False, closed_at=timezone.now())
    brought_in(tmp_path, feature(name="Lotus Garden"))
    assert not Shop.objects.get().is_listed


def test_the_same_id_of_two_sources_is_two_listings(tmp_path: Path) -> None:
    brought_in(tmp_path, feature())
    brought_in(tmp_path, feature(), source="town hall", licence="CC BY 4.0, Town Hall")
    assert sorted(Shop.objects.values_list("source", "source_licence")) == [
        ("osm", "© OpenStreetMap contributors, ODbL 1.0"),
        ("town hall", "CC BY 4.0, Town Hall"),
    ]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (feature(geometry=None), "no coordinates"),
        (feature(geometry={"type": "Point", "coordinates": []}), "no coordinates"),
        (feature(geometry={"type": "Point", "coordinates": ["x", None]}), "no coordinates"),
        (feature(geometry={"type": "Point", "coordinates": [0, 0]}), "no coordinates"),
        (feature(geometry={"type": "Point", "coordinates": [float("nan"), 5]}), "no coordinates"),
        (feature(geometry={"type": "Point", "coordinates": [200, 5]}), "outside the globe"),
        (feature(geometry={"type": "Point", "coordinates": [0, -90]}), "too close to a pole"),
        (feature(name=""), "no name"),
        (feature(name="?! \x00"), "no name"),
        (feature(name="a" * 1_000_000), "longer than 120"),
        (feature(amenity="bench"), "no category"),
        (feature(amenity=""), "no category"),
        (feature(source_id=""), "no id"),
        (feature(source_id="x" * 61), "longer than 60"),
        ("not a feature", "no coordinates"),
        ({"type": "Feature", "properties": None, "geometry": NEW_YORK}, "no category"),
    ],
)
def test_a_row_that_can_not_be_listed_is_refused_with_line_and_reason(
    tmp_path: Path, bad: Any, reason: str
) -> None:
    report = brought_in(tmp_path, feature("node/9"), bad)
    assert report.added == Shop.objects.count() == 1
    (trouble,) = report.refused
    assert (trouble.line, trouble.row) == (1, 2)
    assert reason in str(trouble.reason)


def test_an_id_that_comes_twice_in_a_file_counts_once(tmp_path: Path) -> None:
    report = brought_in(tmp_path, feature(), feature(name="Again"), feature("node/2"))
    assert reasons(report) == ["2: the same id as in row 1"]
    assert Shop.objects.get(source_id="node/1").name == "Lotus House"


def test_hours_that_nobody_can_read_are_left_out_and_noted(tmp_path: Path) -> None:
    report = brought_in(
        tmp_path,
        feature(opening_hours="Mon-Sat !0:30-8:30; !!"),
        feature("node/2", opening_hours="Mo-Su 11:00-23:00"),
    )
    assert report.added == 2
    assert [(trouble.row, trouble.refused) for trouble in report.troubles] == [(1, False)]
    assert "Mon-Sat !0:30-8:30" in str(report.troubles[0].reason)
    without, with_hours = Shop.objects.order_by("source_id")
    assert (without.hours, without.opens_at) == ("", None)
    assert (with_hours.hours, with_hours.time_zone) == ("Mo-Su 11:00-23:00", "America/New_York")
    assert with_hours.opens_at.hour in (15, 16)  # eleven in New York, summer or winter
    assert with_hours.next_change_at == with_hours.closes_at


@pytest.mark.parametrize(
    ("given", "kept", "noted"),
    [
        ("+1-212-233-3888", "+1-212-233-3888", 0),
        ("(02)2765-3147; (02)2765-3148", "(02)2765-3147; (02)2765-3148", 0),
        ("０２－２７６５３１４７", "０２－２７６５３１４７", 0),
        ("+1", "", 1),
        ("1234567; " * 12 + "1234567", "1234567; 1234567; 1234567; 1234567; 1234567; 1234567", 0),
        ("9" * 400, "", 1),
    ],
)
def test_phones_are_kept_as_published(tmp_path: Path, given: str, kept: str, noted: int) -> None:
    report = brought_in(tmp_path, feature(phone=given))
    assert Shop.objects.get().phone == kept
    assert len(report.noted) == noted


@pytest.mark.parametrize(
    ("tags", "name", "name_en"),
    [
        ({"name": "Lotus House", "name__zh": "蓮花樓"}, "蓮花樓", "Lotus House"),
        ({"name": "莲花楼", "name__en": "Lotus House"}, "莲花楼", "Lotus House"),
        ({"name": "Lotus House"}, "Lotus House", ""),
        ({"name": "", "name__en": "Lotus"}, "Lotus", ""),
        ({"name": "City Super\x00 \u202eabc"}, "City Super abc", ""),
    ],
)
def test_names_in_two_languages(tmp_path: Path, tags: dict[str, str], name: str, name_en: str) -> None:
    brought_in(tmp_path, feature(**tags))
    row = Shop.objects.get()
    assert (row.name, row.name_en) == (name, name_en)


def test_an_area_is_listed_at_the_centre_of_its_box(tmp_path: Path) -> None:
    ring = [[[121.0, 31.0], [121.2, 31.0], [121.2, 31.1], [121.0, 31.0]]]
    brought_in(tmp_path, feature(geometry={"type": "Polygon", "coordinates": ring}))
    assert Shop.objects.get().location.coords == pytest.approx((121.1, 31.05))
