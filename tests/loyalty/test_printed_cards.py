"""Printed cards: numbers made once, sheets a printer can use, orders, and whose each card becomes."""

import io
import uuid
from typing import Any

import pypdf
import pypdfium2
import pytest
import zxingcpp
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from loyalty import actions
from loyalty.actions import media as verbs
from loyalty.batches import SHEETS, counted, sheets_job
from loyalty.models import Card, CardMedium, Layout, MediumState, OrderState, PrintBatch, PrintOrder
from loyalty.numbers import normalise_number
from loyalty.printing import BLEED, HEIGHT, ON_SHEET, WIDTH, corner, sheets_of
from messaging.models import Message
from orders import finding
from portal.kernel.codes import code_url, normalise_code
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.jobs import run_due
from portal.kernel.models import Code
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_merchant, make_shop, make_staff, make_user, owner_of, some_phone
from tests.loyalty.makers import make_card, make_programme
from tests.merchants.pictures import picture

pytestmark = pytest.mark.django_db
MILLIMETRE = 72 / 25.4  # points


def make_batch(merchant, quantity=3, *, key=None):
    make_programme(merchant)
    return actions.make_batch(merchant, quantity, key=key or uuid.uuid4(), by=owner_of(merchant))


def look_up(merchant, cashier, text):
    """What a scan of it puts on the counter."""
    return finding.find(merchant, text, by=cashier, moment=timezone.now(), held=finding.Basket())


def blank_of(merchant):
    return make_batch(merchant, 1).media.select_related("merchant").get()


# --- numbers ---


def test_a_batch_has_as_many_good_numbers_as_were_asked_each_with_its_code(merchant):
    batch = make_batch(merchant, 40)
    media = list(batch.media.all())
    assert len({one.number for one in media}) == len({one.token for one in media}) == 40
    assert all(normalise_number(one.number) == one.number and normalise_code(one.token) for one in media)
    assert Code.objects.filter(kind="medium", ref__in=[one.pk for one in media]).count() == 40
    assert counted(batch) == {"blank": 40, "linked": 0, "revoked": 0}


def test_the_same_request_makes_a_batch_once(merchant):
    key = uuid.uuid4()
    assert make_batch(merchant, 3, key=key) == make_batch(merchant, 3, key=key)
    assert CardMedium.objects.count() == 3
    with pytest.raises(KeyReused):
        make_batch(merchant, 4, key=key)


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_a_batch_is_between_one_and_a_thousand(merchant, quantity):
    with pytest.raises(verbs.WrongQuantity):
        make_batch(merchant, quantity)
    assert not PrintBatch.objects.exists()


def test_nobody_hoards_printed_cards(merchant, monkeypatch):
    monkeypatch.setattr(verbs, "MOST_BLANK", 5)
    make_batch(merchant, 4)
    with pytest.raises(verbs.TooManyBlank):
        make_batch(merchant, 2)


def test_a_merchant_without_a_card_prints_none(merchant, owner):
    with pytest.raises(verbs.NoMembershipYet):
        actions.make_batch(merchant, 3, key=uuid.uuid4(), by=owner)


# --- linking ---


def test_a_printed_card_given_to_a_phone_number_makes_a_member_of_whoever_has_it(merchant, cashier):
    linked = actions.link_to_phone(blank_of(merchant), some_phone(), by=cashier.user)
    assert linked.state == MediumState.LINKED and linked.linked_by == cashier.user
    assert Card.objects.get() == linked.card


def test_a_proven_phone_leads_to_the_persons_own_card(shop, merchant, consumer, cashier):
    card = make_card(merchant, consumer, points=40)
    assert actions.link_to_phone(blank_of(merchant), consumer.phone, by=cashier.user).card == card
    assert Card.objects.count() == 1


def test_linking_twice_is_linking_once_and_nobody_takes_it_over(merchant, consumer, owner):
    medium, card = blank_of(merchant), make_card(merchant, consumer)
    first = actions.link_medium(medium, card, by=owner)
    assert actions.link_medium(medium, card, by=owner).linked_at == first.linked_at
    with pytest.raises(verbs.SomebodyElses):
        actions.link_medium(medium, make_card(merchant), by=owner)


