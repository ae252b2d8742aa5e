"""Disputes with both sides, codes to the listing's own phone, papers as evidence, and suspension."""

import re
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from coupons.actions import claim_coupon
from coupons.actions.claims import NotClaimable
from merchants import actions
from merchants.actions import proving
from merchants.actions.claims import HistoryInTheWay, ReasonMissing
from merchants.actions.evidence import NotAPdf
from merchants.actions.proving import CodesUsedUp, NoPhoneToTry, WrongClaimCode, phone_to_try
from merchants.actions.suspending import SuspensionNeedsReason
from merchants.models import ClaimState, ListingClaim, Merchant, Shop, Suspension
from messaging.models import Message
from portal.kernel.models import User
from tests import cast
from tests.consumers.makers import make_purchase
from tests.coupons.makers import make_coupon_programme
from tests.merchants.pictures import upload

SAID = "营业执照上是我的名字"
EVIL = "<script>alert(1)</script>{{ 7*7 }}"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def listing(db: None) -> Shop:
    shop = cast.make_listing(name="阳光洗衣店", merchant=cast.make_merchant())
    Shop.objects.filter(pk=shop.pk).update(phone="021 6234 5678; 138 0013 8000")
    shop.refresh_from_db()
    return shop


@pytest.fixture
def clerk(db: None) -> User:
    clerk = cast.make_user(name="审核员", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="merchants"))
    return clerk


# --- disputes ---


def test_a_second_claimant_opens_a_dispute_in_which_both_are_heard(
    shop: Shop, owner: User, stranger: User, clerk: User
) -> None:
    browser = cast.client_of(stranger)
    assert browser.post(f"/s/{shop.slug}/claim/", {"said": f"{SAID}{EVIL}"}).status_code == 302
    claim = ListingClaim.objects.get()
    assert claim.against == shop.merchant
    assert Message.objects.get(person=owner).url == f"/m/{shop.merchant.slug}/disputes/"
    desk = cast.client_of(owner)
    page = desk.get(f"/m/{shop.merchant.slug}/disputes/").content.decode()
    assert SAID in page and EVIL not in page
    for _again in range(2):
        form = {"claim": str(claim.pk), "said": "我在这里开了十年"}
        assert desk.post(f"/m/{shop.merchant.slug}/disputes/", form).status_code == 302
    seen = cast.client_of(clerk).get(f"/staff/merchants/listingclaim/{claim.pk}/change/").content.decode()
    assert SAID in seen and "我在这里开了十年" in seen and EVIL not in seen


def test_a_won_dispute_moves_the_shop_and_tells_the_loser_why(
    shop: Shop, owner: User, stranger: User, clerk: User
) -> None:
    claim = actions.claim_listing(shop, by=stranger, said=SAID)
    with pytest.raises(ReasonMissing):
        actions.decide_claim(claim, approve=True, by=clerk)
    actions.decide_claim(claim, approve=True, by=clerk, reason="执照属实")
    shop.refresh_from_db()
    assert shop.merchant == claim.merchant and shop.is_listed
    told = Message.objects.filter(person=owner).order_by("pk").last()
    assert told and told.kind == "merchants.listing_taken" and told.params["reason"] == "执照属实"


def test_the_winner_of_a_dispute_over_a_claimed_listing_is_its_only_holder(
    listing: Shop, stranger: User, clerk: User
) -> None:
    first = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    actions.decide_claim(first, approve=True, by=clerk)
    second = actions.claim_listing(listing, by=stranger, said=SAID)
    actions.decide_claim(second, approve=True, by=clerk, reason="执照属实")
    first.refresh_from_db()
    assert first.state == ClaimState.OVERTURNED
    assert ListingClaim.objects.get(state=ClaimState.APPROVED) == second


def test_what_was_sold_there_does_not_change_hands(
    shop: Shop, stranger: User, clerk: User, books_balance: Any
) -> None:
    make_purchase(shop)
    claim = actions.claim_listing(shop, by=stranger, said=SAID)
    with pytest.raises(HistoryInTheWay):
        actions.decide_claim(claim, approve=True, by=clerk, reason="执照属实")
    shop.refresh_from_db()
    assert shop.merchant != claim.merchant
    books_balance()


