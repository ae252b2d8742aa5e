"""Every page about the account: in our frame, in both languages, under the strict content policy."""

import re
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.urls import reverse

from portal.kernel.models import User
from tests import cast
from tests.accounts.codes import last_code

pytestmark = pytest.mark.django_db
FOR_ALL = ["account_login", "account_reset_password", "account_inactive"]
FOR_MEMBERS = [
    *("account_index", "account_email", "account_set_password", "account_change_phone", "account_logout"),
    *("mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "mfa_list_webauthn", "usersessions_list"),
]


def check_frame(html: str, language: str) -> None:
    assert f'<html lang="{language}"' in html
    assert 'class="top"' in html
    assert not re.search(r'<[^>]+\sstyle="', html)
    assert not re.search(r"<script(?![^>]*(src=|application/json))", html)


@pytest.mark.parametrize(("wanted", "language"), [("zh-hans", "zh-Hans"), ("en", "en")])
@pytest.mark.parametrize("name", FOR_ALL)
def test_a_visitor_sees_the_page_in_our_frame(name: str, wanted: str, language: str):
    answer = Client(headers={"accept-language": wanted}).get(reverse(name))
    assert answer.status_code == 200
    check_frame(answer.content.decode(), language)


@pytest.mark.parametrize(("wanted", "language"), [("zh-hans", "zh-Hans"), ("en", "en")])
@pytest.mark.parametrize("name", FOR_MEMBERS)
def test_a_member_sees_the_page_in_our_frame(name: str, wanted: str, language: str):
    answer = cast.client_of(cast.make_user(), language=wanted).get(reverse(name))
    assert answer.status_code == 200
    check_frame(answer.content.decode(), language)


def test_the_account_page_shows_what_is_set(signed_in: Any):
    person = cast.make_user(phone="+8613812345678", password="correct horse battery")
    html = cast.client_of(person, language="en").get("/accounts/").content.decode()
    for words in ("+8613812345678", "Second step and passkeys", "Signed-in devices"):
        assert words in html


def test_a_password_can_be_set_and_then_opens_the_door():
    person = cast.make_user(phone="+8613812345678")
    browser = cast.client_of(person)
    words = {"password1": "correct horse battery", "password2": "correct horse battery"}
    assert browser.post("/accounts/password/set/", words).status_code == 302
    visitor = Client()
    answer = visitor.post("/accounts/login/", {"login": "13812345678", "password": words["password1"]})
    assert answer.headers["Location"] == "/"


def test_the_phone_is_changed_by_the_code_sent_to_the_new_one():
    person = cast.make_user(phone="+8613812345678")
    browser = cast.client_of(person)
    browser.post("/accounts/phone/change/", {"phone": "139 1234 5678", "action_add": ""})
    person.refresh_from_db()
    assert person.phone == "+8613812345678"
    browser.post("/accounts/phone/verify/", {"code": last_code("+8613912345678")})
    person.refresh_from_db()
    assert person.phone == "+8613912345678"
    assert person.phone_verified_at


def test_an_e_mail_counts_once_its_code_came_back():
    person = cast.make_user()
    browser = cast.client_of(person)
    browser.post("/accounts/email/", {"email": "New@Example.com", "action_add": ""})
    person.refresh_from_db()
    assert person.email is None
    browser.post("/accounts/confirm-email/", {"code": last_code("new@example.com")})
    person.refresh_from_db()
    assert person.email == "new@example.com"
    assert User.objects.with_email("new@example.com").get() == person


def test_who_has_a_second_step_is_asked_for_it_after_the_code():
    person = cast.make_user(phone="+8613812345678")
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    stored = Authenticator.objects.get(user=person).data["secret"]
    assert secret not in stored
    assert get_adapter().decrypt(stored) == secret
    browser = Client()
    browser.post("/accounts/login/", {"login": person.phone, "next": "/me/"})
    first = browser.post(
        "/accounts/login/code/confirm/", {"code": last_code(str(person.phone)), "next": "/me/"}
    )
    assert first.headers["Location"].startswith("/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in browser.session
    assert browser.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    counter = next(yield_hotp_counters_from_time())
    right = format_hotp_value(hotp_value(secret, counter))
    assert browser.post("/accounts/2fa/authenticate/", {"code": right}).headers["Location"] == "/me/"
    assert browser.session["_auth_user_id"] == str(person.pk)


def test_other_devices_can_be_signed_out():
    person = cast.make_user(phone="+8613812345678")
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.post("/accounts/login/", {"login": person.phone})
        browser.post("/accounts/login/code/confirm/", {"code": last_code(str(person.phone))})
        assert browser.get("/accounts/").status_code == 200
    browsers[0].post(reverse("usersessions_list"))
    assert browsers[0].get("/accounts/").status_code == 200
    assert browsers[1].get("/accounts/").status_code == 302
