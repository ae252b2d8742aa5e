import random
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import codes
from portal.kernel.models import Code

PARTS = st.text(alphabet=codes.ALPHABET, min_size=9, max_size=9)


@given(PARTS)
def test_every_single_slip_of_the_finger_is_noticed(body: str):
    code = body + codes.check_character(body)
    for place in range(len(code)):
        for other in codes.ALPHABET:
            if other != code[place]:
                assert codes.normalise_code(code[:place] + other + code[place + 1 :]) is None


@given(PARTS)
def test_a_code_survives_every_way_people_write_it(body: str):
    code = body + codes.check_character(body)
    confused = code.replace("0", "o").replace("1", "l")
    for typed in (
        code.lower(),
        f" {code[:5]} {code[5:]} ",
        f"{code[:5]}-{code[5:]}",
        confused,
        codes.code_url(code),
    ):
        assert codes.normalise_code(typed) == code


@pytest.mark.parametrize("typed", ["", "ABC", "U" * 10, "é" * 10, "0" * 11, "\x00" * 10, "١" * 10])
def test_what_cannot_be_a_code_is_none(typed: str):
    assert codes.normalise_code(typed) is None


def test_codes_do_not_repeat_and_cannot_be_guessed_from_each_other():
    drawn = [codes.new_code() for _ in range(5000)]
    assert len(set(drawn)) == 5000
    assert all(len(code) == 10 and not set(code) & set("ILOU") for code in drawn)
    assert len({code[place] for code in drawn for place in range(9)}) == 32


def test_the_qr_holds_the_address_in_capitals_and_nothing_else(settings: Any):
    settings.SITE_URL = "https://corner.example"
    assert codes.code_url("ABCDE12345") == "HTTPS://CORNER.EXAMPLE/Q/ABCDE12345"
    svg = codes.qr_svg(codes.code_url("ABCDE12345"))
    assert svg.startswith("<svg")
    assert "style=" not in svg
    assert "script" not in svg


@pytest.mark.django_db
@pytest.mark.parametrize("prefix", ["q", "Q"])
def test_a_known_code_leads_where_the_highest_app_says(
    client: Client, monkeypatch: pytest.MonkeyPatch, prefix: str
):
    monkeypatch.setitem(codes._resolvers, "poster", [])
    codes.resolves("poster")(lambda request, ref: f"/low/{ref}")
    codes.resolves("poster")(lambda request, ref: "/high/" if ref == 2 else None)
    one, two = codes.issue_codes("poster", [1, 2])
    assert client.get(f"/{prefix}/{one}").headers["Location"] == "/low/1"
    assert client.get(f"/{prefix}/{two.lower()}/").headers["Location"] == "/high/"


@pytest.mark.django_db
def test_an_unknown_code_gets_a_page_on_which_it_can_be_typed(client: Client):
    client.cookies["language"] = "en"
    answer = client.get(f"/q/{codes.new_code()}")
    assert answer.status_code == 404
    assert "We don't know this code" in answer.content.decode()
    assert 'name="code"' in answer.content.decode()


@pytest.mark.django_db
def test_a_typed_code_is_checked_before_it_is_looked_up(client: Client):
    client.cookies["language"] = "en"
    token = codes.issue_code("poster", 1)
    assert (
        client.get("/q/", {"code": f"{token[:5]} {token[5:].lower()}"}).headers["Location"] == f"/q/{token}"
    )
    slip = ("0" if token[0] != "0" else "1") + token[1:]
    answer = client.get("/q/", {"code": slip})
    assert answer.status_code == 422
    assert "This is not a whole code" in answer.content.decode()
    assert client.get("/q/").status_code == 200


@pytest.mark.django_db
def test_guessing_is_stopped_for_the_address_even_when_a_guess_is_right(client: Client, monkeypatch: Any):
    monkeypatch.setitem(codes._resolvers, "poster", [lambda request, ref: "/found/"])
    token = codes.issue_code("poster", 1)
    chance = random.Random(1)
    for _ in range(30):
        body = "".join(chance.choices(codes.ALPHABET, k=9))
        assert client.get(f"/q/{body}{codes.check_character(body)}").status_code == 404
    assert client.get(f"/q/{token}").status_code == 429
    assert client.get(f"/q/{token}", headers={"X-Forwarded-For": "10.0.0.1"}).status_code == 429
    assert Client(REMOTE_ADDR="10.0.0.2").get(f"/q/{token}").headers["Location"] == "/found/"
    assert Code.objects.count() == 1