def test_the_holder_links_with_number_and_code(merchant, consumer):
    medium = blank_of(merchant)
    linked = actions.link_own(consumer, medium.number, medium.secret)
    assert linked.card.customer.user == consumer


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer(merchant, consumer):
    medium = blank_of(merchant)
    wrong = f"{(int(medium.secret) + 1) % 10**6:06d}"
    for number, secret in ((medium.number, wrong), ("621234567894", medium.secret)):
        with pytest.raises(verbs.NotThisCard):
            actions.link_own(consumer, number, secret)
    medium.refresh_from_db()
    assert medium.state == MediumState.BLANK


def test_codes_can_not_be_tried_through(merchant, consumer):
    medium = blank_of(merchant)
    wrong = f"{(int(medium.secret) + 1) % 10**6:06d}"
    for _ in range(10):
        with pytest.raises(verbs.NotThisCard):
            actions.link_own(consumer, medium.number, wrong)
    with pytest.raises(verbs.TypedTooOften):
        actions.link_own(consumer, medium.number, medium.secret)


def test_the_database_keeps_a_printed_card_with_its_merchants_cards(merchant, consumer):
    theirs = make_card(make_merchant(), consumer)
    medium = blank_of(merchant)
    with (
        pytest.raises(IntegrityError, match="medium_stands_for_a_card_of_its_merchant"),
        transaction.atomic(),
    ):
        CardMedium.objects.filter(pk=medium.pk).update(
            card=theirs, state="linked", linked_at="2026-11-22T12:00:00Z"
        )


def test_a_card_in_use_without_a_card_is_refused_by_the_database(merchant):
    medium = blank_of(merchant)
    with pytest.raises(IntegrityError, match="medium_in_use_has_a_card"), transaction.atomic():
        CardMedium.objects.filter(pk=medium.pk).update(state="linked")


# --- at the counter ---


def test_the_counter_finds_the_member_by_a_printed_card(shop, merchant, consumer, cashier):
    card = make_card(merchant, consumer, points=40)
    medium = actions.link_medium(blank_of(merchant), card, by=cashier.user)
    for text in (medium.token, medium.number, f"{code_url(medium.token)}", medium.number_in_groups):
        assert look_up(merchant, cashier.user, text).card == card


def test_a_blank_card_at_the_counter_leads_to_linking_it(shop, merchant, cashier):
    medium = blank_of(merchant)
    page = client_of(cashier.user, language="en").post(
        f"/m/{merchant.slug}/counter/find/", {"code": medium.number}
    )
    assert f"/m/{merchant.slug}/cards/link/?number={medium.number}" in page.content.decode()


def test_a_revoked_card_is_refused_with_a_sentence_and_the_member_card_goes_on(
    shop, merchant, consumer, cashier
):
    card = make_card(merchant, consumer)
    medium = actions.link_medium(blank_of(merchant), card, by=cashier.user)
    actions.revoke_medium(medium, by=consumer)
    page = client_of(cashier.user, language="en").post(
        f"/m/{merchant.slug}/counter/find/", {"code": medium.number}
    )
    assert "revoked and works nowhere" in page.content.decode()
    assert look_up(merchant, cashier.user, card.number).card == card
    assert not Code.objects.filter(token=medium.token).exists()


def test_another_merchants_printed_card_is_unknown(shop, merchant, cashier):
    medium = blank_of(make_merchant())
    page = client_of(cashier.user, language="en").post(
        f"/m/{merchant.slug}/counter/find/", {"code": medium.number}
    )
    assert "No card or coupon of this shop" in page.content.decode()


def test_the_square_leads_each_person_where_they_need_to_go(shop, merchant, consumer, cashier):
    medium = blank_of(merchant)
    goes = lambda user: client_of(user).get(f"/q/{medium.token}").headers["Location"]  # noqa: E731
    assert goes(consumer) == f"/me/cards/link/?number={medium.number}"
    assert goes(cashier.user).startswith(f"/m/{merchant.slug}/counter/?code=")
    card = actions.link_own(consumer, medium.number, medium.secret).card
    assert goes(consumer) == f"/me/cards/{card.token}/"
    assert goes(make_user()) == f"/s/{shop.slug}/card/"


# --- its holder ---


