import base64
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel import crypto
from portal.kernel.models import User
from tests import cast

KEY = {name: f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2", "k3")}


@given(st.text())
def test_what_is_sealed_opens_to_the_same_text(text: str):
    assert crypto.unseal(crypto.seal(text)) == text
    assert crypto.unseal_findable(crypto.seal_findable(text)) == text


def test_the_same_text_is_sealed_differently_each_time_unless_it_must_be_found():
    assert crypto.seal("13812345678") != crypto.seal("13812345678")
    assert crypto.seal_findable("a@b.c") == crypto.seal_findable("a@b.c")
    assert crypto.blind_index(" A@b.C ") == crypto.blind_index("a@b.c")
    assert crypto.blind_index("a@b.c") != crypto.blind_index("a@b.d")


@pytest.mark.parametrize("change", ["flip", "cut", "other key id", "no key id", "not base64", "empty"])
def test_altered_text_is_refused_loudly(change: str):
    sealed = crypto.seal("secret")
    name, _, body = sealed.partition(":")
    raw = bytearray(base64.b64decode(body))
    raw[-1] ^= 1
    altered = {
        "flip": f"{name}:{base64.b64encode(raw).decode()}",
        "cut": sealed[:-8],
        "other key id": f"k9:{body}",
        "no key id": body,
        "not base64": f"{name}:***",
        "empty": "",
    }[change]
    with pytest.raises(crypto.WrongKey):
        crypto.unseal(altered)


def test_a_wrong_key_never_gives_back_the_sealed_text(settings: Any):
    sealed, findable = crypto.seal("secret"), crypto.seal_findable("secret")
    settings.FIELD_KEYS = ["k1:" + base64.b64encode(b"x" * 32).decode()]
    settings.BLIND_INDEX_KEY = base64.b64encode(b"y" * 32).decode()
    with pytest.raises(crypto.WrongKey):
        crypto.unseal(sealed)
    with pytest.raises(crypto.WrongKey):
        crypto.unseal_findable(findable)


@pytest.mark.parametrize("keys", [[], ["k1:"], ["k1:c2hvcnQ="], [":" + base64.b64encode(b"x" * 32).decode()]])
def test_keys_that_cannot_seal_are_refused(settings: Any, keys: list[str]):
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        crypto.seal("x")


@pytest.mark.django_db
def test_nothing_stays_nothing_and_empty_stays_empty():
    person = cast.make_user(email="a@example.com", name="")
    person.refresh_from_db()
    assert (person.phone, person.name) == (None, "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone, phone_index, name FROM kernel_user WHERE id = %s", [person.pk])
        phone, index, name = cursor.fetchone()
    assert (phone, index) == (None, None)
    assert name.startswith("k")


@pytest.mark.django_db
def test_a_sealed_column_refuses_to_be_searched():
    with pytest.raises(TypeError, match="blind index"):
        User.objects.filter(phone="+8613812345678").exists()
    with pytest.raises(TypeError, match="equality only"):
        EmailAddress.objects.filter(email__icontains="example").exists()


@pytest.mark.django_db
def test_nothing_personal_can_be_read_in_the_tables():
    person = cast.make_user(phone="+8613812345678", name="张女士")
    EmailAddress.objects.create(user=person, email="canary@example.com", verified=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT string_agg(u::text, '') FROM kernel_user u)"
            " || (SELECT string_agg(e::text, '') FROM kernel_userevent e)"
            " || (SELECT string_agg(a::text, '') FROM account_emailaddress a)"
        )
        stored = cursor.fetchone()[0]
    for canary in ("13812345678", "张女士", "canary"):
        assert canary not in stored
    assert EmailAddress.objects.get(email="canary@example.com").user == person


def rotate(*, check: bool = False) -> str:
    said = StringIO()
    call_command("rotate_field_keys", check=check, stdout=said, stderr=StringIO())
    return said.getvalue()


@pytest.mark.django_db
def test_keys_are_changed_without_a_trace_in_the_history(settings: Any, client: Any):
    settings.FIELD_KEYS = [KEY["k1"]]
    person = cast.make_user(phone="+8613812345678", name="张女士")
    client.post("/accounts/login/", {"login": "13912345678"})
    Authenticator.objects.create(
        user=person, type=Authenticator.Type.TOTP, data={"secret": crypto.seal("totp"), "x": 1}
    )
    settings.FIELD_KEYS = [KEY["k2"], KEY["k1"]]
    before = person.history_of() if hasattr(person, "history_of") else _history(person)
    assert " 0 values" not in rotate(check=True)

    assert ": 0 values left" in rotate()

    settings.FIELD_KEYS = [KEY["k2"]]
    person.refresh_from_db()
    assert (person.phone, person.name) == ("+8613812345678", "张女士")
    assert crypto.unseal(Authenticator.objects.get().data["secret"]) == "totp"
    assert "account_login" in client.session
    assert _history(person) == before
    assert rotate().endswith(": 0 values left under older keys\n")


def _history(person: User) -> int:
    return person.events.count()


@pytest.mark.django_db
def test_a_change_that_was_broken_off_goes_on_where_it_was(settings: Any, monkeypatch: pytest.MonkeyPatch):
    settings.FIELD_KEYS = [KEY["k1"]]
    for _ in range(3):
        cast.make_user()
    settings.FIELD_KEYS = [KEY["k2"], KEY["k1"]]
    module = "portal.kernel.management.commands.rotate_field_keys"
    monkeypatch.setattr(f"{module}.BATCH", 1)
    opened = {"left": 2}

    def break_off(sealed: str) -> str:
        opened["left"] -= 1
        if opened["left"] < 0:
            raise KeyboardInterrupt
        return crypto.unseal(sealed)

    with monkeypatch.context() as patch:
        patch.setattr(f"{module}.unseal", break_off)
        with pytest.raises(KeyboardInterrupt):
            rotate()
    assert ": 0 values left" in rotate()
    settings.FIELD_KEYS = [KEY["k2"]]
    assert all(person.phone for person in User.objects.all())


@pytest.mark.django_db
def test_values_under_a_lost_key_are_named_and_the_command_fails(settings: Any):
    settings.FIELD_KEYS = [KEY["k3"]]
    person = cast.make_user()
    settings.FIELD_KEYS = [KEY["k2"], KEY["k1"]]
    said = StringIO()
    with pytest.raises(SystemExit) as end:
        call_command("rotate_field_keys", stdout=StringIO(), stderr=said)
    assert end.value.code == 1
    assert f"kernel_user {person.pk}: sealed under a key that is not at hand" in said.getvalue()
