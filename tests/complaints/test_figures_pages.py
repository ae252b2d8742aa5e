"""The figures as staff read them: a page, a CSV, a workbook and a PDF that say the same."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from complaints import actions
from complaints.models import PastCase
from portal.kernel.charts import chart
from tests import cast
from tests.complaints.makers import close, make_agent, make_complaint

pytestmark = pytest.mark.django_db
PAGE = "/staff/complaints/complaint/figures/"


@pytest.fixture
def desk(signed_in):
    return signed_in(make_agent(), language="en")


def old(number: int, *, category: str = "noise", days: int = 10) -> PastCase:
    filed = timezone.now() - timedelta(days=days)
    return PastCase.objects.create(
        source="town",
        number=str(number),
        category=category,
        time_zone="Asia/Shanghai",
        filed_at=filed,
        ended_at=filed + timedelta(hours=number),
    )


def test_the_page_shows_chart_tables_and_promises(desk, shop):
    close(make_complaint(shop))
    make_complaint(shop)
    page = desk.get(PAGE).content.decode()
    assert "<svg" in page
    assert "<figcaption>Cases reported</figcaption>" in page
    for words in ("Promises kept", "By merchant", shop.merchant.name, "By reason", "Over time"):
        assert words in page
    assert 'style="' not in page.split('id="content-main"')[1]


def test_the_page_is_for_who_reads_cases(signed_in):
    assert signed_in(make_agent(reads_only=True)).get(PAGE).status_code == 200
    assert signed_in(cast.make_user(is_staff=True)).get(PAGE).status_code == 404
    assert signed_in(cast.make_user()).get(PAGE).status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        "begins=2026-02-01&until=2026-01-01",
        "begins=x&until=y",
        "begins=2026-01-01&until=2026-02-01&merchant=no",
    ],
)
def test_what_makes_no_sense_is_said_beside_the_form(desk, asked):
    answer = desk.get(f"{PAGE}?{asked}")
    assert answer.status_code == 422
    assert "errornote" in answer.content.decode()


def test_it_can_be_narrowed_down_to_a_merchant_and_a_source(desk, shop, other_shop):
    for place in (shop, shop, other_shop):
        make_complaint(place, cast.make_user())
    old(1)
    span = (
        f"begins={timezone.localdate() - timedelta(days=30)}&until={timezone.localdate() + timedelta(days=1)}"
    )

    def counted(more: str) -> int:
        lines = list(csv.reader(io.StringIO(files(desk, f"{span}&format=csv{more}").decode("utf-8-sig"))))
        return int(next(line for line in lines if line[0] == "All")[2])

    assert counted("") == 4
    assert counted(f"&merchant={shop.merchant.slug}") == 2
    assert counted("&source=town") == counted("&category=noise") == 1
    assert counted("&source=-") == 3


def files(desk, query: str) -> bytes:
    answer = desk.get(f"{PAGE}?{query}")
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.getvalue()


def test_no_cell_of_a_file_is_calculated(desk):
    old(1, category='=HYPERLINK("http://evil")')
    span = f"begins={timezone.localdate() - timedelta(days=30)}&until={timezone.localdate()}"
    told = files(desk, f"{span}&format=csv").decode("utf-8-sig")
    assert "'=HYPERLINK" in told
    book = load_workbook(io.BytesIO(files(desk, f"{span}&format=xlsx")))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    evil = next(cell for cell in cells if str(cell.value).startswith("=HYPERLINK"))
    assert evil.data_type == "s"
    assert any(cell.data_type == "n" and cell.value == 1 for cell in cells)


def test_a_month_is_printed(desk, shop):
    make_complaint(shop)
    today = timezone.localdate()  # it may be tomorrow already at the shop
    span = f"begins={today.replace(day=1)}&until={today + timedelta(days=1)}"
    content = files(desk, f"{span}&grain=day&format=pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    assert "Complaints in figures" in text
    assert shop.merchant.name in text


def test_the_page_costs_the_same_with_many_cases(desk, shop):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert desk.get(PAGE).status_code == 200
        looked_up = [query["sql"] for query in seen if "chosen AS MATERIALIZED" in query["sql"]]
        assert len(looked_up) == 2  # the time asked for and the time before it, each once for all its figures
        return len(seen)

    make_complaint(shop)
    old(1)
    few = queries()
    for number in range(2, 40):
        old(number, category=f"kind {number % 7}")
    assert queries() == few <= 16


def test_an_old_case_that_is_no_complaint_of_ours_tells_nobody(shop):
    actions.import_cases(
        f"number,reported,merchant\n1,2025-01-01 10:00,{shop.merchant.slug}".encode(),
        source="town",
        zone=timezone.get_default_timezone(),
        columns={},
        reasons={},
        by=None,
        moment=timezone.now(),
    )
    assert PastCase.objects.get().merchant == shop.merchant
    assert not shop.merchant.complaints.exists()


def test_a_chart_of_nothing_is_flat_and_labels_stay_few():
    flat = chart("x", [("a", 0), ("b", 0)])
    assert [column.height for column in flat.columns] == ["0.00", "0.00"]
    many = chart("x", [(str(number), number) for number in range(60)])
    assert sum(column.is_labelled for column in many.columns) <= 6
    assert many.columns[-1].height == "98.00"
    assert chart("x", []).columns == []
