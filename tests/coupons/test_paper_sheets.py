"""Sheets of paper coupons: sizes, squares read off the page, names of every script, files of bounded size."""

import io
from typing import Any
from zipfile import ZipFile

import pypdfium2
import pytest
import zxingcpp

from coupons import printing
from coupons.printing import PAPER, SHEETS, sheets_job
from portal.kernel.codes import code_url
from portal.kernel.jobs import cancel_job, run_due
from tests.coupons.makers import make_paper

pytestmark = pytest.mark.django_db
MILLIMETRE = 72 / 25.4  # points
TITLE = "🎉满减节🎊 \u0639\u0631\u0636 \u062e\u0627\u0635"  # emoji, and a script from right to left


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def printed(batch: Any, owner: Any) -> Any:
    job = sheets_job(batch, by=owner)
    assert run_due() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", batch.quantity, batch.quantity)
    return job


def test_ten_lie_on_an_a4_sheet_and_every_square_is_read_off_it(merchant, owner):
    batch = make_paper(merchant, 12, title=TITLE)
    pdf = pypdfium2.PdfDocument(printed(batch, owner).result.open("rb").read())
    assert len(pdf) == 2
    assert {tuple(round(side / MILLIMETRE, 1) for side in page.get_size()) for page in pdf} == {
        (210.0, 297.0)
    }
    squares = [zxingcpp.read_barcodes(page.render(scale=4).to_pil()) for page in pdf]
    assert [len(one) for one in squares] == [10, 2]
    assert {code.text for page in squares for code in page} == {
        code_url(one.token) for one in batch.coupons.all()
    }
    assert {code.ec_level for page in squares for code in page} == {"Q"}
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    assert text.count("满减节") == 12 and text.count("青禾理发") == 12


def test_colour_reaches_over_the_edge_and_the_knifes_marks_stand_outside(merchant, owner):
    page = pypdfium2.PdfDocument(printed(make_paper(merchant, 1), owner).result.open("rb").read())[0]
    scale = 10
    picture, per_mm = page.render(scale=scale).to_pil().convert("RGB"), scale * MILLIMETRE
    at = lambda x, y: picture.getpixel((round(x * per_mm), round(y * per_mm)))  # noqa: E731
    left, top = PAPER.corner(0)
    assert at(left - PAPER.bleed + 0.3, top + PAPER.height / 2) != (255, 255, 255)
    assert at(left - PAPER.bleed - 0.3, top + PAPER.height / 2) == (255, 255, 255)
    marks = [at(left - PAPER.bleed - 1, top + shift / 20) for shift in range(-6, 7)]
    assert min(sum(colour) for colour in marks) < 500


def test_a_large_batch_is_an_archive_of_files(merchant, owner, monkeypatch):
    monkeypatch.setattr(printing, "IN_ONE_FILE", 10)
    batch = make_paper(merchant, 25)
    with ZipFile(printed(batch, owner).result.open("rb")) as bundle:
        names = bundle.namelist()
        pages = [len(pypdfium2.PdfDocument(io.BytesIO(bundle.read(name)))) for name in names]
    assert [name[-15:] for name in names] == ["00001-00010.pdf", "00011-00020.pdf", "00021-00025.pdf"]
    assert pages == [1, 1, 1]


def test_drawing_stops_when_it_is_asked_to(merchant, owner, monkeypatch):
    monkeypatch.setattr(printing, "IN_ONE_FILE", 10)
    job = sheets_job(make_paper(merchant, 30), by=owner)
    draw = printing.sheets_of

    def stop_after_the_first(*asked: Any) -> bytes:
        cancel_job(job)
        return draw(*asked)

    monkeypatch.setattr(printing, "sheets_of", stop_after_the_first)
    run_due()
    job.refresh_from_db()
    assert (job.state, job.done, bool(job.result)) == ("cancelled", 10, False)


def test_the_same_sheets_are_drawn_once_and_again_after_a_stop(merchant, owner):
    batch = make_paper(merchant, 1)
    first = sheets_job(batch, by=owner)
    assert sheets_job(batch, by=owner) == first and first.kind == SHEETS
    cancel_job(first)
    assert sheets_job(batch, by=owner) != first
