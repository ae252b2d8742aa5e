import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from portal.home.accounts import entrance
from portal.kernel.models import User
from tests import cast
from tests.accounts.codes import how_many, last_code

LOGIN, CODE = "/accounts/login/", "/accounts/login/code/confirm/"
PHONE = "+8613812345678"
pytestmark = pytest.mark.django_db


def ask(client: Client, who: str, **extra: str) -> Any:
    return client.post(LOGIN, {"login": who, **extra})


def enter(client: Client, code: str, **extra: str) -> Any:
    return client.post(CODE, {"code": code, **extra})


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


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


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(client):
    cast.make_user(phone=PHONE)
    known, unknown = Client(), Client()
    answers = [known.post(LOGIN, {"login": PHONE}), unknown.post(LOGIN, {"login": "+8613912345678"})]
    assert [a.status_code for a in answers] == [302, 302]
    pages = []
    for browser, contact in ((known, PHONE), (unknown, "+8613912345678")):
        body = browser.get(CODE).content.decode().replace(contact, "CONTACT")
        pages.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", body))
    assert pages[0] == pages[1]
    assert how_many(PHONE) == how_many("+8613912345678") == 1


def test_a_wrong_password_reads_the_same_for_known_and_unknown_people(client):
    cast.make_user(phone=PHONE, password="correct horse battery")
    bodies = []
    for contact in (PHONE, "+8613912345678"):
        body = ask(client, contact, password="wrong").content.decode().replace(contact, "CONTACT")
        bodies.append(re.sub(r'value="[A-Za-z0-9]{64}"', "", body))
    assert bodies[0] == bodies[1]


def test_a_password_signs_in_without_a_code(client):
    cast.make_user(phone=PHONE, password="correct horse battery")
    assert (
        ask(client, "138 1234 5678", password="correct horse battery", next="/me/").headers["Location"]
        == "/me/"
    )
    assert is_in(client)
    assert how_many(PHONE) == 0


def test_the_sixth_password_in_five_minutes_is_refused_even_if_right(client):
    cast.make_user(phone=PHONE, password="correct horse battery")
    for _ in range(5):
        ask(client, PHONE, password="wrong")
    assert ask(client, PHONE, password="correct horse battery").status_code == 422
    assert not is_in(client)


def test_a_deactivated_person_is_told_so_and_stays_out(client):
    cast.make_user(phone=PHONE, is_active=False)
    ask(client, PHONE)
    assert enter(client, last_code(PHONE)).headers["Location"] == "/accounts/inactive/"
    assert not is_in(client)


def test_the_session_gets_a_new_key_at_sign_in_and_is_dead_after_sign_out(client):
    ask(client, PHONE)
    before = client.session.session_key
    enter(client, last_code(PHONE))
    after = client.session.session_key
    assert before != after
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key__in=[before, after]).exists()


def test_sessions_last_half_a_year_and_their_cookie_is_closed_to_scripts(client):
    ask(client, PHONE)
    enter(client, last_code(PHONE))
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.session.get_expiry_date() > timezone.now() + timedelta(days=179)


def test_nothing_personal_of_a_pending_sign_in_can_be_read_in_the_database(client):
    ask(client, PHONE)
    ask(Client(), "canary@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(session_data, ' ') FROM django_session")
        stored = cursor.fetchone()[0]
        cursor.execute("SELECT string_agg(key, ' ') FROM kernel_allowance")
        stored += cursor.fetchone()[0]
    assert last_code(PHONE) not in stored
    for text in ("13812345678", "canary"):
        assert text not in stored
    from portal.kernel.sessions import SessionStore

    row = Session.objects.first()
    assert row and "account_login" in SessionStore().decode(row.session_data)
    from django.core import signing

    with pytest.raises(signing.BadSignature):
        signing.loads(row.session_data, salt="django.contrib.sessions.SessionStore")


def test_sign_up_is_the_same_door(client):
    assert client.get("/accounts/signup/?next=/me/").headers["Location"] == f"{LOGIN}?next=%2Fme%2F"


@pytest.mark.django_db(transaction=True)
def test_two_hundred_guesses_at_once_get_five_tries():
    browser = Client()
    ask(browser, PHONE)
    right = last_code(PHONE)
    wrong = "000000" if right != "000000" else "111111"
    answers: list[str] = []

    def guess() -> None:
        mine = Client()
        mine.cookies["sessionid"] = browser.cookies["sessionid"].value
        mine.cookies["language"] = "en"
        answers.append(enter(mine, wrong).content.decode())
        connection.close()

    threads = [threading.Thread(target=guess) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    judged = [a for a in answers if "tries left" in a or "try left" in a]
    assert len(judged) == 4  # the fifth wrong one and all later ones are told to send a new code
    assert enter(browser, right).status_code == 422
