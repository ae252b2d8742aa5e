import re

import pytest
from django.test import Client, override_settings

from portal.home.accounts import entrance
from portal.kernel.models import User
from tests import cast
from tests.accounts.codes import how_many, last_code
from tests.accounts.doors import CODE, LOGIN, PHONE, ask, enter, is_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "typed",
    ["138 1234 5678", "１３８１２３４５６７８", "+86 138-1234-5678", "8613812345678", " 13812345678 "],
)
def test_a_new_person_gets_an_account_with_the_first_code_however_the_number_is_written(client, typed):
    assert ask(client, typed).headers["Location"] == CODE
    assert not User.objects.with_phone(PHONE).exists()

    response = enter(client, last_code(PHONE))

    assert response.headers["Location"] == "/"
    person = User.objects.with_phone(PHONE).get()
    assert person.phone_verified_at
    assert client.session["_auth_user_id"] == str(person.pk)
    assert not person.has_usable_password()


def test_an_e_mail_address_works_the_same_and_becomes_the_persons_own(client):
    ask(client, "Some.One@Example.com")
    enter(client, last_code("some.one@example.com"))
    person = User.objects.with_email("some.one@example.com").get()
    assert (person.email, person.phone) == ("some.one@example.com", None)
    assert is_in(client)


def test_who_has_an_account_comes_back_to_it(client):
    person = cast.make_user(phone=PHONE)
    ask(client, "13812345678")
    enter(client, last_code(PHONE))
    assert client.session["_auth_user_id"] == str(person.pk)
    assert User.objects.count() == 1


def test_a_person_entered_by_the_platform_with_an_e_mail_is_found_by_it(client):
    person = cast.make_user(email="owner@example.com")
    ask(client, "OWNER@example.com")
    enter(client, last_code("owner@example.com"))
    assert client.session["_auth_user_id"] == str(person.pk)


@pytest.mark.parametrize("typed", ["{code}", " {spaced} ", "{wide}"])
def test_the_code_may_have_spaces_or_full_width_digits(client, typed):
    ask(client, PHONE)
    code = last_code(PHONE)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code)
    enter(client, typed.format(code=code, spaced=f"{code[:3]} {code[3:]}", wide=wide))
    assert is_in(client)


def test_the_way_back_survives_both_steps(client):
    first = ask(client, PHONE, next="/me/cards/?tab=points")
    assert first.headers["Location"] == f"{CODE}?next=%2Fme%2Fcards%2F%3Ftab%3Dpoints"
    assert 'value="/me/cards/?tab=points"' in client.get(first.headers["Location"]).content.decode()
    assert (
        enter(client, last_code(PHONE), next="/me/cards/?tab=points").headers["Location"]
        == "/me/cards/?tab=points"
    )


@pytest.mark.parametrize(
    "away",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https:evil.example",
    ],
)
def test_the_way_back_never_leads_out_of_the_house(client, away):
    ask(client, PHONE, next=away)
    assert enter(client, last_code(PHONE), next=away).headers["Location"] == "/"


def test_a_wrong_code_says_how_many_tries_are_left_and_the_sixth_fails_even_if_right(client):
    ask(client, PHONE)
    right = last_code(PHONE)
    wrong = "000000" if right != "000000" else "111111"
    client.cookies["language"] = "en"
    for left in (4, 3, 2):
        assert f"That code is not right. {left} tries left" in enter(client, wrong).content.decode()
    assert "1 try left" in enter(client, wrong).content.decode()
    assert "Too many wrong codes. Send a new one" in enter(client, wrong).content.decode()

    response = enter(client, right)

    assert response.status_code == 422
    assert not is_in(client)


def test_a_code_works_once(client):
    ask(client, PHONE)
    code = last_code(PHONE)
    enter(client, code)
    client.logout()
    assert enter(client, code).headers["Location"] == LOGIN
    assert not is_in(client)


def test_a_code_belongs_to_the_browser_that_asked_for_it(client):
    ask(client, PHONE)
    other = Client()
    ask(other, "+8613912345678")
    assert enter(other, last_code(PHONE)).status_code == 422
    assert not is_in(other)


def test_an_old_code_has_expired_and_a_new_one_can_be_sent(client, monkeypatch):
    ask(client, PHONE)
    old = last_code(PHONE)
    now = entrance.LoginCodeVerificationProcess.is_valid.__globals__["time"].time
    monkeypatch.setattr("allauth.account.internal.flows.code_verification.time.time", lambda: now() + 301)
    client.cookies["language"] = "en"
    assert "The code has expired. Send a new one" in enter(client, old).content.decode()
    client.post(CODE, {"action": "resend"})
    enter(client, last_code(PHONE))
    assert is_in(client)


def test_a_new_code_ends_the_one_before(client):
    ask(client, PHONE)
    old = last_code(PHONE)
    client.post(CODE, {"action": "resend"})
    if last_code(PHONE) != old:
        assert enter(client, old).status_code == 422
    assert enter(client, last_code(PHONE)).status_code == 302


def test_the_fourth_code_within_five_minutes_is_refused_and_not_sent(client):
    for _ in range(3):
        Client().post(LOGIN, {"login": PHONE})
    response = ask(client, PHONE)
    assert response.status_code == 429
    assert how_many(PHONE) == 3


@override_settings(CODES_PER_ADDRESS_AN_HOUR=4)
def test_one_address_gets_so_many_codes_an_hour_whatever_it_claims_to_be(client):
    for number in range(6):
        client.post(
            LOGIN, {"login": f"+86138000000{number:02d}"}, headers={"X-Forwarded-For": f"10.0.0.{number}"}
        )
    assert sum(how_many(f"+86138000000{number:02d}") for number in range(6)) == 4


@override_settings(CODES_AN_HOUR=2)
def test_the_budget_for_texts_has_an_end(client):
    answers = [
        Client(REMOTE_ADDR=f"10.1.0.{n}").post(LOGIN, {"login": f"+86138000001{n:02d}"}).status_code
        for n in range(4)
    ]
    assert answers == [302, 302, 429, 429]


@pytest.mark.parametrize("typed", ["+1 900 555 0100", "+44 7911 123456", "+882 16 12345678"])
def test_no_text_goes_to_a_country_that_is_not_served(client, typed):
    response = ask(client, typed)
    assert response.status_code == 422
    assert how_many("+" + re.sub(r"\D", "", typed)) == 0


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Enter a phone number or an e-mail address"),
        ("138 1234 567", "Chinese mobile numbers have 11 digits; this has 10"),
        ("1" * 40, "Enter a phone number with all its digits, such as 138 0013 8000"),
        ("\x00\x00", "Enter a phone number or an e-mail address"),
        ("name@", "Enter an e-mail address such as name@example.com"),
        ("010-6505-2255", "This number can&#x27;t receive texts. Enter a mobile number"),
        ("a" * 300 + "@example.com", "Ensure this value has at most 254 characters (it has 312)."),
    ],
)
def test_what_cannot_be_a_contact_gets_a_sentence_that_says_what_to_do(client, typed, sentence):
    client.cookies["language"] = "en"
    response = ask(client, typed)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert User.objects.count() == 0


def test_nul_bytes_around_a_number_are_dropped(client):
    assert ask(client, "\x00138\x0012345678\x00").status_code == 302
    assert how_many(PHONE) == 1


def test_sign_up_is_the_same_door(client):
    assert client.get("/accounts/signup/?next=/me/").headers["Location"] == f"{LOGIN}?next=%2Fme%2F"
