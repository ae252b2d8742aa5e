"""Members brought along from an old list: once, exactly, and back again."""

import uuid
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from django.utils import timezone

from loyalty import actions
from loyalty.actions import importing as verbs
from loyalty.actions.care import freeze
from loyalty.importing.report import rows_to_mend
from loyalty.importing.sums import sums_of
from loyalty.models import (
    Brought,
    Card,
    Entry,
    ImportRow,
    ImportState,
    ValueKind,
)
from merchants.models import Customer, Role
from messaging.models import ConsentEntry, Message
from portal.kernel import events, jobs
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_customer, make_staff, make_user, owner_of
from tests.loyalty.lists import HEAD, address, bring, check, csv_file, people, taken_back, upload
from tests.loyalty.makers import balance, give, holds, make_card, make_programme

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def programme(shop):
    return make_programme(shop.merchant)


def test_members_come_with_their_points_their_names_and_their_day(shop, books_balance):
    batch = bring(shop.merchant, csv_file(["13800138000", "张女士", "A1", 120, "2024-05-01"]))
    card = Card.objects.in_full().get()
    assert (card.points, str(card.customer), card.customer.phone) == (120, "张女士", "+8613800138000")
    assert (
        timezone.localtime(card.joined_at, timezone.get_fixed_timezone(480)).date().isoformat()
        == "2024-05-01"
    )
    assert (card.customer.source, card.last_used_at, card.brought.number) == ("import", None, "A1")
    entry = Entry.objects.get()
    assert (entry.kind, entry.document, entry.by) == (
        "opening",
        f"import:{batch.pk}",
        owner_of(shop.merchant),
    )
    assert batch.counts == {"new": 1}
    books_balance()


def test_the_file_and_the_ledger_agree_and_the_page_says_so(shop):
    give(make_card(shop.merchant), 40)
    batch = bring(shop.merchant, csv_file(*people(3, points=100), ["12", "", "", 7, ""]))
    (points,) = sums_of(batch)
    assert (points.file, points.mend, points.due, points.ledger) == (307, 7, 300, 300)
    assert (points.before, points.after, points.meanwhile, points.agrees) == (40, 340, 0, True)
    page = client_of(owner_of(shop.merchant), language="en").get(address(batch)).content.decode()
    assert "The file says 300, the ledger says 300." in page


def test_money_comes_apart_as_paid_in_and_as_bonus_and_agrees_to_the_fen(shop, books_balance):
    head = ["手机号", "姓名", "积分", "账户余额", "赠送余额"]
    rows = [["13800138000", "张", 5, "1,0234.5", 20], ["13800138001", "李", "", "¥2105.50", "0.01"]]
    batch = bring(shop.merchant, csv_file(*[[f'"{cell}"' for cell in row] for row in rows], head=head))
    card = Card.objects.get(customer__phone_tail="8000")
    assert (holds(card, ValueKind.PRINCIPAL), holds(card, ValueKind.BONUS)) == (1023450, 2000)
    sums = {one.kind: (one.file, one.ledger, one.agrees) for one in sums_of(batch)}
    assert sums["principal"] == (1234000, 1234000, True)
    assert sums["bonus"] == (2001, 2001, True)
    page = client_of(owner_of(shop.merchant), language="en").get(address(batch)).content.decode()
    assert "The file says ¥12,340.00, the ledger says ¥12,340.00." in page
    taken_back(batch)
    assert holds(card, ValueKind.PRINCIPAL) == 0
    books_balance()


def test_the_page_says_what_would_come_before_anything_does(shop):
    batch = check(upload(shop.merchant, csv_file(*people(2))))
    for language, said in (("en", "Import 2 members"), ("zh-hans", "导入 2 位会员")):
        answer = client_of(owner_of(shop.merchant), language=language).get(address(batch))
        assert answer.status_code == 200
        assert said in answer.content.decode()


def test_nothing_is_written_before_somebody_confirms(shop):
    batch = check(upload(shop.merchant, csv_file(*people(3))))
    assert (batch.state, batch.counts) == (ImportState.CHECKED, {"new": 3})
    assert not Card.objects.exists()
    assert not Customer.objects.exists()


def test_the_dry_run_tells_new_from_known_from_changed_from_bad(shop):
    known, given = make_customer(shop.merchant, phone="+8613800138001"), make_user(phone="+8613800138002")
    for who in (known, given):
        actions.join(make_programme(shop.merchant), who, by=owner_of(shop.merchant))
    rows = [
        ["13800138000", "新", "", 5, ""],
        ["13800138001", "", "", 0, ""],
        ["13800138002", "", "", 9, ""],
        ["1380013", "短", "", 9, ""],
    ]
    batch = check(upload(shop.merchant, csv_file(*rows)))
    assert batch.counts == {"new": 1, "known": 1, "change": 1, "bad": 1}


def test_the_same_file_is_not_brought_in_twice(shop):
    content = csv_file(*people(2))
    batch = bring(shop.merchant, content)
    with pytest.raises(
        verbs.BroughtAlready, match=timezone.localtime(batch.confirmed_at).strftime("%Y-%m-%d")
    ):
        upload(shop.merchant, content)


def test_two_uploads_of_one_file_that_are_confirmed_at_once_bring_it_once(shop):
    content = csv_file(*people(2))
    first, second = (check(upload(shop.merchant, content)) for _ in range(2))
    actions.confirm_import(first, by=first.by)
    with pytest.raises(verbs.BroughtAlready):
        actions.confirm_import(second, by=second.by)
    jobs.run_due()
    assert Entry.objects.count() == 2


