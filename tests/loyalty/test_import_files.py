"""What people call a member list: every kind of file, and what must not be let in."""

import io
import zipfile
from datetime import date, datetime

import pytest

from loyalty.importing.cells import Bad, as_day, as_money, as_phone, as_points
from loyalty.importing.files import (
    LongCell,
    Nothing,
    OddText,
    OldFormat,
    Swollen,
    TooLarge,
    TooManyRows,
    Unreadable,
    read_table,
)
from loyalty.importing.headers import find_header, guess
from loyalty.importing.judging import read_members
from tests.loyalty.lists import HEAD, csv_file, people, workbook

OFFERED = ["phone", "name", "number", "points", "principal", "bonus", "joined", "birthday", "level"]
TODAY = date(2026, 11, 22)


def members(content: bytes, region: str = "CN"):
    table = read_table(content)
    header = find_header(table.rows)
    mapping = guess(table.rows[header], offered=OFFERED)
    return read_members(table, header=header, mapping=mapping, region=region, today=TODAY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_csv_is_read_in_the_encodings_that_shops_have(encoding):
    (one,) = members(csv_file(["138 0013 8000", "张女士", "A1", 120, "2024-05-01"], encoding=encoding))
    assert (one.facts.phone, one.facts.name, one.facts.points) == ("+8613800138000", "张女士", 120)
    assert (one.facts.number, one.facts.joined, one.number) == ("A1", "2024-05-01", 2)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_mark_between_the_columns_is_found(mark):
    text = (
        mark.join(HEAD) + "\n" + mark.join(["13800138000", "Zhang, Ms" if mark != "," else "Z", "A", "5", ""])
    )
    (one,) = members(text.encode())
    assert (one.facts.phone, one.facts.points) == ("+8613800138000", 5)


def test_a_workbook_with_numbers_as_excel_keeps_them():
    row = [13800138000.0, "张女士", 1024.0, 120.0, datetime(2024, 5, 1, 9, 30)]  # noqa: DTZ001 - as the workbook holds it
    (one,) = members(workbook(row))
    assert (one.facts.phone, one.facts.number, one.facts.points) == ("+8613800138000", "1024", 120)
    assert one.facts.joined == "2024-05-01"


def test_a_title_over_merged_cells_is_not_taken_for_the_heading():
    content = workbook(HEAD, ["13800138000", "张", "A", 7, ""], head=["青禾理发会员名单"], merged="A1:E1")
    (one,) = members(content)
    assert (one.number, one.facts.points) == (3, 7)


def test_formulas_are_never_worked_out_and_never_taken_for_values():
    (one,) = members(workbook(["13800138000", '=HYPERLINK("http://x","y")', "A", "=1+1", ""]))
    assert (one.facts.name, one.facts.points) == ("", 0)
    (two,) = members(csv_file(["13800138000", "=1+1", "A", "=2", ""]))
    assert two.facts.name == "=1+1"
    assert [code for code, _values in two.reasons] == ["points"]


def test_taiwanese_phones_are_read_with_their_country_or_with_its_code():
    rows = [
        ["0912 345 678", "a", "", 1, ""],
        ["+886 912 345 679", "b", "", 1, ""],
        ["886912345670", "c", "", 1, ""],
    ]
    assert [one.facts.phone for one in members(csv_file(*rows), "TW")] == [
        "+886912345678",
        "+886912345679",
        "+886912345670",
    ]
    assert [one.reasons[0][0] if one.reasons else "" for one in members(csv_file(*rows))] == ["phone", "", ""]


def test_a_number_that_the_spreadsheet_has_shortened_is_not_guessed():
    with pytest.raises(Bad, match="shortened"):
        as_phone("1.38E+10", "CN")
    assert as_phone("1.3800138E10", "CN") == "+8613800138000"


def test_rows_for_the_same_person_are_told_from_each_other():
    rows = [
        ["13800138000", "张", "", 5, ""],
        ["138-0013-8000", "张", "", 9, ""],
        ["13800138001", "李", "", 1, ""],
    ]
    rows += [["13800138001", "李", "", 1, ""]]
    assert [[code for code, _v in one.reasons] for one in members(csv_file(*rows))] == [
        ["twice"],
        ["twice"],
        [],
        ["again"],
    ]


def test_a_row_says_everything_that_is_wrong_with_it_at_once():
    (one,) = members(csv_file(["12", "张", "", "-5", "tomorrow"]))
    assert [code for code, _values in one.reasons] == ["phone", "points", "day"]
    (nobody,) = members(csv_file(["", "张", "", 5, ""]))
    assert [code for code, _values in nobody.reasons] == ["nobody"]


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("手机号码*", "phone"),
        ("Mobile No.", "phone"),
        ("可用积分", "points"),
        ("积分余额", "points"),
        ("Points", "points"),
        ("账户余额（元）", "principal"),
        ("Balance", "principal"),
        ("赠送余额", "bonus"),
        ("会员卡号", "number"),
        ("Member since", "joined"),
        ("会员等级", "level"),
        ("出生日期", "birthday"),
        ("姓 名", "name"),
    ],
)
def test_headings_are_understood_in_both_languages(head, field):
    assert guess([head], offered=OFFERED) == {field: 0}


