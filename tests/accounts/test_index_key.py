"""BLIND_INDEX_KEY is replaced: everybody is found meanwhile, and nothing stays under the former key."""

import base64
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.db import connection
from django.test import Client

from merchants.actions import find_or_enrol_customer, invite_staff
from merchants.actions.staff import proven
from merchants.models import Customer, Role
from portal.home.accounts.contacts import Contact, Way
from portal.kernel import reindexing
from portal.kernel.crypto import WrongKey, blind_index
from portal.kernel.models import User
from tests import cast
from tests.accounts.codes import last_code
from tests.accounts.doors import PHONE, ask, enter

pytestmark = pytest.mark.django_db
NEW = base64.b64encode(b"n" * 32).decode()
EMAIL = "lin@example.com"


@pytest.fixture
def known(merchant: Any) -> User:
    """Somebody with phone and proved e-mail, on a merchant's roster, whose rows have a history."""
    person = cast.make_user(phone=PHONE, name="林小满")
    EmailAddress.objects.create(user=person, email=EMAIL, verified=True, primary=True)
    person.email = EMAIL
    person.save()
    cast.make_customer(merchant, phone="+8613912345678")
    return person


@pytest.fixture
def new_key(settings: Any, known: User) -> None:
    settings.BLIND_INDEX_KEY_PREVIOUS, settings.BLIND_INDEX_KEY = settings.BLIND_INDEX_KEY, NEW


def rotate(*, check: bool = False) -> str:
    said = StringIO()
    call_command("rotate_field_keys", check=check, stdout=said, stderr=StringIO())
    return said.getvalue()


def stored() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT phone_index::text FROM kernel_user"
            " UNION ALL SELECT phone_index::text FROM kernel_userevent"
            " UNION ALL SELECT phone_index::text FROM merchants_customer"
            " UNION ALL SELECT email FROM account_emailaddress ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def test_everybody_is_found_under_the_former_key(new_key: None, known: User, merchant: Any) -> None:
    assert Contact(Way.PHONE, PHONE).person() == known
    assert Contact(Way.EMAIL, EMAIL).person() == known
    assert User.objects.with_email(EMAIL).get() == known
    assert EmailAddress.objects.filter(email__in=[EMAIL]).count() == 1
    before = Customer.objects.count()
    find_or_enrol_customer(merchant, phone="+8613912345678")
    assert Customer.objects.count() == before


def test_a_person_signs_in_during_the_change_and_gets_no_second_account(new_key: None, known: User) -> None:
    browser = Client()
    ask(browser, "13812345678")
    enter(browser, last_code(PHONE))
    assert browser.session["_auth_user_id"] == str(known.pk)


def test_after_the_change_the_former_key_may_go(new_key: None, known: User, settings: Any) -> None:
    before, history = stored(), known.events.count()
    waiting = rotate(check=True)
    assert " 0 values" not in waiting
    assert stored() == before

    assert ": 0 values left" in rotate()

    settings.BLIND_INDEX_KEY_PREVIOUS = ""
    assert not set(before) & set(stored()) - {None}
    assert Contact(Way.PHONE, PHONE).person() == Contact(Way.EMAIL, EMAIL).person() == known
    assert Customer.objects.with_phone("+8613912345678").exists()
    assert known.events.count() == history


def test_without_the_change_the_former_rows_are_not_found_and_not_opened(
    new_key: None, known: User, settings: Any
) -> None:
    settings.BLIND_INDEX_KEY_PREVIOUS = ""
    assert Contact(Way.PHONE, PHONE).person() is None
    with pytest.raises(WrongKey):
        EmailAddress.objects.get(user=known)


def test_a_change_that_was_broken_off_goes_on(new_key: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reindexing, "BATCH", 1)
    turns = iter(range(3))

    def break_off(text: str) -> bytes:
        if next(turns, None) is None:
            raise KeyboardInterrupt
        return blind_index(text)

    with monkeypatch.context() as patch:
        patch.setattr(reindexing, "blind_index", break_off)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    assert ": 0 values left" in rotate()
    assert ": 0 values left" in rotate(check=True)


def test_two_rows_for_one_number_are_named_and_left_to_a_person(
    new_key: None, known: User, settings: Any
) -> None:
    former, settings.BLIND_INDEX_KEY_PREVIOUS = settings.BLIND_INDEX_KEY_PREVIOUS, ""
    cast.make_user(phone=PHONE)  # a process that knew only the new key
    settings.BLIND_INDEX_KEY_PREVIOUS = former
    said = StringIO()
    with pytest.raises(SystemExit):
        call_command("rotate_field_keys", stdout=StringIO(), stderr=said)
    assert f'"kernel_user" {known.pk}: another row holds the same value' in said.getvalue()


def test_an_invitation_sent_before_the_change_is_accepted_during_it(
    merchant: Any, owner: User, settings: Any
) -> None:
    guest = cast.make_user(phone=PHONE)
    offer = invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE)
    settings.BLIND_INDEX_KEY_PREVIOUS, settings.BLIND_INDEX_KEY = settings.BLIND_INDEX_KEY, NEW
    rotate()
    assert proven(offer, User.objects.get(pk=guest.pk))
    assert invite_staff(merchant, role=Role.CASHIER, by=owner, phone=PHONE) == offer
