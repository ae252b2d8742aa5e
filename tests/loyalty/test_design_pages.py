"""The designer's pages: each step works without scripts, and nobody else designs."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from loyalty import actions
from loyalty.models import CardLook, DesignVersion, Layout, Programme
from merchants.photos import path_of
from portal.kernel.invariants import all_invariants
from tests.cast import client_of, make_merchant, make_shop, make_staff, make_user
from tests.loyalty.makers import make_card, make_programme
from tests.merchants.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(size=(1600, 1200), colour="white", name="card.jpg"):
    return SimpleUploadedFile(name, picture(size, colour=colour), "image/jpeg")


def test_without_scripts_the_steps_lead_from_one_to_the_next(merchant, owner):
    browser, home = client_of(owner, language="en"), f"/m/{merchant.slug}/cards"
    assert browser.get(f"{home}/").headers["Location"] == f"{home}/design/"
    sent = browser.post(f"{home}/design/", {"face": "rose", "pattern": "cup"})
    assert sent.headers["Location"] == f"{home}/design/picture/"
    sent = browser.post(f"{home}/design/picture/", {"upload": "1", "picture": photo()}, follow=True)
    assert "We darkened the picture by 55 %" in sent.content.decode()
    placed = {"layout": "side", "x": "0", "y": "100", "width": "800", "scrim": "0"}
    assert browser.post(f"{home}/design/picture/", placed).headers["Location"] == f"{home}/design/text/"
    words = {"name": "Qinghe card", "slogan": "Cut well", "benefit_1": "A free wash", "number_style": "last"}
    assert browser.post(f"{home}/design/text/", words).headers["Location"] == f"{home}/design/preview/"
    assert browser.post(f"{home}/design/publish/").headers["Location"] == f"{home}/issue/"
    look = CardLook.objects.get(merchant=merchant)
    assert (look.face, look.layout, look.number_style) == ("rose", "side", "last")
    assert Programme.objects.get().name == "Qinghe card"


def test_a_refused_colour_keeps_the_words_and_offers_the_fix(merchant, owner):
    browser, page = client_of(owner, language="en"), f"/m/{merchant.slug}/cards/design/text/"
    words = {"name": "Qinghe card", "number_style": "groups", "own": "on", "base": "#7b7b7b"}
    answer = browser.post(page, words)
    said = answer.content.decode()
    assert answer.status_code == 422 and "Qinghe card" in said and "Fix it: use #767676" in said
    fixed = browser.post(page, words | {"base": ["#7b7b7b", "#767676"]})  # the button comes after the field
    assert fixed.status_code == 302 and DesignVersion.objects.get().base == "#767676"


@pytest.mark.parametrize("view", ["light", "dark", "large", "wallet", "counter", "print", "grey", "nonsense"])
def test_every_preview_shows_the_same_card(merchant, owner, view):
    actions.save_step(merchant, by=owner, face="plum", slogan="剪得好")
    page = client_of(owner).get(f"/m/{merchant.slug}/cards/design/preview/?as={view}").content.decode()
    assert 'data-face="plum"' in page and "剪得好" in page


def test_cashiers_design_nothing(merchant):
    cashier = make_staff(merchant).user
    answer = client_of(cashier).post(f"/m/{merchant.slug}/cards/design/", {"face": "plum", "pattern": "cup"})
    assert answer.status_code == 403 and not DesignVersion.objects.exists()


def test_benefits_are_read_where_people_get_the_card(merchant, owner):
    shop = make_shop(merchant)
    make_programme(merchant)
    actions.save_step(merchant, by=owner, benefits=["生日当天八折", "十次送一次"])
    actions.publish_design(merchant, by=owner)
    page = client_of().get(f"/s/{shop.slug}/card/").content.decode()
    assert "生日当天八折" in page and "十次送一次" in page


def test_the_wallet_asks_no_more_for_designed_cards(merchant, owner, consumer):
    make_card(merchant, consumer)
    browser = client_of(consumer)
    browser.get("/me/cards/")
    with CaptureQueriesContext(connection) as plain:
        browser.get("/me/cards/")
    actions.save_step(merchant, by=owner, face="plum")
    actions.publish_design(merchant, by=owner)
    for _ in range(5):
        make_card(make_merchant(make_user()), consumer)
    with CaptureQueriesContext(connection) as designed:
        browser.get("/me/cards/")
    assert len(designed) == len(plain)


def test_the_page_of_versions_asks_the_same_for_many(merchant, owner):
    browser, page = client_of(owner), f"/m/{merchant.slug}/cards/design/preview/"
    for face in ("plum", "sky"):
        actions.save_step(merchant, by=owner, face=face)
    browser.get(page)
    with CaptureQueriesContext(connection) as few:
        browser.get(page)
    for number in range(60):
        actions.save_step(merchant, by=owner, slogan=str(number))
    with CaptureQueriesContext(connection) as many:
        browser.get(page)
    assert len(many) == len(few)


def test_files_of_a_cut_are_there_in_every_width(merchant, owner):
    taken = actions.add_picture(merchant, photo(), by=owner)
    placed = actions.place_picture(merchant, Layout.SIDE, by=owner, picture=taken)
    assert all(default_storage.exists(path_of(placed.cut, width)) for width in (96, 192, 384, 768, 1280))


@pytest.mark.sabotages("I103")
def test_the_checker_names_a_look_that_nobody_designed(merchant, owner, books_balance):
    actions.save_step(merchant, by=owner, face="plum")
    look = actions.publish_design(merchant, by=owner)
    books_balance()
    CardLook.objects.filter(pk=look.pk).update(version=99)
    assert next(one for one in all_invariants() if one.code == "I103").broken()[1] == [look.pk]
