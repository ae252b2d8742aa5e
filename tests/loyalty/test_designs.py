"""The card designer: versions back and forth, the picture's cut, what may be published, and its pages."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import translation
from PIL import Image

from loyalty import actions
from loyalty.actions.designs import HardToRead, NoPictureYet, NothingToPublish
from loyalty.look.cutting import RATIO, Crop, cut, fitted, middle, opened, pixels
from loyalty.look.designing import checks_of, draft_of
from loyalty.models import CardDesign, CardLook, CardPicture, DesignVersion, Layout, Programme
from merchants.photos import NotAPhoto
from tests.cast import client_of, make_category, make_merchant, make_shop, owner_of
from tests.loyalty.makers import make_card
from tests.merchants.pictures import picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def photo(size=(1600, 1200), colour="white", name="card.jpg"):
    return SimpleUploadedFile(name, picture(size, colour=colour), "image/jpeg")


def test_the_first_draft_suits_the_trade_and_carries_the_shops_name(merchant):
    make_shop(merchant, category=make_category("hair"))
    with translation.override("zh-hans"):
        version = draft_of(merchant).version
    assert (version.name, version.pattern, version.pk) == ("青禾理发会员卡", "scissors", None)


def test_looking_writes_nothing(merchant, owner):
    for page in ("", "picture/", "text/", "preview/"):
        assert client_of(owner).get(f"/m/{merchant.slug}/cards/design/{page}").status_code == 200
    assert not CardDesign.objects.exists()


def test_each_saved_step_is_a_version_and_a_step_without_change_is_none(merchant, owner):
    actions.save_step(merchant, by=owner, face="plum")
    actions.save_step(merchant, by=owner, face="plum")
    actions.save_step(merchant, by=owner, slogan="剪得好，回得勤")
    assert list(DesignVersion.objects.order_by("number").values_list("number", "face", "slogan")) == [
        (1, "plum", ""),
        (2, "plum", "剪得好，回得勤"),
    ]


def test_undo_and_redo_walk_along_the_versions_and_lose_none(merchant, owner):
    for face in ("plum", "sky", "tea"):
        actions.save_step(merchant, by=owner, face=face)
    assert actions.step_back(merchant, seen=3).face == "sky"
    assert actions.step_back(merchant, seen=3).face == "sky"  # the same press, sent twice
    assert actions.step_back(merchant, seen=2).face == "plum"
    assert actions.step_back(merchant, seen=1).face == "plum"  # the first one: nowhere to go
    assert actions.step_forward(merchant, seen=1).face == "sky"
    assert actions.step_forward(merchant, seen=2).face == "tea"
    assert actions.step_forward(merchant, seen=3).face == "tea"
    assert DesignVersion.objects.count() == 3


def test_a_change_after_undo_begins_a_new_branch_and_the_old_one_can_be_reached(merchant, owner):
    for face in ("plum", "sky"):
        actions.save_step(merchant, by=owner, face=face)
    actions.step_back(merchant, seen=2)
    actions.save_step(merchant, by=owner, face="rose")
    actions.step_back(merchant, seen=3)
    assert actions.step_forward(merchant, seen=1).face == "rose"
    assert actions.return_to(merchant, 2).face == "sky"


def test_versions_are_written_once(merchant, owner):
    version = actions.save_step(merchant, by=owner, face="plum")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        DesignVersion.objects.filter(pk=version.pk).update(face="sky")


def test_a_colour_that_carries_no_text_is_refused_with_one_that_does(merchant, owner):
    with pytest.raises(HardToRead) as refusal:
        actions.save_step(merchant, by=owner, face="own", base="#7b7b7b")
    assert refusal.value.fixed == "#767676"
    assert not DesignVersion.objects.exists()
    version = actions.save_step(merchant, by=owner, face="own", base=refusal.value.fixed)
    assert (version.base, version.ink) == ("#767676", "light")


def test_going_back_to_a_face_forgets_the_own_colour(merchant, owner):
    actions.save_step(merchant, by=owner, face="own", base="#ffcc00")
    assert DesignVersion.objects.get().ink == "dark"
    assert actions.save_step(merchant, by=owner, face="jade").base == ""


def test_the_database_knows_no_face_without_colour(merchant, owner):
    design = CardDesign.objects.create(merchant=merchant)
    with (
        pytest.raises(IntegrityError, match="design_version_has_a_known_face_or_its_own_colour"),
        transaction.atomic(),
    ):
        DesignVersion.objects.create(
            merchant=merchant, design=design, number=1, face="own", base="red", name="卡", by=owner
        )


def test_a_design_never_stands_on_another_merchants_version(merchant, owner):
    other = make_merchant()
    theirs = actions.save_step(other, by=owner_of(other), face="plum")
    actions.save_step(merchant, by=owner, face="sky")
    with pytest.raises(IntegrityError, match="card_design_stands_on_its_own_version"), transaction.atomic():
        CardDesign.objects.filter(merchant=merchant).update(head=theirs)


# --- the picture ---


@pytest.mark.parametrize("size", [(1600, 1200), (1000, 3000), (4000, 600), (1020, 643), (300, 300)])
@pytest.mark.parametrize("crop", [Crop(0, 0, 1000), Crop(900, 900, 300), Crop(250, 100, 500), Crop(0, 0, 1)])
def test_every_cut_lies_inside_the_picture_and_has_the_cards_shape(size, crop):
    left, top, right, bottom = pixels(size, fitted(size, crop))
    assert 0 <= left < right <= size[0] and 0 <= top < bottom <= size[1]
    assert (right - left) / (bottom - top) == pytest.approx(RATIO, rel=0.02)


def test_the_middle_is_the_largest_cut_there_is():
    assert middle((1020, 643)) == Crop(0, 0, 1000)
    left, top, _right, bottom = pixels((2000, 643), middle((2000, 643)))
    assert (bottom - top) == pytest.approx(643, abs=2) and left == pytest.approx(490, abs=2)


def test_the_picture_is_cut_where_it_was_asked(merchant, owner):
    two = Image.new("RGB", (1200, 1200), "white")
    two.paste("#203040", (600, 0, 1200, 1200))
    content = default_storage.path("two.png")
    Path(content).parent.mkdir(parents=True, exist_ok=True)
    two.save(content)
    upload = SimpleUploadedFile("two.png", Path(content).read_bytes(), "image/png")
    taken = actions.add_picture(merchant, upload, by=owner)
    right = actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken, crop=Crop(500, 200, 500))
    assert right.scrim == 20  # the dark half
    left = actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken, crop=Crop(0, 200, 500))
    assert left.scrim == 55  # the white half, darkened by itself
    assert opened(left.cut).size == (600, 378)


def test_a_picture_beside_the_text_is_not_darkened(merchant, owner):
    taken = actions.add_picture(merchant, photo(), by=owner)
    placed = actions.place_picture(merchant, Layout.SIDE, by=owner, picture=taken, scrim=40)
    assert (placed.layout, placed.scrim, placed.ink) == ("side", 0, "light")


def test_more_darkness_than_needed_may_be_asked_and_less_may_not(merchant, owner):
    taken = actions.add_picture(merchant, photo(), by=owner)
    assert actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken, scrim=70).scrim == 70
    assert actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken, scrim=10).scrim == 55


def test_the_same_file_twice_is_one_picture_and_the_same_cut_one_file(merchant, owner):
    first, second = (actions.add_picture(merchant, photo(), by=owner) for _ in range(2))
    assert first == second and CardPicture.objects.count() == 1
    assert cut(first.stem, Crop(0, 0, 900))[0] == cut(first.stem, Crop(0, 0, 900))[0]


def test_only_pixels_of_a_photo_are_kept(merchant, owner):
    with pytest.raises(NotAPhoto):
        actions.add_picture(merchant, SimpleUploadedFile("x.jpg", b"<svg/>", "image/jpeg"), by=owner)
    assert not CardPicture.objects.exists()


def test_another_merchants_picture_is_no_picture_of_ours(merchant, owner):
    other = make_merchant()
    theirs = actions.add_picture(other, photo(), by=owner_of(other))
    with pytest.raises(NoPictureYet):
        actions.place_picture(merchant, Layout.FULL, by=owner, picture=theirs)


# --- publishing ---


def test_publishing_opens_the_membership_the_first_time(merchant, owner):
    actions.save_step(merchant, by=owner, face="plum", name="青禾卡", slogan="剪得好", benefits=["生日八折"])
    look = actions.publish_design(merchant, by=owner)
    programme = Programme.objects.get(merchant=merchant)
    assert (programme.name, programme.face, programme.slogan) == ("青禾卡", "plum", "剪得好")
    assert (look.version, look.benefits, look.published_by) == (1, ["生日八折"], owner)


def test_publishing_twice_is_publishing_once(merchant, owner):
    actions.save_step(merchant, by=owner, face="plum")
    first = actions.publish_design(merchant, by=owner)
    assert actions.publish_design(merchant, by=owner).published_at == first.published_at
    assert CardLook.objects.count() == 1


def test_cards_keep_their_look_until_the_draft_is_published(merchant, owner, consumer):
    make_card(merchant, consumer)
    actions.save_step(merchant, by=owner, face="plum")
    actions.publish_design(merchant, by=owner)
    actions.save_step(merchant, by=owner, face="own", base="#ffcc00")
    page = client_of(consumer).get("/me/cards/").content.decode()
    assert 'data-face="plum"' in page and "#ffcc00" not in page
    actions.publish_design(merchant, by=owner)
    page = client_of(consumer).get("/me/cards/").content.decode()
    assert 'data-face="own"' in page and 'fill="#ffcc00"' in page and 'data-ink="dark"' in page


def test_nothing_is_published_before_anything_was_chosen(merchant, owner):
    with pytest.raises(NothingToPublish):
        actions.publish_design(merchant, by=owner)


def test_the_checks_say_what_a_reader_and_a_printer_would(merchant, owner):
    taken = actions.add_picture(merchant, photo((400, 300)), by=owner)
    version = actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken)
    assert [check.good for check in checks_of(version)] == [True, True, False]  # read, darkened, not sharp