def test_another_file_with_the_same_people_puts_nothing_on_their_cards_again(shop, books_balance):
    bring(shop.merchant, csv_file(*people(2)))
    again = bring(shop.merchant, csv_file(*people(3)))
    assert again.counts == {"known": 2, "new": 1}
    assert [balance(card) for card in Card.objects.all()] == [10, 10, 10]
    (points,) = sums_of(again)
    assert (points.left_out, points.ledger) == (20, 10)
    books_balance()


def test_somebody_who_joined_by_themselves_gets_what_the_list_says(shop):
    person = make_user(phone="+8613900000000", name="自己")
    card = make_card(shop.merchant, person, points=3)
    bring(shop.merchant, csv_file(*people(1)))
    assert (balance(card), Card.objects.count(), Customer.objects.count()) == (13, 1, 1)
    assert Customer.objects.get().name == "自己"


def test_whoever_signs_in_with_a_phone_of_the_list_finds_the_card(shop):
    from merchants.actions import link_customers

    bring(shop.merchant, csv_file(*people(1)))
    person = make_user(phone="+8613900000000")
    assert link_customers(person) == 1
    assert "10" in client_of(person).get("/me/cards/").content.decode()


def test_nobody_on_the_list_is_written_to_or_has_agreed_to_anything(shop):
    bring(shop.merchant, csv_file(*people(3)))
    events.deliver_due()
    told = Message.objects.exclude(person=owner_of(shop.merchant))
    assert not told.exists()
    assert not ConsentEntry.objects.exists()
    assert Message.objects.filter(kind="loyalty.imported").count() == 1


def test_a_member_without_a_phone_is_found_by_the_number_on_the_old_card(shop):
    bring(shop.merchant, csv_file(["", "老李", "VIP-7", 8, ""]))
    again = check(upload(shop.merchant, csv_file(["", "老李", "VIP-7", 9, ""])))
    assert again.counts == {"known": 1}
    assert Brought.objects.get().card.customer.phone is None


def test_a_frozen_card_and_ones_own_get_nothing(shop):
    owner = owner_of(shop.merchant)
    frozen = make_card(shop.merchant, make_user(phone="+8613800138001"))
    freeze(frozen, by=owner)
    rows = [["13800138001", "", "", 5, ""], [owner.phone, "", "", 5, ""]]
    batch = check(upload(shop.merchant, csv_file(*rows)))
    assert [row.reasons[0][0] for row in ImportRow.objects.order_by("number")] == ["frozen", "own"]
    with pytest.raises(verbs.NothingToBring):
        actions.confirm_import(batch, by=owner)


def test_a_card_frozen_after_the_check_is_left_out_and_said_to_be(shop):
    card = make_card(shop.merchant, make_user(phone="+8613900000000"))
    batch = check(upload(shop.merchant, csv_file(*people(2))))
    freeze(card, by=owner_of(shop.merchant))
    actions.confirm_import(batch, by=batch.by)
    jobs.run_due()
    batch.refresh_from_db()
    assert (batch.state, batch.counts, balance(card)) == (ImportState.DONE, {"bad": 1, "new": 1}, 0)


def test_a_manager_cannot_go_round_the_limit_of_adjusting(shop, settings):
    settings.MANAGER_ADJUSTS_A_DAY = 15
    manager = make_staff(shop.merchant, Role.MANAGER).user
    batch = check(upload(shop.merchant, csv_file(*people(2)), by=manager))
    with pytest.raises(verbs.OwnerDecides):
        actions.confirm_import(batch, by=manager)
    small = check(upload(shop.merchant, csv_file(*people(1)), by=manager))
    assert actions.confirm_import(small, by=manager).state == ImportState.IMPORTING
    cashier = make_staff(shop.merchant, Role.CASHIER).user
    with pytest.raises(verbs.NotYourImport):
        actions.confirm_import(batch, by=cashier)


def test_a_request_key_uploads_once(shop):
    key, owner = uuid.uuid4(), owner_of(shop.merchant)
    facts: dict[str, Any] = {"name": "a.csv", "by": owner, "key": key}
    first = actions.upload_members(shop.merchant, csv_file(*people(1)), **facts)
    assert actions.upload_members(shop.merchant, csv_file(*people(1)), **facts) == first
    with pytest.raises(KeyReused):
        actions.upload_members(shop.merchant, csv_file(*people(2)), **facts)


def test_the_rows_to_mend_come_as_a_workbook_that_can_be_mended_and_uploaded(shop):
    rows = [["12", "=cmd|x", "-A1", 5, ""], ["13800138000", "ok", "", 1, ""]]
    batch = check(upload(shop.merchant, csv_file(*rows)))
    content = rows_to_mend(batch, list(HEAD))
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][2:] == HEAD
    assert cells[1][1:5] == ["2", "12", "=cmd|x", "-A1"]
    assert all(
        cell.data_type == "s" and cell.quotePrefix for row in sheet.iter_rows() for cell in row if cell.value
    )
    sheet.cell(2, 3).value = "13800138009"
    out = BytesIO()
    sheet.parent.save(out)
    mended = check(upload(shop.merchant, out.getvalue(), name="mended.xlsx"))
    assert mended.counts == {"new": 1}
    assert ImportRow.objects.get(batch=mended).points == 5