def test_the_holder_sees_the_printed_card_is_told_and_revokes_it(merchant, consumer):
    medium = blank_of(merchant)
    card = actions.link_own(consumer, medium.number, medium.secret).card
    deliver_due()
    assert Message.objects.filter(person=consumer, kind="loyalty.medium_linked").count() == 1
    browser = client_of(consumer, language="en")
    assert medium.number_in_groups in browser.get(f"/me/cards/{card.token}/").content.decode()
    for _ in range(2):
        assert browser.post(f"/me/cards/{card.token}/media/{medium.pk}/revoke/").status_code == 302
    deliver_due()
    medium.refresh_from_db()
    assert (medium.state, medium.revoked_by) == (MediumState.REVOKED, consumer)
    assert Message.objects.filter(person=consumer, kind="loyalty.medium_revoked").count() == 1


def test_nobody_revokes_what_is_not_theirs(merchant, consumer, stranger):
    medium = blank_of(merchant)
    card = actions.link_own(consumer, medium.number, medium.secret).card
    answer = client_of(stranger).post(f"/me/cards/{card.token}/media/{medium.pk}/revoke/")
    medium.refresh_from_db()
    assert answer.status_code == 404 and medium.state == MediumState.LINKED


# --- orders ---


@pytest.fixture
def order(merchant, owner):
    return actions.ask_for_print(make_batch(merchant), address="人民路 1 号", by=owner)


def test_an_order_goes_its_way_and_the_merchant_hears_of_each_step(order, owner):
    clerk = make_user()
    for state in (OrderState.PRINTING, OrderState.SENT):
        actions.move_order(order, state, by=clerk)
    actions.move_order(order, OrderState.RECEIVED, by=owner)
    deliver_due()
    kinds = set(Message.objects.filter(person=owner).values_list("kind", flat=True))
    assert {"loyalty.print_order_printing", "loyalty.print_order_sent"} <= kinds
    order.refresh_from_db()
    assert order.state == OrderState.RECEIVED


ALLOWED = {
    ("requested", "printing"), ("requested", "refused"), ("printing", "sent"), ("printing", "refused"),
    ("sent", "received"),
}  # fmt: skip


@pytest.mark.parametrize("to", OrderState)
@pytest.mark.parametrize("start", OrderState)
def test_only_these_moves_are_allowed(order, owner, start, to):
    PrintOrder.objects.filter(pk=order.pk).update(state=start, reason="no")
    if start == to or (start.value, to.value) in ALLOWED:
        assert actions.move_order(order, to, by=owner, reason="no").state == to
    else:
        with pytest.raises(verbs.CantMove):
            actions.move_order(order, to, by=owner, reason="no")


def test_a_refusal_says_why(order, owner):
    with pytest.raises(verbs.SayWhy):
        actions.move_order(order, OrderState.REFUSED, by=owner, reason=" ")
    with pytest.raises(IntegrityError, match="refused_print_order_says_why"), transaction.atomic():
        PrintOrder.objects.filter(pk=order.pk).update(state="refused")


def test_staff_move_an_order_from_its_page_and_see_only_what_may_follow(order, settings):
    settings.STAFF_MFA_REQUIRED = False
    clerk = make_user(is_staff=True, is_superuser=True)
    browser, page = client_of(clerk, language="en"), f"/staff/loyalty/printorder/{order.pk}/change/"
    shown = browser.get(page).content.decode()
    assert 'value="printing"' in shown and 'value="refused"' in shown and 'value="received"' not in shown
    assert browser.post(page, {"move": "refused", "because": ""}).status_code == 200  # asks why
    assert browser.post(page, {"move": "printing"}).status_code == 302
    order.refresh_from_db()
    assert (order.state, order.moved_by) == ("printing", clerk)
    queue = browser.get("/staff/loyalty/printorder/").content.decode()
    assert "人民路 1 号" in queue
    assert "Orders of printed cards" in browser.get("/staff/").content.decode()


def test_a_batch_is_ordered_once(order, owner):
    assert actions.ask_for_print(order.batch, address="elsewhere", by=owner) == order


# --- sheets ---


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
    assert texts[0].count("剪得好，回得勤") == ON_SHEET and texts[2].count("剪得好，回得勤") == 1
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
    left, top = corner(0)
    assert (WIDTH, HEIGHT) == (85.6, 54.0)
    assert at(left - BLEED + 0.3, top + HEIGHT / 2) != (255, 255, 255)  # bleed
    assert at(left - BLEED - 0.3, top + HEIGHT / 2) == (255, 255, 255)  # and no more
    marks = [at(left - BLEED - 1, top + shift / 20) for shift in range(-6, 7)]
    assert min(sum(colour) for colour in marks) < 500  # the knife's line is there


