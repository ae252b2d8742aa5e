"""Visitors say what is wrong; who keeps the listing decides with one tap; everybody is told."""

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, transaction
from django.utils import timezone

from merchants import actions
from merchants.actions import evidence
from merchants.actions.corrections import (
    CorrectionDecided,
    NotThisListing,
    OnlyStaffMerge,
    Proposal,
    ReportedEnough,
    SameAsNow,
    SayWhy,
)
from merchants.actions.shops import PinOffTheMap
from merchants.models import (
    Correction,
    CorrectionState,
    DuplicatePair,
    Fact,
    Merge,
    Origin,
    Provenance,
    Shop,
    Wrong,
)
from messaging.models import Message
from portal.kernel.models import User
from tests import cast
from tests.merchants.pictures import CANARY, SVG, upload, with_position

PHONE = Proposal(wrong=Wrong.PHONE, text="021 6234 5678")
EVIL = "<script>alert(1)</script>{{ 7*7 }}"


@pytest.fixture(autouse=True)
def shelf(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def listing(db: None) -> Shop:
    return cast.make_listing(name="阳光洗衣店", merchant=cast.make_merchant())


@pytest.fixture
def clerk(db: None) -> User:
    clerk = cast.make_user(name="审核员", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="merchants"))
    return clerk


def say(shop: Shop, proposal: Proposal = PHONE, *, by: User | None = None, **how: Any) -> Correction:
    values = {"address": f"10.0.0.{how.pop('n', 1)}", "key": uuid.uuid4()} | how
    return actions.propose(shop, proposal, by=by, **values)


def test_an_owner_takes_it_over_and_the_visitor_is_thanked(shop: Shop, owner: User, consumer: User) -> None:
    browser = cast.client_of(consumer, language="en")
    page = f"/s/{shop.slug}/report/?what=phone"
    key = browser.get(page).context["form"].initial["key"]
    for _again in range(2):
        form = {"right": "021 6234 5678", "said": "打过了", "key": str(key)}
        assert browser.post(page, form).status_code == 302
    one = Correction.objects.get()
    assert Message.objects.get(person=owner).url == f"/m/{shop.merchant.slug}/corrections/"
    desk = cast.client_of(owner, language="en")
    assert "021 6234 5678" in desk.get(f"/m/{shop.merchant.slug}/corrections/").content.decode()
    for _again in range(2):
        desk.post(f"/m/{shop.merchant.slug}/corrections/{one.pk}/", {"accept": "1"})
    shop.refresh_from_db()
    source = Provenance.objects.get(shop=shop, fact=Fact.PHONE)
    assert shop.phone == "021 6234 5678"
    assert (source.origin, source.by, source.accepted_by, source.accepted_as) == (
        Origin.VISITOR,
        consumer,
        owner,
        Origin.OWNER,
    )
    assert Provenance.objects.get(shop=shop, fact=Fact.NAME).origin == Origin.OWNER
    assert Message.objects.get(person=consumer).kind == "merchants.correction_accepted"
    about = browser.get(f"/s/{shop.slug}/about/").content.decode()
    assert "a visitor, accepted by the shop" in about


@pytest.mark.parametrize(
    ("proposal", "fact", "wanted"),
    [
        (Proposal(wrong=Wrong.PLACE, lat=31.24, lon=121.48), "location", None),
        (Proposal(wrong=Wrong.HOURS, text="Mo-Fr 08:00-20:00"), "hours", "Mo-Fr 08:00-20:00"),
        (Proposal(wrong=Wrong.NAME, text="月光洗衣店"), "name", "月光洗衣店"),
    ],
)
def test_staff_take_over_each_kind(
    listing: Shop, clerk: User, consumer: User, proposal: Proposal, fact: str, wanted: str | None
) -> None:
    one = say(listing, proposal, by=consumer)
    assert one.before
    address = listing.address
    actions.accept_correction(one, by=clerk, decided_as=Origin.STAFF)
    listing.refresh_from_db()
    if wanted is None:
        assert (listing.location.y, listing.location.x, listing.address) == (31.24, 121.48, address)
    else:
        assert getattr(listing, fact) == wanted
    assert Provenance.objects.get(shop=listing, fact=fact).accepted_as == Origin.STAFF


