"""Teams: who may join, in which role, and that a removed person is out at the next request."""

import re
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation

from merchants import actions
from merchants.actions.staff import (
    AlreadyOnTheTeam,
    InvitationOver,
    LastOwner,
    NotTheInvited,
    TooManyInvitations,
)
from merchants.models import Invitation, Merchant, Role, StaffMember
from messaging.models import Message
from portal.kernel.models import User
from tests import cast

PHONE = "+8613912345678"


def team_url(merchant: Merchant, rest: str = "") -> str:
    return f"/m/{merchant.slug}/settings/team/{rest}"


def test_who_proved_the_invited_phone_joins(merchant: Merchant, owner: User) -> None:
    offer = actions.invite_staff(merchant, role=Role.MANAGER, by=owner, phone=PHONE)
    newcomer = cast.make_user(PHONE)
    browser = cast.client_of(newcomer)
    assert browser.get(f"/invite/{offer.token}/").status_code == 200
    assert browser.post(f"/invite/{offer.token}/")["Location"] == f"/m/{merchant.slug}/"
    assert browser.post(f"/invite/{offer.token}/").status_code == 302
    member = StaffMember.objects.get(merchant=merchant, user=newcomer)
    assert member.role == Role.MANAGER and member.left_at is None


def test_the_link_alone_lets_nobody_in(merchant: Merchant, owner: User, stranger: User) -> None:
    offer = actions.invite_staff(merchant, role=Role.OWNER, by=owner, phone=PHONE)
    unproven = cast.make_user(PHONE, verified=False)
    for person in (stranger, unproven):
        with pytest.raises(NotTheInvited):
            actions.accept_invitation(offer.token, user=person)
        assert cast.client_of(person).post(f"/invite/{offer.token}/").status_code == 422
    assert merchant.staff.count() == 1


def test_an_invitation_by_email_needs_the_proven_address(merchant: Merchant, owner: User) -> None:
    offer = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, email="lan@example.com")
    person = cast.make_user(email="lan@example.com")
    with pytest.raises(NotTheInvited):
        actions.accept_invitation(offer.token, user=person)
    person.emailaddress_set.create(email="lan@example.com", verified=True, primary=True)
    assert actions.accept_invitation(offer.token, user=person).role == Role.CASHIER


def test_the_invited_are_told_at_their_address_and_in_their_inbox(merchant: Merchant, owner: User) -> None:
    known = cast.make_user(PHONE)
    offer = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    inbox = Message.objects.get(person=known)
    assert inbox.url == f"/invite/{offer.token}/"
    assert Message.objects.filter(person=None, kind="merchants.invited_by_sms").count() == 1
    actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    assert Message.objects.count() == 2  # asked again: no second text


def test_invited_again_in_another_role_the_first_offer_is_dead(merchant: Merchant, owner: User) -> None:
    first = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    second = actions.invite_staff(merchant, role=Role.MANAGER, by=owner, phone=PHONE)
    with pytest.raises(InvitationOver):
        actions.accept_invitation(first.token, user=cast.make_user(PHONE))
    assert Invitation.objects.waiting().get() == second


def test_late_withdrawn_or_from_somebody_removed_it_is_over(merchant: Merchant, owner: User) -> None:
    late = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone="+8613900000001")
    Invitation.objects.filter(pk=late.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    withdrawn = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone="+8613900000002")
    actions.withdraw_invitation(withdrawn)
    second = cast.make_staff(merchant, Role.OWNER)
    orphan = actions.invite_staff(merchant, role=Role.CASHIER, by=second.user, phone="+8613900000003")
    actions.remove_staff(second)
    for number, offer in enumerate((late, withdrawn, orphan), start=1):
        with pytest.raises(InvitationOver):
            actions.accept_invitation(offer.token, user=cast.make_user(f"+861390000000{number}"))


def test_who_is_there_already_is_not_invited(merchant: Merchant, owner: User, cashier: StaffMember) -> None:
    with pytest.raises(AlreadyOnTheTeam):
        actions.invite_staff(merchant, role=Role.MANAGER, by=owner, phone=cashier.user.phone)


def test_fifty_waiting_invitations_are_enough(merchant: Merchant, owner: User) -> None:
    for number in range(50):
        actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=f"+861390001{number:04d}")
    with pytest.raises(TooManyInvitations):
        actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone="+8613900019999")


def test_a_removed_person_is_out_at_the_next_request(
    merchant: Merchant, owner: User, manager: StaffMember
) -> None:
    browser = cast.client_of(manager.user)
    assert browser.get(f"/m/{merchant.slug}/shops/").status_code == 200
    cast.client_of(owner).post(team_url(merchant, f"{manager.pk}/"), {"remove": "1"})
    assert browser.get(f"/m/{merchant.slug}/shops/").status_code == 404


def test_a_lower_role_counts_at_the_next_request(
    merchant: Merchant, owner: User, manager: StaffMember
) -> None:
    browser = cast.client_of(manager.user)
    cast.client_of(owner).post(team_url(merchant, f"{manager.pk}/"), {"role": "cashier"})
    assert browser.get(f"/m/{merchant.slug}/shops/").status_code == 403


