"""Listings from open data: claimed with evidence, decided once, with a reason that the claimant reads."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.test import Client

from merchants import actions
from merchants.actions.claims import AlreadyClaimed, AlreadyDecided, ReasonMissing, TooManyClaims
from merchants.models import ClaimState, ListingClaim, Merchant, Shop
from merchants.trust.duplicates import likely_duplicates
from merchants.trust.likeness import ALIKE, likeness
from messaging.models import Message
from portal.kernel.models import User
from tests import cast
from tests.merchants.pictures import CANARY, SVG, upload, with_position
from tests.merchants.test_staff import race

SAID = "招牌上的电话是我的"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def listing(db: None) -> Shop:
    return cast.make_listing(name="阳光洗衣店", merchant=cast.make_merchant(name="谁"))


@pytest.fixture
def clerk(db: None) -> User:
    clerk = cast.make_user(name="审核员", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(codename__endswith="listingclaim"))
    return clerk


def test_a_claim_that_is_approved_gives_the_listing(listing: Shop, clerk: User) -> None:
    claimant = cast.make_user()
    browser = cast.client_of(claimant)
    url = f"/s/{listing.slug}/claim/"
    assert browser.get(url).status_code == 200
    for _again in range(2):
        form = {"said": SAID, "evidence": upload(with_position())}
        assert browser.post(url, form).status_code == 302
    claim = ListingClaim.objects.get()
    assert SAID in browser.get(url).content.decode()
    actions.decide_claim(claim, approve=True, by=clerk)
    listing.refresh_from_db()
    assert listing.merchant == claim.merchant == Merchant.objects.owned_by(claimant).get()
    assert listing.is_listed and listing.source == "osm"  # where its facts came from stays
    told = Message.objects.get(person=claimant)
    assert told.url == f"/m/{claim.merchant.slug}/shops/{listing.slug}/"
    assert browser.get(told.url).status_code == 200


def test_a_rejection_needs_a_reason_and_tells_it(listing: Shop, clerk: User) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    with pytest.raises(ReasonMissing):
        actions.decide_claim(claim, approve=False, by=clerk, reason="  ")
    actions.decide_claim(claim, approve=False, by=clerk, reason="照片看不清")
    claim.refresh_from_db()
    assert claim.state == ClaimState.REJECTED and Message.objects.get().params["reason"] == "照片看不清"
    assert "照片看不清" in cast.client_of(claim.by).get(f"/s/{listing.slug}/claim/").content.decode()
    assert actions.claim_listing(listing, by=claim.by, said="新的照片") != claim


def test_a_claim_is_decided_once(listing: Shop, clerk: User) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    actions.decide_claim(claim, approve=False, by=clerk, reason="不")
    with pytest.raises(AlreadyDecided):
        actions.decide_claim(claim, approve=True, by=clerk)
    listing.refresh_from_db()
    assert listing.merchant is None


def test_the_others_who_claimed_it_are_told_no(listing: Shop, clerk: User) -> None:
    first, second = (actions.claim_listing(listing, by=cast.make_user(), said=SAID) for _ in range(2))
    actions.decide_claim(first, approve=True, by=clerk)
    second.refresh_from_db()
    assert second.state == ClaimState.REJECTED


def test_evidence_is_a_bare_picture_that_only_staff_see(listing: Shop, clerk: User, shelf: Path) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID, evidence=upload(with_position()))
    [kept] = [path for path in shelf.rglob("*") if path.is_file()]
    assert CANARY not in kept.read_bytes()
    private = f"/staff/merchants/listingclaim/{claim.pk}/evidence/"
    seen = cast.client_of(clerk).get(private)
    assert seen.status_code == 200 and seen["Content-Type"] == "image/webp"
    for person in (None, claim.by):
        assert cast.client_of(person).get(private).status_code in (302, 404)
        assert cast.client_of(person).get(f"/media/{claim.evidence.name}").status_code == 404


def test_an_svg_as_evidence_is_refused_and_nothing_is_kept(listing: Shop, shelf: Path) -> None:
    answer = cast.client_of(cast.make_user()).post(
        f"/s/{listing.slug}/claim/", {"said": SAID, "evidence": upload(SVG, "licence.svg")}
    )
    assert answer.status_code == 422 and SAID in answer.content.decode()
    assert not ListingClaim.objects.exists() and not any(path.is_file() for path in shelf.rglob("*"))


def test_a_claim_for_somebody_elses_merchant_is_refused(listing: Shop, other_shop: Shop, owner: User) -> None:
    form = {"said": SAID, "merchant": other_shop.merchant.slug}
    cast.make_merchant(owner)
    assert cast.client_of(owner).post(f"/s/{listing.slug}/claim/", form).status_code == 422
    assert not ListingClaim.objects.exists()


def test_who_works_there_can_not_claim_it(shop: Shop, owner: User) -> None:
    with pytest.raises(AlreadyClaimed):
        actions.claim_listing(shop, by=owner, said=SAID)


def test_five_open_claims_are_enough(db: None) -> None:
    person, nobody = cast.make_user(), cast.make_merchant()
    for _ in range(5):
        actions.claim_listing(cast.make_listing(merchant=nobody), by=person, said=SAID)
    with pytest.raises(TooManyClaims):
        actions.claim_listing(cast.make_listing(merchant=nobody), by=person, said=SAID)


def test_a_withdrawn_claim_is_gone_and_nobody_else_can_withdraw_it(listing: Shop, stranger: User) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    url = f"/s/{listing.slug}/claim/withdraw/"
    assert cast.client_of(stranger).post(url).status_code == 404
    assert cast.client_of(claim.by).post(url).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.WITHDRAWN


def test_the_database_gives_a_listing_once(listing: Shop) -> None:
    first, second = (actions.claim_listing(listing, by=cast.make_user(), said=SAID) for _ in range(2))
    ListingClaim.objects.filter(pk=first.pk).update(state=ClaimState.APPROVED)
    with pytest.raises(IntegrityError, match="listing_given_to_one_merchant"), transaction.atomic():
        ListingClaim.objects.filter(pk=second.pk).update(state=ClaimState.APPROVED)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_decide_at_once_give_it_to_one() -> None:
    listing = cast.make_listing()
    claims = [actions.claim_listing(listing, by=cast.make_user(), said=SAID) for _ in range(2)]
    clerk = cast.make_user()
    race(*[lambda claim=claim: actions.decide_claim(claim, approve=True, by=clerk) for claim in claims])
    assert ListingClaim.objects.filter(state=ClaimState.APPROVED).count() == 1


def clerk_sees(clerk: User, path: str) -> str:
    return cast.client_of(clerk, language="en").get(path).content.decode()


def test_staff_decide_in_the_queue(listing: Shop, clerk: User) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    queue = "/staff/merchants/listingclaim/"
    assert "阳光洗衣店" in clerk_sees(clerk, f"{queue}?state__exact=waiting")
    assert "Approve" in clerk_sees(clerk, f"{queue}{claim.pk}/change/")
    browser: Client = cast.client_of(clerk)
    page = f"{queue}{claim.pk}/change/"
    assert browser.post(page, {"_reject": "1", "reason": ""})["Location"] == page
    assert browser.post(page, {"_approve": "1", "reason": ""}).status_code == 302
    claim.refresh_from_db()
    assert claim.state == ClaimState.APPROVED and claim.decided_by == clerk


def test_staff_without_the_permission_decide_nothing(listing: Shop) -> None:
    claim = actions.claim_listing(listing, by=cast.make_user(), said=SAID)
    nobody = cast.make_user(is_staff=True)
    answer = cast.client_of(nobody).post(
        f"/staff/merchants/listingclaim/{claim.pk}/change/", {"_approve": "1"}
    )
    assert answer.status_code in (403, 404)
    claim.refresh_from_db()
    assert claim.state == ClaimState.WAITING


def test_a_place_with_a_name_like_it_next_door_is_offered_while_entering(listing: Shop, owner: User) -> None:
    merchant = cast.make_merchant(owner, name="阳光洗衣")
    draft = cast.make_shop(merchant, name="阳光洗衣", published=False)
    far = cast.make_listing(name="阳光洗衣店", lat=31.25, merchant=cast.make_merchant())
    other = cast.make_listing(name="大家乐烧腊", merchant=cast.make_merchant())
    assert [row.place.slug for row in likely_duplicates(draft)] == [listing.slug]
    assert far.slug != other.slug
    browser = cast.client_of(owner)
    base = f"/m/{merchant.slug}/shops/{draft.slug}/"
    answer = browser.post(f"{base}location/", {"lat": "31.2304", "lon": "121.4738"})
    assert answer["Location"] == f"{base}duplicates/"
    assert (
        f"/s/{listing.slug}/claim/?merchant={merchant.slug}"
        in browser.get(f"{base}duplicates/").content.decode()
    )


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("阳光洗衣", "阳光洗衣店", True),
        ("Blue Door Laundry", "BLUE DOOR  laundry!", True),
        ("青禾理发", "青禾美发", True),
        ("青禾理发", "大家乐烧腊", False),
        ("", "店", False),
    ],
)
def test_names_that_are_alike(one: str, other: str, alike: bool) -> None:
    assert (likeness(one, other) >= ALIKE) is alike
