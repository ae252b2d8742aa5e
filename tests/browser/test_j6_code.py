"""J6: the member code is one tap away, new each minute, and needs no network."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from loyalty.actions.codes import shown_by
from loyalty.models import Card, CardKey
from merchants.models import Shop
from portal.home.web import pwa
from portal.kernel.codes import split_code
from portal.kernel.models import User
from tests.browser.taps import Taps
from tests.browser.test_messages import installed
from tests.browser.test_offline import settled
from tests.loyalty.makers import make_card

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
VECTORS = json.loads((Path(__file__).parent.parent / "loyalty" / "code_vectors.json").read_text())
SIGN = """async (rows) => {
    const { proofOf } = await import("/static/js/code.js");
    return Promise.all(rows.map(async ({ secret, token, minute }) => {
        const raw = Uint8Array.from(atob(secret), (char) => char.charCodeAt(0));
        const hmac = { name: "HMAC", hash: "SHA-256" };
        return proofOf(await crypto.subtle.importKey("raw", raw, hmac, false, ["sign"]), token, minute);
    }));
}"""
KEPT = """async () => {
    const opened = await new Promise((done) => {
        const asked = indexedDB.open("card-codes");
        asked.onsuccess = () => done(asked.result);
    });
    if (!opened.objectStoreNames.contains("keys")) return [];
    const all = opened.transaction("keys").objectStore("keys").getAll();
    const rows = await new Promise((done) => { all.onsuccess = () => done(all.result); });
    opened.close();
    return Promise.all(rows.map(async ({ key }) =>
        [key.extractable, await crypto.subtle.exportKey("raw", key).then(() => "told", () => "kept")]));
}"""
READ = """async () => {
    const there = "/static/vendor/barcode-detector";
    const { BarcodeDetector, prepareZXingModule } = await import(`${there}/barcode-detector.js`);
    const found = (name, at) => (name.endsWith(".wasm") ? `${there}/zxing_reader.wasm` : at + name);
    prepareZXingModule({ overrides: { locateFile: found } });
    const picture = new Image(), canvas = document.createElement("canvas");
    const svg = document.querySelector(".qr-sheet-code svg").cloneNode(true);
    for (const side of ["width", "height"]) svg.setAttribute(side, "330");
    picture.src = `data:image/svg+xml,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
    await picture.decode();
    canvas.width = canvas.height = 330;
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, 330, 330);
    pen.drawImage(picture, 0, 0);
    const [code] = await new BarcodeDetector({ formats: ["qr_code"] }).detect(canvas);
    return code?.rawValue;
}"""


@pytest.fixture(autouse=True)
def _fresh_worker() -> None:
    pwa._worker_once.cache_clear()


@pytest.fixture
def card(shop: Shop, consumer: User) -> Card:
    return make_card(shop.merchant, consumer, points=300)


def drawn(page: Page) -> str:
    """What the code on the phone says, once the phone has drawn it."""
    page.locator("[data-code][data-shows]").wait_for()
    return page.locator("[data-code]").get_attribute("data-shows") or ""


def is_good(card: Card, text: str) -> bool:
    token, proof = split_code(text)
    return token == card.token and shown_by(card, proof, moment=timezone.now()) is not None


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_code_is_one_tap_from_the_cards(
    visit: Any, violations: Any, card: Card, consumer: User, language: str
) -> None:
    page, taps = visit("/me/cards/", user=consumer, language=language), Taps()
    taps.tap(page.get_by_role("link", name={"en": "Show the code", "zh-hans": "出示会员码"}[language]))
    expect(page.locator(".qr-sheet-number")).to_have_text(card.number_in_groups)
    assert is_good(card, drawn(page))
    expect(page.locator("[data-turns]")).to_have_text(re.compile(r"\d"))
    assert taps.count == 1
    assert violations(page) == []


def test_phone_and_portal_sign_alike(visit: Any, card: Card, consumer: User) -> None:
    page = visit(f"/me/cards/{card.token}/code/", user=consumer)
    assert page.evaluate(SIGN, VECTORS) == [row["proof"] for row in VECTORS]


def test_the_tills_scanner_reads_what_the_phone_draws(visit: Any, card: Card, consumer: User) -> None:
    page = visit(f"/me/cards/{card.token}/code/", user=consumer)
    said = drawn(page)
    assert page.evaluate(READ) == said
    assert is_good(card, said)


def test_no_script_can_read_the_key_and_signing_out_takes_it_away(
    visit: Any, card: Card, consumer: User
) -> None:
    page = visit(f"/me/cards/{card.token}/code/", user=consumer, language="en", service_workers="allow")
    installed(page)
    drawn(page)
    assert page.evaluate(KEPT) == [[False, "kept"]]
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="Sign out").last.click()
    page.wait_for_url("**/")
    page.wait_for_function(
        "async () => !(await indexedDB.databases()).some(({ name }) => name === 'card-codes')"
    )


def test_in_airplane_mode_the_code_is_there_with_its_number_and_good(
    visit: Any, card: Card, consumer: User
) -> None:
    path = f"/me/cards/{card.token}/code/"
    page = visit("/me/cards/", user=consumer, language="en", service_workers="allow")
    installed(page)
    page.goto(path)
    drawn(page)
    settled(page, path)
    page.context.set_offline(True)
    page.goto(path)
    expect(page.locator("[data-as-of]")).to_contain_text("No connection")
    expect(page.locator(".qr-sheet-number")).to_have_text(card.number_in_groups)
    assert is_good(card, drawn(page))
    page.context.set_offline(False)
    assert CardKey.objects.count() == 1


def test_a_phone_whose_clock_is_hours_wrong_shows_a_good_code(visit: Any, card: Card, consumer: User) -> None:
    page = visit("/me/cards/", user=consumer)
    page.clock.install(time=page.evaluate("Date.now()") / 1000 + 3 * 3600)
    page.goto(f"/me/cards/{card.token}/code/")
    assert is_good(card, drawn(page))


def test_a_phone_that_was_taken_off_asks_for_a_new_key(visit: Any, card: Card, consumer: User) -> None:
    path = f"/me/cards/{card.token}/code/"
    page = visit(path, user=consumer, language="en")
    first = drawn(page)
    page.goto(f"/me/cards/{card.token}/pin/")
    page.get_by_role("button", name="Take off").click()
    expect(page.get_by_text("good for nothing")).to_be_visible()
    assert not is_good(card, first)
    page.goto(path)
    assert is_good(card, drawn(page))
    assert CardKey.objects.live().count() == 1