def test_the_last_owner_stays(merchant: Merchant, owner: User) -> None:
    mine = merchant.staff.get()
    with pytest.raises(LastOwner):
        actions.remove_staff(mine)
    with pytest.raises(LastOwner):
        actions.change_role(mine, Role.MANAGER)
    answer = cast.client_of(owner).post(team_url(merchant, f"{mine.pk}/"), {"remove": "1"}, follow=True)
    assert "先让别人成为店主" in answer.content.decode()
    assert merchant.staff.current().get().role == Role.OWNER


def test_a_locked_page_says_whom_to_ask(merchant: Merchant, cashier: StaffMember) -> None:
    answer = cast.client_of(cashier.user, language="en").get(team_url(merchant))
    assert answer.status_code == 403
    assert "Only the owner can do this. Ask 李敏." in answer.content.decode()


def test_another_owner_finds_nothing_and_changes_nothing(
    merchant: Merchant, owner: User, cashier: StaffMember, stranger: User, other_shop: Any
) -> None:
    offer = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    browser = cast.client_of(stranger)
    for path, form in (
        (team_url(merchant), {"who": PHONE, "role": "owner"}),
        (team_url(merchant, f"{cashier.pk}/"), {"remove": "1"}),
        (team_url(other_shop.merchant, f"{cashier.pk}/"), {"remove": "1"}),
        (team_url(other_shop.merchant, f"{cashier.pk}/"), {"role": "owner"}),
        (team_url(merchant, f"invitations/{offer.pk}/withdraw/"), {}),
        (team_url(other_shop.merchant, f"invitations/{offer.pk}/withdraw/"), {}),
    ):
        assert browser.post(path, form).status_code == 404
    cashier.refresh_from_db()
    offer.refresh_from_db()
    assert (cashier.role, cashier.left_at, offer.withdrawn_at) == (Role.CASHIER, None, None)


@pytest.mark.parametrize(
    "who", ["1" * 40, "not a phone", "@", "a@b", "", "\x00", "x" * 100_000 + "@example.com"], ids=repr
)
def test_what_is_no_phone_and_no_address_is_refused(merchant: Merchant, owner: User, who: str) -> None:
    answer = cast.client_of(owner).post(team_url(merchant), {"who": who[:2000], "role": "cashier"})
    assert answer.status_code == 422 and 'class="field-error"' in answer.content.decode()
    assert not Invitation.objects.exists()


def test_the_team_page_shows_no_whole_number(merchant: Merchant, owner: User) -> None:
    actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    body = cast.client_of(owner).get(team_url(merchant)).content.decode()
    assert "…5678" in body and not re.search(r"139\s?1234", body)


def test_the_database_holds_one_waiting_offer_per_person(merchant: Merchant, owner: User) -> None:
    offer = actions.invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    offer.pk, offer.token = None, "another"
    with pytest.raises(IntegrityError, match="phone_invited_once_at_a_time"), transaction.atomic():
        offer.save(force_insert=True)


def test_a_second_membership_is_turned_away_by_the_database(merchant: Merchant, cashier: StaffMember) -> None:
    with pytest.raises(IntegrityError, match="staff_member_works_once_per_merchant"), transaction.atomic():
        StaffMember.objects.create(merchant=merchant, user=cashier.user, role=Role.OWNER)


def race(*runs: Any) -> list[Any]:
    """All at the same moment, each in a thread and connection of its own; what came of each."""
    barrier = Barrier(len(runs))
    results: list[Any] = [None] * len(runs)

    def go(place: int, run: Any) -> None:
        try:
            barrier.wait()
            results[place] = run()
        except Exception as fault:  # the outcome is what the test looks at
            results[place] = fault
        finally:
            connection.close()

    threads = [Thread(target=go, args=pair) for pair in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one_owner() -> None:
    merchant = cast.make_merchant()
    second = cast.make_staff(merchant, Role.OWNER)
    first = merchant.staff.exclude(pk=second.pk).get()
    results = race(lambda: actions.remove_staff(first), lambda: actions.remove_staff(second))
    assert sorted(type(result).__name__ for result in results) == ["LastOwner", "NoneType"]
    assert merchant.staff.current().filter(role=Role.OWNER).count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_be_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: the guard is what the race above tests."""
    merchant = cast.make_merchant()
    second = cast.make_staff(merchant, Role.OWNER)
    first = merchant.staff.exclude(pk=second.pk).get()
    both_have_looked = Barrier(2)

    def look_only(merchant: Merchant) -> list[StaffMember]:
        team = list(merchant.staff.current().order_by("pk"))
        both_have_looked.wait()
        return team

    monkeypatch.setattr("merchants.actions.staff._team", look_only)
    race(lambda: actions.remove_staff(first), lambda: actions.remove_staff(second))
    assert not merchant.staff.current().filter(role=Role.OWNER).exists()


@pytest.mark.django_db(transaction=True)
def test_accepting_in_two_windows_joins_once() -> None:
    merchant, newcomer = cast.make_merchant(), cast.make_user(PHONE)
    offer = actions.invite_staff(merchant, role=Role.CASHIER, by=cast.owner_of(merchant), phone=PHONE)
    results = race(*[lambda: actions.accept_invitation(offer.token, user=newcomer)] * 4)
    assert len({result.pk for result in results}) == 1
    with translation.override("en"):
        assert str(merchant.staff.get(user=newcomer)).endswith("Cashier")
