"""Passkeys and authenticator apps in a real Chromium: set up by the person, then used to come in."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from portal.kernel.models import User
from tests import cast
from tests.accounts.codes import last_code

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SECURITY_KEY = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def member() -> User:
    return cast.make_user(phone="+8613812345678", name="林小满")


def come_in(visit: Any, member: User) -> Page:
    """By a code, as everybody does; what is safety's is only open to who has just proved themselves."""
    page: Page = visit("/accounts/login/", language="en")
    page.get_by_label("Phone number or e-mail").fill("13812345678")
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill(last_code(str(member.phone)))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    return page


def test_a_passkey_is_set_up_and_opens_the_door_without_a_code(visit: Any, member: User) -> None:
    page = come_in(visit, member)
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": SECURITY_KEY})
    page.goto("/accounts/2fa/webauthn/add/")
    page.get_by_label("Name").fill("My phone")
    page.locator("#id_passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda url: "/webauthn/add/" not in url)
    assert Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN).user == member

    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/?next=/me/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"/me/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("林小满")


def test_an_authenticator_app_is_set_up_and_asked_for_after_the_code(visit: Any, member: User) -> None:
    page = come_in(visit, member)
    page.goto("/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").input_value()
    page.get_by_role("img", name="QR code").wait_for()
    page.locator("#id_code").fill(now(secret))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url(lambda url: "/totp/activate/" not in url)
    assert Authenticator.objects.filter(user=member, type=Authenticator.Type.TOTP).exists()

    page.context.clear_cookies(name="sessionid")
    page.goto("/accounts/login/?next=/me/")
    page.get_by_label("Phone number or e-mail").fill("13812345678")
    page.get_by_role("button", name="Send code").click()
    page.get_by_label("Code").fill(last_code(str(member.phone)))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/2fa/authenticate/"))
    page.locator("#id_code").first.fill(now(secret))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/me/$"))


def now(secret: str) -> str:
    """What the app shows at this moment."""
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