@pytest.mark.parametrize("text", ["2024-5-1", "2024/05/01", "2024年5月1日", "20240501", "45413", "2024.5.1"])
def test_days_are_read_as_people_write_them(text):
    assert as_day(text, today=TODAY) == date(2024, 5, 1)


@pytest.mark.parametrize("text", ["2024-02-30", "soon", "2027-01-01", "5"])
def test_days_that_are_none_are_refused(text):
    with pytest.raises(Bad):
        as_day(text, today=TODAY)


def test_money_and_points_are_exact_or_refused():
    assert [as_money(cell) for cell in ("¥1,234.50", 12.3, 1e3, "８８元", "")] == [
        123450,
        1230,
        100000,
        8800,
        0,
    ]
    assert [as_points(cell) for cell in ("1,200", 3.0, "88分", None)] == [1200, 3, 88, 0]
    for cell in ("12.345", "-1", "abc", "1e99"):
        with pytest.raises(Bad):
            as_money(cell)
    for wrong in ("1.5", -1, "nan", "inf", 10**12):
        with pytest.raises(Bad):
            as_points(wrong)


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\x00\x9f\x17" * 1_500_000, OddText),
        (bytes(range(256)) * 100, OddText),
        (b"x" * 6_000_000, TooLarge),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, OldFormat),
        (b"", Nothing),
        (b"\n\n , ,\n", Nothing),
        (b'phone,name\n"13800138000,' + b"x" * 600, LongCell),
        (packed("xl/workbook.xml", b"\x00" * 90_000_000), Swollen),
        (packed("hello.txt", b"hello"), Unreadable),
        (b"PK\x03\x04 no zip at all", Unreadable),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "file",
)
def test_what_is_no_member_list_is_refused_with_a_sentence(content, refusal):
    with pytest.raises(refusal):
        read_table(content)


def test_more_rows_than_a_shop_has_members_are_refused():
    with pytest.raises(TooManyRows):
        read_table(b"phone\n" + b"13800138000\n" * 20_001)


def test_a_workbook_that_expands_entities_is_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><x>&b;</x>'
    good, out = io.BytesIO(workbook(*people(1))), io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part, bomb if part.filename == "xl/workbook.xml" else old.read(part))
    with pytest.raises(Unreadable):
        read_table(out.getvalue())


def test_a_sheet_that_lies_about_its_size_is_read_as_it_is():
    good, out = io.BytesIO(workbook(*people(3))), io.BytesIO()
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            content = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                content = content.replace(b'ref="A1:E4"', b'ref="A1:XFD1048576"')
            new.writestr(part, content)
    assert len(read_table(out.getvalue()).rows) == 4
