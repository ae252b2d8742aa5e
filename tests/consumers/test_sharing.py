"""What leaves the portal: pictures, sheets, links to map apps, facts for machines; hostile text in each."""

import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image
from pypdf import PdfReader

from consumers import pictures
from consumers.pictures import MOST_BYTES, draw, drawable, facts_of, picture_url
from consumers.routes import routes_to
from merchants import actions
from merchants.actions.days import today_at
from merchants.datum import to_bd09, to_gcj02
from merchants.models import DayKind, Shop
from merchants.opening.week import Span
from tests.cast import client_of, make_shop, owner_of
from tests.merchants.pictures import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("tree")]
HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "attribute": "\" onmouseover=alert(1) x='",
    "picture": "<img src=x onerror=alert(2)>",
    "formula": "=HYPERLINK(1)",
    "direction": "\u202egnp.exe\u202c 青禾\u2066",
    "template": "{{ 7|add:7 }}{% load x %} {0.__class__} %(x)s ${7*7}",
    "separators": "a\u2028b\u2029c\ud7ff",
    "long": "长" * 10_000,
    "unbroken": "W" * 10_000,
    "css": "</style><style>*{display:none}",
}


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def facts(shop: Shop) -> pictures.Facts:
    with translation.override("zh-hans"):
        return facts_of(shop, f"http://localhost:8000{shop.get_absolute_url()}")


def share_path(shop: Shop, shape: str = "card") -> str:
    with translation.override("zh-hans"):
        return urlsplit(picture_url(shop, facts(shop), shape)).path


def ld(page: str) -> dict[str, Any]:
    return json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])


def sheet(shop: Shop, name: str, language: str = "zh-hans") -> Any:
    browser = client_of(owner_of(shop.merchant), language=language)
    return browser.get(f"/m/{shop.merchant.slug}/shops/{shop.slug}/print/{name}")


def text_of(answer: Any) -> str:
    assert answer["Content-Type"] == "application/pdf"
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)


# pictures