def test_the_picture_of_the_card_is_printed_and_darkened_under_its_text(merchant, owner, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    white = SimpleUploadedFile("shop.jpg", picture((1600, 1200), colour="white"), "image/jpeg")
    taken = actions.add_picture(merchant, white, by=owner)
    look = actions.place_picture(merchant, Layout.FULL, by=owner, picture=taken)
    media = list(make_batch(merchant, 1).media.all())
    page = pypdfium2.PdfDocument(sheets_of(look, merchant, media, lambda done: None))[0]
    left, top = corner(0)
    at = round((left + 70) * MILLIMETRE * 5), round((top + 40) * MILLIMETRE * 5)
    assert rendered(page).convert("RGB").getpixel(at) == pytest.approx(
        (115, 115, 115), abs=3
    )  # 45 % of white


def test_the_same_sheets_are_drawn_once(merchant, owner):
    batch = make_batch(merchant, 1)
    first = sheets_job(batch, by=owner)
    assert sheets_job(batch, by=owner) == first
    assert first.kind == SHEETS


# --- its pages ---


def test_from_the_page_to_the_order_without_scripts(merchant, owner):
    make_programme(merchant)
    browser, home = client_of(owner, language="en"), f"/m/{merchant.slug}/cards/print"
    sent = browser.post(f"{home}/", {"key": str(uuid.uuid4()), "quantity": "16"})
    token = PrintBatch.objects.get().token
    assert sent.headers["Location"] == f"{home}/{token}/"
    assert "16 printed cards" in browser.get(f"{home}/{token}/").content.decode()
    assert browser.post(f"{home}/{token}/order/", {"address": ""}).status_code == 422
    browser.post(f"{home}/{token}/order/", {"address": "人民路 1 号"})
    assert "Requested" in browser.get(f"{home}/{token}/").content.decode()
    assert "/jobs/" in browser.post(f"{home}/{token}/sheets/").headers["Location"]


def test_the_cashier_links_from_the_page(merchant, cashier, consumer):
    medium, browser = blank_of(merchant), client_of(cashier.user, language="en")
    page = f"/m/{merchant.slug}/cards/link/"
    assert browser.post(page, {"number": medium.number}).status_code == 422  # whose?
    assert browser.post(page, {"number": "621234567894", "phone": consumer.phone}).status_code == 422
    done = browser.post(page, {"number": medium.number_in_groups, "phone": consumer.phone}, follow=True)
    assert "now belongs to 张女士" in done.content.decode()


def test_cashiers_make_no_batches(merchant):
    make_programme(merchant)
    cashier = make_staff(merchant).user
    answer = client_of(cashier).post(
        f"/m/{merchant.slug}/cards/print/", {"key": str(uuid.uuid4()), "quantity": "5"}
    )
    assert answer.status_code == 403 and not PrintBatch.objects.exists()


def test_the_list_of_batches_asks_the_same_for_many(merchant, owner):
    browser, page = client_of(owner), f"/m/{merchant.slug}/cards/print/"
    make_shop(merchant)

    def asked() -> int:
        browser.get(page)
        with CaptureQueriesContext(connection) as queries:
            browser.get(page)
        return len(queries)

    for _ in range(3):
        make_batch(merchant, 1)
    few = asked()
    for _ in range(30):
        make_batch(merchant, 1)
    assert asked() == few


def reported(code: str) -> list[Any]:
    return next(one for one in all_invariants() if one.code == code).broken()[1]


@pytest.mark.sabotages("I101", "I102")
def test_the_checker_names_cards_that_nobody_can_scan_and_numbers_on_two_cards(
    merchant, consumer, books_balance
):
    medium, card = blank_of(merchant), make_card(merchant, consumer)
    books_balance()
    Code.objects.filter(token=medium.token).delete()
    assert reported("I101") == [medium.pk]
    CardMedium.objects.filter(pk=medium.pk).update(number=card.number)
    assert reported("I102") == [medium.pk]
