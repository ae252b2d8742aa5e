"""Real places come in once, with their source; dirt is turned away with a reason."""

import csv
import gzip
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone, translation

from merchants.actions import import_places
from merchants.importing import Report, UnreadableFile
from merchants.models import Category, Shop
from tests.cast import make_merchant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
DEMO = Path(__file__).resolve().parent.parent.parent / "data" / "demo_places.csv"
NEW_YORK = {"type": "Point", "coordinates": [-73.997, 40.7158]}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons are compared word by word."""
    with translation.override("en"):
        yield


def feature(source_id: Any = "node/1", geometry: Any = NEW_YORK, **tags: Any) -> dict[str, Any]:
    tags = {"amenity": "restaurant", "name": "Lotus House"} | tags
    properties = {"@id": source_id} | {key.replace("__", ":"): text for key, text in tags.items()}
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def brought_in(tmp_path: Path, *features: Any, **how: Any) -> Report:
    path = tmp_path / "places.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False))
    return import_places(path, **{"source": "osm"} | how)


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


BROKEN = {
    "cut off": '{"type": "FeatureCollection", "features": [' + json.dumps(feature()) + ", {",
    "cut off in a string": '{"type": "FeatureCollection", "features": [{"type": "Fea',
    "a comma too many": '{"features": [' + json.dumps(feature()) + ",]}",
    "text after it": json.dumps({"type": "FeatureCollection", "features": [feature()]}) + "x",
    "no collection": json.dumps(feature()),
    "no features": '{"type": "FeatureCollection"}',
    "a list": json.dumps([feature()]),
    "deep": '{"features": ' + "[" * 100_000,
    "a number without end": '{"features": [' + "9" * 6000 + "]}",
    "empty": "",
    "only space": " \n ",
    "not a table": "hello\nworld\n",
    "no coordinates": "id,name\n1,Lotus\n",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_gets_one_sentence_and_saves_nothing(tmp_path: Path, how: str) -> None:
    path = tmp_path / "broken"
    path.write_text(BROKEN[how])
    with pytest.raises(CommandError) as refusal:
        call_command("import_places", path, source="osm", verbosity=0)
    assert str(refusal.value).strip().endswith(".")
    assert refusal.value.returncode == 1
    assert not Shop.objects.exists()


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", gzip.compress(b"lon,lat,name\n" * 5000)[:-20], b"\x1f\x8bxx"]
)
def test_bytes_that_are_no_text_get_a_sentence_too(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "places.csv.gz"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        import_places(path, source="osm")
    with pytest.raises(UnreadableFile):
        import_places(tmp_path / "missing.csv", source="osm")


def test_a_file_that_breaks_off_late_takes_back_the_batches_before(tmp_path: Path) -> None:
    rows = ",".join(json.dumps(feature(f"node/{n}")) for n in range(2100))
    path = tmp_path / "late.geojson"
    path.write_text('{"type": "FeatureCollection", "features": [' + rows + ', {"type": ')
    with pytest.raises(UnreadableFile):
        import_places(path, source="osm")
    assert not Shop.objects.exists()


def test_a_feature_across_many_lines_is_named_by_its_first(tmp_path: Path) -> None:
    path = tmp_path / "pretty.geojson"
    text = json.dumps(
        {"type": "FeatureCollection", "features": [feature(), feature("node/2", name="")]}, indent=2
    )
    path.write_text(text)
    (trouble,) = import_places(path, source="osm").refused
    assert text.splitlines()[trouble.line - 1].strip() == "{"
    assert '"node/2"' in "".join(text.splitlines()[trouble.line - 1 : trouble.line + 12])


def test_a_table_with_tags_in_columns_in_json_and_as_key_and_value(tmp_path: Path) -> None:
    path = tmp_path / "places.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        sheet = csv.writer(file)
        sheet.writerow(["osm_id", "lon", "lat", "name", "amenity", "tags", "key", "value"])
        sheet.writerow(["node/1", "121.1", "31.1", "甲", "cafe", "", "", ""])
        sheet.writerow(["node/2", "121.2", "31.2", "乙", "", '{"shop": "hairdresser"}', "", ""])
        sheet.writerow(["node/3", "121.3", "31.3", "丙", "", "{broken", "shop", "laundry"])
        sheet.writerow(["node/4", "", "", "丁", "cafe"])
    report = import_places(path, source="osm")
    kinds = dict(Shop.objects.values_list("name", "category__slug"))
    assert kinds == {"甲": "cafe", "乙": "hair", "丙": "laundry"}
    assert [(trouble.line, trouble.reason) for trouble in report.troubles] == [(5, "no coordinates")]


def test_a_table_without_tags_goes_by_the_words_of_the_names(tmp_path: Path) -> None:
    path = tmp_path / "pharmacies.csv"
    rows = [
        "榮星藥局",
        "基隆市安樂區衛生所",
        "松山健康服務中心",
        "Joe's Barber Shop",
        "Barberry Hill",
        "無名",
    ]
    path.write_text("lon,lat,name\n" + "".join(f"121.{n},31,{name}\n" for n, name in enumerate(rows)))
    report = import_places(path, source="nhi")
    assert dict(Shop.objects.values_list("name", "category__slug")) == {
        "榮星藥局": "pharmacy",
        "基隆市安樂區衛生所": "clinic",
        "松山健康服務中心": "clinic",
        "Joe's Barber Shop": "hair",
    }
    assert [trouble.name for trouble in report.refused] == ["Barberry Hill", "無名"]
    again = import_places(path, source="nhi", category=Category.objects.get(slug="pharmacy"))
    assert (again.added, again.unchanged) == (2, 4)  # rows without an id are known by name and place


def test_the_command_tells_what_it_did_and_writes_a_report_without_formulas(tmp_path: Path) -> None:
    path, sheet, told = tmp_path / "places.csv", tmp_path / "report.csv", StringIO()
    path.write_text("id,lon,lat,name,amenity\n1,121,31,甲,cafe\n2,,,=cmd(),cafe\n")
    call_command("import_places", path, source="osm", report=sheet, verbosity=0, stdout=told)
    assert told.getvalue().startswith("2 read: 1 added, 0 changed, 0 unchanged")
    assert sheet.read_text("utf-8-sig").splitlines()[1] == "3,2,2,'=cmd(),yes,no coordinates"
    told = StringIO()
    call_command("import_places", path, source="osm", verbosity=0, stdout=told)
    assert "0 added, 0 changed, 1 unchanged" in told.getvalue()


@pytest.mark.parametrize("bad", [{"zone": "Mars/Base"}, {"category": "moonbase"}, {"source": " "}])
def test_a_wrong_option_is_a_sentence(tmp_path: Path, bad: dict[str, str]) -> None:
    with pytest.raises(CommandError):
        call_command("import_places", DEMO, **{"source": "osm", "verbosity": 0} | bad)
