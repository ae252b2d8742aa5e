"""Asking to sign in tells nobody who is here: known and unknown contacts cost the same work."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.accounts.doors import LOGIN

pytestmark = pytest.mark.django_db
VALUES = re.compile(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+\b|\bNULL\b|\bs\d+_x\d+\b")  # and names of savepoints


def shapes(login: str, **more: str) -> tuple[int, str, list[str]]:
    """Status, way onward and each statement without its values, for a browser that was never here."""
    browser = Client()
    browser.get(LOGIN)
    with CaptureQueriesContext(connection) as asked:
        answer = browser.post(LOGIN, {"login": login, **more})
    statements = [VALUES.sub("?", query["sql"]) for query in asked.captured_queries]
    return answer.status_code, answer.headers.get("Location", ""), statements


def with_phone() -> str:
    return str(cast.make_user(phone="+8613812345678").phone)


def with_proved_email() -> str:
    person = cast.make_user()
    EmailAddress.objects.create(user=person, email="proved@example.com", verified=True, primary=True)
    return "proved@example.com"


def with_entered_email() -> str:
    return str(cast.make_user(email="entered@example.com").email)


@pytest.mark.parametrize("known", [with_phone, with_proved_email, with_entered_email])
def test_a_known_and_an_unknown_contact_cost_the_same_statements(known: Callable[[], str]) -> None:
    contact = known()
    stranger = "nobody@example.com" if "@" in contact else "+8613912345678"
    there, nobody = shapes(contact), shapes(stranger)
    assert there == nobody
    assert there[0] == 302 and len(there[2]) > 5


class Counted(PBKDF2PasswordHasher):
    iterations = 1
    times = 0

    def encode(self, *args: Any, **kwargs: Any) -> str:
        Counted.times += 1
        return super().encode(*args, **kwargs)


def test_a_wrong_password_and_an_unknown_account_cost_the_same_hashing(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    cast.make_user(phone="+8613812345678", password="correct horse battery")

    def hashed(phone: str) -> int:
        before = Counted.times
        assert Client().post(LOGIN, {"login": phone, "password": "wrong horse"}).status_code == 422
        return Counted.times - before

    assert hashed("+8613812345678") == hashed("+8613912345678") == 1
