"""Sheets a printer can use: sizes, fonts, squares and bars that are read off the page."""

import io
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile

from loyalty import actions
from loyalty.look.batches import SHEETS, sheets_job
from loyalty.look.printing import CARDS, sheets_of
from loyalty.models import Layout
from portal.kernel.codes import code_url
from portal.kernel.jobs import run_due
from tests.loyalty.printed import make_batch
from tests.merchants.pictures import picture

pytestmark = pytest.mark.django_db
MILLIMETRE = 72 / 25.4  # points


@pytest.fixture
def printed(merchant, owner, settings: Any, tmp_path: Any) -> Any:
    """Nine cards: one sheet that is full and one that is not."""
    settings.MEDIA_ROOT = tmp_path
    actions.save_step(merchant, by=owner, face="plum", name="青禾会员卡", slogan="剪得好，回得勤")
    actions.publish_design(merchant, by=owner)
    batch = make_batch(merchant, 9)
    job = sheets_job(batch, by=owner)
    assert run_due() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total) == ("done", 9, 9)
    return batch, job.result.open("rb").read()


def rendered(page: Any, scale: float = 5) -> Any:
    return page.render(scale=scale).to_pil()


def test_the_sheets_are_a4_with_fronts_before_backs_and_every_number_as_text(printed):
    batch, content = printed
    pdf = pypdfium2.PdfDocument(content)
    assert len(pdf) == 4
    sizes = {tuple(round(side / MILLIMETRE, 1) for side in page.get_size()) for page in pdf}
    assert sizes == {(210.0, 297.0)}
    texts = [page.get_textpage().get_text_range() for page in pdf]
    assert texts[0].count("剪得好，回得勤") == CARDS.on_sheet and texts[2].count("剪得好，回得勤") == 1
    backs = texts[1] + texts[3]
    assert all(one.number_in_groups in backs and one.secret in backs for one in batch.media.all())


def test_every_font_is_inside_the_file(printed):
    fonts: list[Any] = []
    for page in pypdf.PdfReader(io.BytesIO(printed[1])).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            inner = font.get_object().get("/DescendantFonts", [font])
            fonts.extend(one.get_object()["/FontDescriptor"].get_object() for one in inner)
    assert fonts
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(font) for font in fonts)


def test_squares_and_bars_are_read_off_the_printed_page(printed):
    batch, content = printed
    pdf = pypdfium2.PdfDocument(content)
    seen = {
        (code.format.name, code.text) for n in (1, 3) for code in zxingcpp.read_barcodes(rendered(pdf[n]))
    }
    media = list(batch.media.all())
    assert {text for kind, text in seen if "QR" in kind} == {code_url(one.token) for one in media}
    assert {text for kind, text in seen if "128" in kind.replace("_", "")} == {one.number for one in media}


def test_squares_survive_a_quarter_of_damage_as_level_q_promises(printed):
    code = next(
        code
        for code in zxingcpp.read_barcodes(rendered(pypdfium2.PdfDocument(printed[1])[1]))
        if "QR" in code.format.name
    )
    assert code.ec_level == "Q"


def test_colour_reaches_three_millimetres_over_the_edge_and_marks_stand_outside(printed):
    scale = 10
    page = pypdfium2.PdfDocument(printed[1])[0]
    picture, per_mm = rendered(page, scale).convert("RGB"), scale * MILLIMETRE
    at = lambda x, y: picture.getpixel((round(x * per_mm), round(y * per_mm)))  # noqa: E731
    left, top = CARDS.corner(0)
    assert (CARDS.width, CARDS.height) == (85.6, 54.0)
    assert at(left - CARDS.bleed + 0.3, top + CARDS.height / 2) != (255, 255, 255)  # bleed
    assert at(left - CARDS.bleed - 0.3, top + CARDS.height / 2) == (255, 255, 255)  # and no more
    marks = [at(left - CARDS.bleed - 1, top + shift / 20) for shift in range(-6, 7)]
    assert min(sum(colour) for colour in marks) < 500  # the knife's line is there


def test_the_picture_of_the_card_is_printed_and_darkened_under_its_text(merchant, owner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    white = SimpleUploadedFile("shop.jpg", picture((1600, 1200), colour="white"), "image/jpeg")
    taken = actions.add_picture(merchant, white, by=owner)
    look = actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken)
    media = list(make_batch(merchant, 1).media.all())
    page = pypdfium2.PdfDocument(sheets_of(look, merchant, media, lambda done: None))[0]
    left, top = CARDS.corner(0)
    at = round((left + 70) * MILLIMETRE * 5), round((top + 40) * MILLIMETRE * 5)
    assert rendered(page).convert("RGB").getpixel(at) == pytest.approx(
        (115, 115, 115), abs=3
    )  # 45 % of white


def test_the_same_sheets_are_drawn_once(merchant, owner):
    batch = make_batch(merchant, 1)
    first = sheets_job(batch, by=owner)
    assert sheets_job(batch, by=owner) == first
    assert first.kind == SHEETS