@pytest.mark.parametrize(("shape", "size"), [("card", (1200, 630)), ("poster", (1080, 1440))])
def test_the_picture_has_its_size_and_stays_small(shop: Shop, shape: str, size: tuple[int, int]) -> None:
    actions.add_photo(shop, SimpleUploadedFile("front.jpg", picture((1600, 1200))))
    shop.refresh_from_db()
    answer = client_of().get(share_path(shop, shape))
    assert answer.status_code == 200 and answer["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(answer.content)).size == size
    assert len(answer.content) <= MOST_BYTES


def test_it_is_drawn_once_for_what_it_shows(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def noted_drawing(*args: Any) -> Any:
        drawn.append(args[1])
        return draw(*args)

    monkeypatch.setattr("consumers.web.share.draw", noted_drawing)
    for _ in range(3):
        assert client_of().get(share_path(shop)).status_code == 200
    assert drawn == ["card"]
    old = share_path(shop)
    Shop.objects.filter(pk=shop.pk).update(name="新名字")
    shop.refresh_from_db()
    assert client_of().get(old).url.endswith(share_path(shop))
    assert client_of().get(share_path(shop)).status_code == 200
    assert drawn == ["card", "card"]


def test_nobody_can_have_pictures_drawn_that_no_shop_has(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.web.share.draw", lambda *_: pytest.fail("drawn"))
    made_up = re.sub(r"[0-9a-f]{24}", "0" * 24, share_path(shop))
    assert client_of().get(made_up).status_code == 302
    draft = make_shop(shop.merchant, name="还没开", category=shop.category, published=False)
    assert client_of().get(share_path(draft)).status_code == 404


def test_the_page_names_the_picture_and_without_the_font_the_photo(shop: Shop, settings: Any) -> None:
    actions.add_photo(shop, SimpleUploadedFile("front.jpg", picture((800, 600))))
    shop.refresh_from_db()
    assert share_path(shop) in client_of().get(shop.get_absolute_url()).content.decode()
    settings.CJK_FONT = "/nowhere.ttc"
    page = client_of().get(shop.get_absolute_url()).content.decode()
    assert f"{shop.cover}-768.webp" in page and client_of().get(share_path(shop)).status_code == 404


# map apps


def point_in(text: str) -> tuple[float, float]:
    lat, lon = (float(part) for part in text.split(","))
    return lat, lon


def links(shop: Shop) -> dict[str, dict[str, str]]:
    return {
        urlsplit(way.href).netloc: {key: one[0] for key, one in parse_qs(urlsplit(way.href).query).items()}
        for way in routes_to(shop)
    }


def test_each_map_app_gets_the_point_in_its_own_datum(shop: Shop) -> None:
    to, wgs = links(shop), (31.2304, 121.4737)
    gcj, baidu = pytest.approx(to_gcj02(*wgs), abs=1e-6), pytest.approx(to_bd09(*wgs), abs=1e-6)
    amap = to["uri.amap.com"]
    assert point_in(amap["position"])[::-1] == gcj and amap["coordinate"] == "gaode"
    tencent = to["apis.map.qq.com"]
    assert point_in(tencent["marker"].split(";")[0][6:]) == gcj and tencent["coord_type"] == "2"
    assert point_in(to["api.map.baidu.com"]["location"]) == baidu
    assert to["api.map.baidu.com"]["coord_type"] == "bd09ll"
    assert point_in(to["maps.apple.com"]["daddr"]) == gcj
    assert point_in(to["www.google.com"]["destination"]) == gcj
    assert routes_to(shop)[0].href.startswith("geo:31.230400,121.473700?")


@pytest.mark.parametrize(("lat", "lon"), [(25.0478, 121.5319), (22.2819, 114.1582), (52.52, 13.405)])
def test_elsewhere_every_app_gets_wgs84_and_is_told_so(lat: float, lon: float) -> None:
    shop = make_shop(lat=lat, lon=lon)
    to = links(shop)
    assert to["uri.amap.com"]["coordinate"] == "wgs84" and to["apis.map.qq.com"]["coord_type"] == "1"
    assert to["api.map.baidu.com"]["coord_type"] == "wgs84"
    for app, key in (("maps.apple.com", "daddr"), ("www.google.com", "destination")):
        assert point_in(to[app][key]) == pytest.approx((lat, lon), abs=1e-6)


# facts for machines


def test_machines_read_the_week_and_the_days_that_differ(shop: Shop) -> None:
    actions.set_hours(shop, "Mo-Fr 10:00-14:00,17:00-24:00, Sa 18:00-02:00")
    day = today_at(shop)
    actions.set_days(shop, [day], kind=DayKind.CLOSED)
    actions.set_days(shop, [day.replace(year=day.year)], kind=DayKind.HOURS, spans=[Span(600, 1560)])
    told = ld(client_of().get(shop.get_absolute_url()).content.decode())
    week = told["openingHoursSpecification"]
    assert len(week) == 11
    assert {"opens": "17:00", "closes": "23:59"}.items() <= week[1].items()
    saturday = [one for one in week if one["dayOfWeek"].endswith("Saturday")]
    assert [(one["opens"], one["closes"]) for one in saturday] == [("18:00", "02:00")]
    [special] = told["specialOpeningHoursSpecification"]
    assert (special["opens"], special["closes"], special["validFrom"]) == ("10:00", "02:00", day.isoformat())
    assert told["address"] == {"@type": "PostalAddress", "streetAddress": "人民路 1 号"}
    assert told["priceRange"] == "¥38–¥38"


# sheets


def test_the_poster_is_a_page_and_a_pdf_whose_chinese_can_be_selected(shop: Shop) -> None:
    actions.say_more(shop, promise="七天内不满意，免费重剪")
    page = sheet(shop, "poster/").content.decode()
    text = text_of(sheet(shop, "poster.pdf"))
    for words in ("青禾理发 人民路店", "七天内不满意，免费重剪", "扫一扫看价格和时间"):
        assert words in page and words in text
    pdf = PdfReader(io.BytesIO(sheet(shop, "poster.pdf").content))
    resources: Any = pdf.pages[0]["/Resources"]
    fonts = [one.get_object() for one in resources["/Font"].values()]
    assert all("Noto" in font["/BaseFont"] for font in fonts)
    embedded = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"] for font in fonts]
    assert all({"/FontFile2", "/FontFile3"} & set(one.get_object()) for one in embedded)


def test_the_hours_sheet_tells_the_special_days(shop: Shop) -> None:
    actions.set_days(shop, [today_at(shop)], kind=DayKind.CLOSED, label="店庆", label_en="Anniversary")
    text = text_of(sheet(shop, "hours.pdf"))
    assert "10:00–21:00" in text and "店庆" in text
    assert "Anniversary" in text_of(sheet(shop, "hours.pdf", "en"))


def test_sheets_are_for_published_shops_and_their_team(shop: Shop, other_shop: Shop) -> None:
    assert sheet(shop, "menu/").status_code == 404
    thief = client_of(owner_of(other_shop.merchant))
    assert thief.get(f"/m/{shop.merchant.slug}/shops/{shop.slug}/print/poster.pdf").status_code == 404
    draft = make_shop(shop.merchant, name="还没开", category=shop.category, published=False)
    assert sheet(draft, "poster.pdf").status_code == 404


def test_the_share_kit_has_the_short_link_the_sheets_and_the_pictures(shop: Shop) -> None:
    browser = client_of(owner_of(shop.merchant), language="en")
    page = browser.get(f"/m/{shop.merchant.slug}/shops/{shop.slug}/share/").content.decode()
    for part in ("/q/", "print/poster/", "print/hours/", "poster-en-"):
        assert part.lower() in page.lower()


# hostile text, in every field of a shop


def fill_with(shop: Shop, text: str) -> None:
    short = {"name": 120, "name_en": 120, "address": 200, "phone": 60, "promise": 200, "promise_en": 300}
    values = {field: text[:most] for field, most in short.items()}
    words = ("about", "about_en", "handbook", "handbook_en")
    Shop.objects.filter(pk=shop.pk).update(**values, **dict.fromkeys(words, text))
    shop.services.update(name=text[:60], name_en=text[:80], description=text, description_en=text)
    photo = actions.add_photo(shop, SimpleUploadedFile("x.jpg", picture()), alt=text[:120], alt_en=text[:160])
    shop.photos.filter(pk=photo.pk).update(kind="front")
    told = [{"zh": text, "en": text, "from": "2020-01-01", "until": None}]
    Shop.objects.filter(pk=shop.pk).update(told=told)
    actions.set_days(shop, [today_at(shop)], kind=DayKind.CLOSED, label=text[:40], label_en=text[:60])
    shop.refresh_from_db()


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_hostile_text_is_text_wherever_it_is_shown(shop: Shop, kind: str, language: str) -> None:
    fill_with(shop, HOSTILE[kind])
    service = shop.services.get()
    for path in ("", "photos/", f"services/{service.pk}/"):
        page = client_of(language=language).get(f"{shop.get_absolute_url()}{path}").content.decode()
        page = re.sub(r'ld\+json">.*?</script>', "", page)  # read below, as a machine reads it
        for evil in ("<script>alert", "<img src=x", '" onmouseover', "</style><style>"):
            assert evil not in page
        assert "14" not in re.findall(r"<h1>(.*?)</h1>", page)
    told = ld(client_of(language=language).get(shop.get_absolute_url()).content.decode())
    said = HOSTILE[kind]
    assert told["name"] == said[:120]
    assert told["makesOffer"][0]["itemOffered"]["name"] == said[: 80 if language == "en" else 60]
    near = client_of().get("/nearby.geojson?near=31.2304,121.4737").json()
    assert near["features"][0]["properties"]["name"] == shop.name


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_text_neither_breaks_nor_runs_in_pictures_and_sheets(shop: Shop, kind: str) -> None:
    fill_with(shop, HOSTILE[kind])
    for shape in ("card", "poster"):
        assert len(draw(facts(shop), shape)) <= MOST_BYTES
    for name in ("poster", "hours"):
        page = sheet(shop, f"{name}/").content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
        answer = sheet(shop, f"{name}.pdf")
        assert answer.content.startswith(b"%PDF-") and b"/JavaScript" not in answer.content


def test_what_turns_a_line_around_is_not_drawn() -> None:
    assert drawable("\u202egnp.exe\u202c\u200b 青\n禾\u2066", 20) == "gnp.exe 青 禾"
    assert drawable("长" * 100, 10) == "长" * 9 + "…"
