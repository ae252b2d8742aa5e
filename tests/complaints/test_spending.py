"""What remedies cost, as the figures tell it: what plain SQL adds up over the same rows."""

import csv
import io
import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from complaints import actions, figures
from complaints.figures import Scope, Side
from complaints.models import Cause, Complaint
from complaints.remedying import spending
from tests import cast
from tests.complaints.makers import begin, make_agent, make_complaint, promise, propose
from tests.loyalty.makers import make_card

pytestmark = pytest.mark.django_db
PAGE = "/staff/complaints/complaint/figures/"


def scope(**fields) -> Scope:
    """A month around today: at the shop it may be tomorrow already."""
    today = timezone.localdate()
    return Scope(today - timedelta(days=15), today + timedelta(days=15), **fields)


def query(**fields) -> str:
    asked = scope()
    until = asked.ends - timedelta(days=1)
    return "&".join(
        f"{name}={value}" for name, value in ({"begins": asked.begins, "until": until} | fields).items()
    )


def summed(column: str, where: str = "true") -> dict:
    """By the column: distinct cases, worth done and worth owed, straight from the tables."""
    sql = f"""
        SELECT {column}, count(DISTINCT c.id),
               coalesce(sum(r.worth) FILTER (WHERE r.state = 'executed'), 0),
               coalesce(sum(r.worth) FILTER (WHERE r.state = 'promised'), 0)
        FROM complaints_complaint c
        JOIN merchants_shop s ON s.id = c.shop_id
        JOIN merchants_category k ON k.id = s.category_id
        LEFT JOIN complaints_remedy r ON r.complaint_id = c.id
        LEFT JOIN complaints_finding f ON f.complaint_id = c.id AND f.is_main
        WHERE {where} GROUP BY 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row[0]: tuple(int(value) for value in row[1:]) for row in cursor.fetchall()}


@pytest.fixture
def spent(shop, owner, consumer) -> dict[str, Complaint]:
    """A service done for one, points and goodwill owed to another, a third rejected, a fourth elsewhere."""
    agent, moment = make_agent(), timezone.now()
    late = Cause.objects.create(code="test-late", name_zh="误点", name_en="Late")
    staff = Cause.objects.create(code="test-late-staff", name_zh="缺人", name_en="Few staff", parent=late)
    make_card(shop.merchant, consumer)
    bakery = cast.make_shop(
        cast.make_merchant(name="面包坊"), name="面包坊", category=cast.make_category("bakery")
    )
    cases = {
        "served": begin(make_complaint(shop), agent),
        "owed": begin(make_complaint(shop, consumer), agent),
        "none": begin(make_complaint(shop), agent),
        "bread": begin(make_complaint(bakery), agent),
    }
    actions.find_causes(cases["served"], late, by=agent)
    actions.find_causes(cases["owed"], staff, by=agent)
    actions.find_causes(cases["bread"], staff, [late], by=agent)
    served = promise(cases["served"], agent, owner, kind="service", worth=3800)
    actions.execute_remedy(served, by=owner, moment=moment, proof="11 月 22 日")
    promise(cases["owed"], agent, owner, kind="points", points=300)
    actions.give_goodwill(cases["owed"], 1550, by=agent, says="让您久等了", key=uuid.uuid4(), moment=moment)
    dropped = propose(cases["none"], agent, worth=9900)
    actions.drop_remedy(dropped, by=agent, why="不需要", moment=moment)
    baker = cast.owner_of(bakery.merchant)
    bread = promise(cases["bread"], agent, baker, kind="service", worth=1200, and_apology=True)
    actions.execute_remedy(bread, by=baker, moment=moment, proof="11 月 23 日")
    return cases


def told(lines) -> dict:
    return {line.key: (line.filed, line.worth, line.owed) for line in lines}


@pytest.mark.parametrize(
    ("side", "column"),
    [(Side.MERCHANT, "c.merchant_id"), (Side.CATEGORY, "k.slug"), (Side.GRADE, "c.grade")],
)
def test_each_part_costs_what_plain_sql_adds_up(spent, side, column):
    assert told(figures.by(side, scope())) == summed(column)


def test_the_whole_and_its_periods_cost_the_same(spent):
    (whole,) = summed("true").values()
    found = figures.whole(scope())
    assert (found.filed, found.worth, found.owed) == whole == (4, 5000, 300 + 1550)
    for grain in figures.Grain:
        lines = figures.by_period(scope(grain=grain))
        assert (sum(line.worth for line in lines), sum(line.owed for line in lines)) == whole[1:]


def test_narrowed_down_to_a_merchant_or_a_category_only_theirs_is_counted(spent, shop):
    mine = scope(merchant=shop.merchant_id)
    assert figures.whole(mine).worth == 3800
    assert figures.whole(scope(category="bakery")).worth == 1200
    assert [(one.key, one.worth) for one in spending.by_kind(scope(category="bakery"))] == [
        ("service", 1200),
        ("apology", 0),
    ]


def test_each_kind_costs_what_plain_sql_adds_up(spent):
    found = {one.key: (one.cases, one.worth, one.owed) for one in spending.by_kind(scope())}
    assert found == summed("r.kind", "r.state IN ('executed', 'promised')")


def test_a_cause_costs_what_its_own_cases_and_those_below_it_do(spent):
    own = summed("f.cause_id")
    said, unsaid = spending.by_cause(scope())
    rows = {row.cause.code: (row.cases, row.worth, row.promised) for row in said}
    late, staff = (Cause.objects.get(code=code).pk for code in ("test-late", "test-late-staff"))
    assert rows["test-late-staff"] == own[staff]
    assert rows["test-late"] == tuple(a + b for a, b in zip(own[late], own[staff], strict=True))
    assert unsaid
    assert (unsaid.cases, unsaid.worth, unsaid.owed) == own[None]
    assert {row.cause.code: row.depth for row in said} == {"test-late": 0, "test-late-staff": 1}


def test_page_files_and_print_tell_the_same(spent, signed_in):
    desk = signed_in(make_agent(), language="en")
    page = desk.get(f"{PAGE}?{query()}").content.decode()
    for words in ("Cost of remedies", "Cases and remedies by cause", "– Few staff", "Remedies by kind"):
        assert words in page
    assert "<figcaption>Cost of remedies</figcaption>" in page
    assert page.count("¥50.00") >= 2  # the whole, and the column of the month
    lines = list(csv.reader(io.StringIO(file_of(desk, "csv").decode("utf-8-sig"))))
    assert {len(line) for line in lines} == {9}
    assert next(line for line in lines if line[0] == "All")[-2:] == ["50.00", "18.50"]
    assert ["Remedies by kind", "Service again", "2", "", "", "", "", "50.00", "0.00"] in lines
    book = load_workbook(io.BytesIO(file_of(desk, "xlsx")))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows()]
    whole = next(row for row in cells if row[0] == "All")
    assert [Decimal(str(value)) for value in whole[-2:]] == [Decimal(50), Decimal("18.5")]
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(file_of(desk, "pdf"))).pages)
    assert "Cases and remedies by cause" in text
    assert "¥50.00" in text


def file_of(desk, kind: str) -> bytes:
    answer = desk.get(f"{PAGE}?{query(format=kind)}")
    assert answer.status_code == 200
    return answer.getvalue()


def test_without_any_remedy_there_is_no_chart_of_costs(shop, signed_in):
    make_complaint(shop)
    page = signed_in(make_agent(), language="en").get(PAGE).content.decode()
    assert "Remedies by kind" not in page
    assert "Cost of remedies" not in page
