"""Files as people have them: cut off, too deep, in tables, with options that make no sense."""

import csv
import gzip
import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from merchants.actions import import_places
from merchants.importing import UnreadableFile
from merchants.models import Category, Shop
from tests.merchants.places import feature

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
DEMO = Path(__file__).resolve().parent.parent.parent / "data" / "demo_places.csv"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Reasons are compared word by word."""
    with translation.override("en"):
        yield


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
    "content", [b"\xff\xfe\x00", gzip.compress(b"lon,lat,name\n" * 5000, mtime=0)[:-20], b"\x1f\x8bxx"]
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