def test_closed_for_good_takes_it_off_the_lists_and_can_be_put_right(listing: Shop, clerk: User) -> None:
    one = say(listing, Proposal(wrong=Wrong.CLOSED), by=cast.make_user())
    actions.accept_correction(one, by=clerk, decided_as=Origin.STAFF)
    assert cast.client_of().get(listing.get_absolute_url()).status_code == 404
    actions.reopen_shop(listing, by=clerk)
    assert cast.client_of().get(listing.get_absolute_url()).status_code == 200


def test_listed_twice_is_merged_by_staff_alone(listing: Shop, shop: Shop, clerk: User, owner: User) -> None:
    one = say(shop, Proposal(wrong=Wrong.DUPLICATE, other=listing), by=cast.make_user())
    assert DuplicatePair.objects.get().is_reported
    with pytest.raises(OnlyStaffMerge):
        actions.accept_correction(one, by=owner, decided_as=Origin.OWNER)
    assert not Correction.objects.for_owner(shop.merchant).exists()
    two = say(listing, Proposal(wrong=Wrong.DUPLICATE, other=shop), by=cast.make_user())
    actions.accept_correction(two, by=clerk, decided_as=Origin.STAFF)
    assert Merge.objects.get().survivor == shop


def test_a_decline_needs_a_reason_that_the_visitor_reads(shop: Shop, owner: User, consumer: User) -> None:
    one = say(shop, by=consumer)
    with pytest.raises(SayWhy):
        actions.decline_correction(one, by=owner, decided_as=Origin.OWNER, reason=" ")
    actions.decline_correction(one, by=owner, decided_as=Origin.OWNER, reason="那是仓库的电话")
    with pytest.raises(CorrectionDecided):
        actions.accept_correction(one, by=owner, decided_as=Origin.OWNER)
    assert "那是仓库的电话" in cast.client_of(consumer).get(f"/s/{shop.slug}/report/").content.decode()
    shop.refresh_from_db()
    assert shop.phone == ""


def test_one_without_an_account_is_not_enough_two_from_two_places_are(shop: Shop, owner: User) -> None:
    say(shop, n=1)
    say(shop, n=1)
    assert not Correction.objects.for_owner(shop.merchant).exists() and not Message.objects.exists()
    say(shop, Proposal(wrong=Wrong.PHONE, text=" 021 62345678 "), n=2)
    rows = Correction.objects.for_owner(shop.merchant)
    assert [row.weight for row in rows] == [2, 2]
    actions.accept_correction(rows[0], by=owner, decided_as=Origin.OWNER)
    assert set(Correction.objects.values_list("state", flat=True)) == {CorrectionState.ACCEPTED}


def test_other_words_do_not_support_each_other(shop: Shop) -> None:
    say(shop, n=1)
    say(shop, Proposal(wrong=Wrong.PHONE, text="021 9999 9999"), n=2)
    assert set(Correction.objects.values_list("weight", flat=True)) == {1}


def test_withdrawing_takes_the_support_back(shop: Shop, consumer: User, stranger: User) -> None:
    first, second = say(shop, by=consumer), say(shop, n=3)
    url = f"/s/{shop.slug}/report/{first.pk}/withdraw/"
    assert cast.client_of(stranger).post(url).status_code == 404
    assert cast.client_of(consumer).post(url).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.weight) == (CorrectionState.WITHDRAWN, 1)


def test_limits_per_person_and_per_address(db: None, consumer: User) -> None:
    shops = [cast.make_shop(name=f"店{n}") for n in range(11)]
    for shop in shops[:10]:
        say(shop, by=consumer)
    with pytest.raises(ReportedEnough):
        say(shops[10], by=consumer)
    for shop in shops[:5]:
        say(shop)
    with pytest.raises(ReportedEnough):
        say(shops[5])
    assert say(shops[10], n=9).weight == 1


def test_nonsense_is_refused_with_a_sentence(shop: Shop, consumer: User) -> None:
    for proposal, refusal in (
        (Proposal(wrong=Wrong.PLACE, lat=float("nan"), lon=1.0), PinOffTheMap),
        (Proposal(wrong=Wrong.PLACE, lat=0.0, lon=0.0), PinOffTheMap),
        (Proposal(wrong=Wrong.NAME, text=shop.name), SameAsNow),
        (Proposal(wrong=Wrong.DUPLICATE, other=shop), NotThisListing),
    ):
        with pytest.raises(refusal):
            say(shop, proposal, by=consumer)
    browser = cast.client_of()
    forms = {"hours": {"text": "whenever"}, "place": {"lat": "x", "lon": ""}, "duplicate": {"link": "///"}}
    for what, form in (forms | {"phone": {"right": "no"}, "name": {"right": ""}}).items():
        answer = browser.post(f"/s/{shop.slug}/report/?what={what}", form | {"key": str(uuid.uuid4())})
        assert answer.status_code == 422, what
    assert not Correction.objects.exists()