def test_another_merchant_answers_nothing(shop: Shop, stranger: User, other_shop: Shop, owner: User) -> None:
    claim = actions.claim_listing(shop, by=cast.make_user(), said=SAID)
    form = {"claim": str(claim.pk), "said": "是我的"}
    assert cast.client_of(stranger).post(f"/m/{other_shop.merchant.slug}/disputes/", form).status_code == 404
    for nonsense in ("", "x", "9" * 30):
        answer = cast.client_of(owner).post(
            f"/m/{shop.merchant.slug}/disputes/", {"claim": nonsense[:18], "said": "是"}
        )
        assert answer.status_code == 404
    claim.refresh_from_db()
    assert claim.answer == ""


# --- the code ---


def sent_code(monkeypatch: pytest.MonkeyPatch, claim: ListingClaim) -> tuple[str, str]:
    """Where it went and what it was."""
    letters: list[Any] = []
    monkeypatch.setattr(proving, "write_to", lambda kind, to, *how, **words: letters.append((to, words)))
    actions.send_claim_code(claim)
    return letters[0][0], letters[0][1]["code"]


def test_a_code_goes_to_the_listings_own_mobile_and_proves_the_claim(
    listing: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    assert phone_to_try(listing) == "+8613800138000"
    to, code = sent_code(monkeypatch, claim)
    assert to == "+8613800138000" and re.fullmatch(r"\d{6}", code)
    with pytest.raises(WrongClaimCode):
        actions.prove_claim(claim, "000000" if code != "000000" else "111111")
    assert actions.prove_claim(claim, f" {code} ").proved_at
    with pytest.raises(WrongClaimCode):
        actions.prove_claim(claim, code)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WAITING  # our staff still decide


def test_a_code_is_tried_five_times_and_lives_ten_minutes(
    listing: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    _to, code = sent_code(monkeypatch, claim)
    ListingClaim.objects.update(code_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(WrongClaimCode):
        actions.prove_claim(claim, code)
    for _ in range(4):
        with pytest.raises(WrongClaimCode):
            actions.prove_claim(claim, "999999")
    with pytest.raises(CodesUsedUp):
        actions.prove_claim(claim, code)


def test_three_codes_a_day_and_none_to_a_landline(listing: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    for _ in range(3):
        sent_code(monkeypatch, claim)
    with pytest.raises(CodesUsedUp):
        actions.send_claim_code(claim)
    Shop.objects.filter(pk=listing.pk).update(phone="021 6234 5678")
    other = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    with pytest.raises(NoPhoneToTry):
        actions.send_claim_code(other)


def test_the_pages_send_and_check_for_the_claimant_alone(listing: Shop, stranger: User) -> None:
    claimant = cast.make_user()
    actions.claim_listing(listing, by=claimant, said=SAID)
    base = f"/s/{listing.slug}/claim/"
    assert cast.client_of(stranger).post(f"{base}code/").status_code == 404
    browser = cast.client_of(claimant)
    assert browser.post(f"{base}code/").status_code == 302
    assert "one-time-code" in browser.get(base).content.decode()
    assert browser.post(f"{base}prove/", {"code": f"{EVIL}\x00"}).status_code == 302


# --- papers ---


def test_a_pdf_is_kept_private_and_only_downloaded(listing: Shop, clerk: User, shelf: Path) -> None:
    paper = upload(PDF, "licence.pdf", "application/pdf")
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID, evidence=paper)
    private = f"/staff/merchants/listingclaim/{claim.pk}/evidence/"
    answer = cast.client_of(clerk).get(private)
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"]
    assert "licence" not in claim.evidence.name
    assert cast.client_of(claim.by).get(f"/media/{claim.evidence.name}").status_code == 404
    with pytest.raises(NotAPdf):
        actions.claim_listing(
            listing, by=cast.make_user(), said=SAID, evidence=upload(b"%PDF-<script>", "x.pdf")
        )


def test_the_queue_has_its_saved_filters(listing: Shop, shop: Shop, stranger: User, clerk: User) -> None:
    old = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    dispute = actions.claim_listing(shop, by=stranger, said=SAID)
    ListingClaim.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=3))
    browser = cast.client_of(clerk)

    def found(name: str) -> list[int]:
        page = browser.get(f"/staff/merchants/listingclaim/?queue={name}")
        return [row.pk for row in page.context["cl"].queryset]

    assert found("overdue") == [old.pk] and found("new") == [dispute.pk] == found("disputes")
    assert found("waiting") == [old.pk, dispute.pk] and found("proved") == []


# --- suspension ---


def test_a_suspended_merchant_is_off_every_list_and_its_page_says_so(
    shop: Shop, owner: User, clerk: User, consumer: User
) -> None:
    assert shop.merchant
    offer = make_coupon_programme(shop.merchant)
    with pytest.raises(SuspensionNeedsReason):
        actions.suspend_merchant(shop.merchant, by=clerk, reason=" ")
    for _again in range(2):
        actions.suspend_merchant(shop.merchant, by=clerk, reason="冒用他人执照")
    assert not Shop.objects.listed().exists() and Suspension.objects.count() == 1
    page = cast.client_of(language="en").get(shop.get_absolute_url())
    assert page.status_code == 404 and "is suspended for now" in page.content.decode()
    assert "冒用他人执照" not in page.content.decode()  # the team reads it, visitors don't
    assert Message.objects.get(person=owner).params["reason"] == "冒用他人执照"
    assert cast.client_of(consumer).post(f"/coupons/{offer.token}/", {}).status_code == 404
    actions.lift_suspension(shop.merchant, by=clerk)
    assert Shop.objects.listed().count() == 1 and Suspension.objects.get().lifted_by == clerk


def test_a_suspended_merchants_coupon_is_refused_by_the_claim_itself(
    shop: Shop, clerk: User, consumer: User
) -> None:
    assert shop.merchant
    offer, key = make_coupon_programme(shop.merchant, per_person=2), uuid.uuid4()
    mine = claim_coupon(offer, consumer, key=key)
    actions.suspend_merchant(shop.merchant, by=clerk, reason="查")
    for person in (consumer, cast.make_user()):
        with pytest.raises(NotClaimable):
            claim_coupon(offer, person, key=uuid.uuid4())
    assert claim_coupon(offer, consumer, key=key) == mine  # sent twice it is what it was
    actions.lift_suspension(shop.merchant, by=clerk)
    claim_coupon(offer, consumer, key=uuid.uuid4())


def test_one_shop_can_be_suspended_alone_and_comes_back_alone(shop: Shop, clerk: User) -> None:
    second = cast.make_shop(shop.merchant, name="青禾理发 二店")
    actions.suspend_shop(shop, by=clerk, reason="地址不符")
    assert list(Shop.objects.listed()) == [second]
    assert shop.merchant
    actions.suspend_merchant(shop.merchant, by=clerk, reason="查证")
    actions.lift_suspension(shop.merchant, by=clerk)
    assert list(Shop.objects.listed()) == [second]
    actions.lift_shop_suspension(shop, by=clerk)
    assert Shop.objects.listed().count() == 2


def test_the_database_keeps_a_suspended_shop_off_the_lists(shop: Shop, clerk: User) -> None:
    actions.suspend_shop(shop, by=clerk, reason="查")
    with pytest.raises(IntegrityError, match="suspended_shop_is_not_listed"), transaction.atomic():
        Shop.objects.filter(pk=shop.pk).update(is_listed=True)
    with pytest.raises(IntegrityError, match="suspension_has_a_reason"), transaction.atomic():
        Suspension.objects.create(merchant=shop.merchant, reason="", by=clerk, since=timezone.now())
    assert Merchant.objects.get(pk=shop.merchant_id).suspended_at is None


def test_staff_suspend_a_shop_in_the_admin_with_a_reason(shop: Shop, clerk: User) -> None:
    browser = cast.client_of(clerk)
    form = {"action": "suspend", "_selected_action": str(shop.pk)}
    browser.post("/staff/merchants/shop/", form)
    assert Shop.objects.listed().exists()
    browser.post("/staff/merchants/shop/", form | {"reason": EVIL})
    assert not Shop.objects.listed().exists()
    page = browser.get("/staff/merchants/suspension/").content.decode()
    assert EVIL not in page and "&lt;script&gt;" in page
