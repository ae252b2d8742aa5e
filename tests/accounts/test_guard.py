"""What the door does not tell, whom it keeps out, and how long a session lives."""

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests import cast
from tests.accounts.codes import how_many, last_code
from tests.accounts.doors import CODE, LOGIN, PHONE, ask, enter, is_in

pytestmark = pytest.mark.django_db


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