def test_every_kind_has_its_page_and_a_link_names_the_other(shop: Shop, listing: Shop) -> None:
    browser = cast.client_of(language="en")
    assert browser.get(f"/s/{shop.slug}/report/").status_code == 200
    for wrong in Wrong:
        assert browser.get(f"/s/{shop.slug}/report/?what={wrong}").status_code == 200
    form = {"link": f"http://testserver/s/{listing.slug}/", "key": str(uuid.uuid4())}
    assert browser.post(f"/s/{shop.slug}/report/?what=duplicate", form).status_code == 302
    assert Correction.objects.get().other == listing


def test_evidence_is_bare_private_and_forgotten(shop: Shop, clerk: User, shelf: Path) -> None:
    one = say(shop, evidence=upload(with_position()))
    [kept] = [path for path in shelf.rglob("*") if path.is_file()]
    assert CANARY not in kept.read_bytes()
    private = f"/staff/merchants/correction/{one.pk}/evidence/"
    assert cast.client_of(clerk).get(private)["Content-Type"] == "image/webp"
    for person in (None, cast.make_user()):
        assert cast.client_of(person).get(private).status_code in (302, 404)
    actions.decline_correction(one, by=clerk, decided_as=Origin.STAFF, reason="不")
    now = timezone.now()
    assert evidence.forget_old(Correction.objects.all(), now + timedelta(days=89)) == 0
    assert evidence.forget_old(Correction.objects.all(), now + timedelta(days=91)) == 1
    assert not kept.exists()
    answer = cast.client_of().post(
        f"/s/{shop.slug}/report/?what=closed",
        {"key": str(uuid.uuid4()), "evidence": upload(SVG, "door.svg")},
    )
    assert answer.status_code == 422


def test_another_merchant_decides_nothing(shop: Shop, stranger: User, other_shop: Shop) -> None:
    one = say(shop, by=cast.make_user())
    for slug in (shop.merchant.slug, other_shop.merchant.slug):
        answer = cast.client_of(stranger).post(f"/m/{slug}/corrections/{one.pk}/", {"accept": "1"})
        assert answer.status_code == 404
    one.refresh_from_db()
    assert one.state == CorrectionState.OPEN


def test_hostile_words_are_text_for_owner_and_staff(shop: Shop, owner: User, clerk: User) -> None:
    one = say(shop, Proposal(wrong=Wrong.NAME, text=EVIL), by=cast.make_user(), said=EVIL)
    for person, page in (
        (owner, f"/m/{shop.merchant.slug}/corrections/"),
        (clerk, f"/staff/merchants/correction/{one.pk}/change/"),
    ):
        body = cast.client_of(person).get(page).content.decode()
        assert EVIL not in body and "&lt;script&gt;" in body


def test_staff_decide_in_the_queue_with_its_filters(listing: Shop, shop: Shop, clerk: User) -> None:
    one, owners = say(listing, by=cast.make_user()), say(shop, by=cast.make_user())
    browser = cast.client_of(clerk, language="en")
    queue = "/staff/merchants/correction/"
    assert [row.pk for row in browser.get(queue).context["cl"].queryset] == [one.pk]
    assert [row.pk for row in browser.get(f"{queue}?queue=owner").context["cl"].queryset] == [owners.pk]
    Correction.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert len(browser.get(f"{queue}?queue=overdue").context["cl"].queryset) == 2
    assert browser.get(f"{queue}{one.pk}/change/").status_code == 200
    browser.post(f"{queue}{one.pk}/change/", {"_decline": "1", "reason": ""})
    assert Correction.objects.get(pk=one.pk).state == CorrectionState.OPEN
    browser.post(f"{queue}{one.pk}/change/", {"_accept": "1"})
    assert Correction.objects.get(pk=one.pk).decided_by == clerk


def test_the_database_keeps_reports_apart(shop: Shop, consumer: User) -> None:
    one = say(shop, by=consumer)
    one.pk, one.key = None, uuid.uuid4()
    with pytest.raises(IntegrityError, match="person_reports_a_thing_once_at_a_time"), transaction.atomic():
        one.save(force_insert=True)
    with pytest.raises(IntegrityError, match="decided_correction_says_by_whom"), transaction.atomic():
        Correction.objects.update(state="accepted")
