"""Text messages: through a provider that speaks signed JSON, with sender and way out, at a known cost."""

import json
import time as clock
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from messaging import actions, delivery
from messaging.channels import way
from messaging.cost import cost_of, parts_of
from messaging.kinds import Kind, register
from messaging.models import (
    Channel,
    Choice,
    ConsentEntry,
    DeadAddress,
    Dispatch,
    Purpose,
    Reason,
    Source,
    State,
)
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import make_message
from tests.messaging.sms_service import SECRET, SmsService, signed

pytestmark = pytest.mark.django_db
BY_TEXT = (Channel.SMS,)
RECEIPT = register(Kind("test.text", Purpose.MONEY, "Paid", "You paid %(amount)s.", BY_TEXT))
DEAL = register(Kind("test.deal_text", Purpose.DEALS, "Tonight", "Half price at %(shop)s", BY_TEXT))
PHONE = "+8613800138000"


@pytest.fixture
def service(settings: Any) -> Iterator[SmsService]:
    with SmsService() as listening:
        settings.SMS_PROVIDER = "messaging.channels.gateway.Gateway"
        settings.SMS_URL, settings.SMS_KEY, settings.SMS_SECRET = listening.url, "street-corner", SECRET
        way.cache_clear()
        yield listening
    way.cache_clear()


@pytest.fixture
def reader(db: None) -> User:
    person = make_user(PHONE, language="en")
    actions.choose(person, {("deals", "sms"): True}, source=Source.PAGE)
    actions.set_quiet_hours(person, time(0), time(0))
    return person


def test_a_text_arrives_signed_with_template_and_values(service: SmsService, reader: User) -> None:
    make_message(reader, RECEIPT, amount="¥38")
    delivery.send_due()
    (text,) = service.texts.values()
    assert (text["to"], text["template"], text["params"]["amount"]) == (PHONE, "test.text", "¥38")
    assert (text["text"], text["language"]) == ("【Street Corner】You paid ¥38.", "en")
    assert text["id"] == Dispatch.objects.get(state=State.SENT).token.hex


def test_advertising_says_who_sends_it_and_how_to_have_no_more(service: SmsService, reader: User) -> None:
    make_message(reader, DEAL, shop="Qinghe")
    delivery.send_due()
    (text,) = service.texts.values()
    assert text["text"] == "【Street Corner】Half price at Qinghe Reply R to opt out"


def test_a_wrong_secret_is_refused_and_parked(service: SmsService, reader: User, settings: Any) -> None:
    settings.SMS_SECRET = "another"
    make_message(reader, RECEIPT)
    delivery.send_due()
    assert (Dispatch.objects.get().state, Dispatch.objects.get().last_error) == (State.PARKED, "HTTP 401")
    assert not service.texts


def test_a_busy_provider_is_asked_again_when_it_says(service: SmsService, reader: User) -> None:
    service.statuses = [429]
    make_message(reader, RECEIPT)
    before = timezone.now()
    delivery.send_due()
    assert Dispatch.objects.get().due_at - before >= timedelta(seconds=90)
    Dispatch.objects.update(due_at=timezone.now())
    delivery.send_due()
    assert (len(service.texts), service.requests) == (1, 2)


def test_a_provider_that_is_not_there_is_tried_later(
    reader: User, service: SmsService, settings: Any
) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/texts"
    make_message(reader, RECEIPT)
    delivery.send_due()
    row = Dispatch.objects.get()
    assert (row.state, row.last_error) == (State.QUEUED, "NewConnectionError")


def test_a_number_that_is_none_is_not_tried_again(service: SmsService, reader: User) -> None:
    service.statuses = [410]
    for _ in range(2):
        make_message(reader, RECEIPT)
        delivery.send_due()
    assert service.requests == 1
    assert set(Dispatch.objects.values_list("reason", flat=True)) == {Reason.NO_ADDRESS}


def report(said: dict[str, Any] | list[Any], *, stamp: int | None = None, secret_ok: bool = True) -> int:
    body = json.dumps(said).encode()
    stamp_text = str(stamp or int(clock.time()))
    signature = signed(stamp_text, body) if secret_ok else "0" * 64
    headers = {"X-Timestamp": stamp_text, "X-Signature": signature}
    client = Client(enforce_csrf_checks=True)
    return client.post("/sms/report/", body, "application/json", headers=headers).status_code


def test_answering_r_stops_all_advertising_by_text(service: SmsService, reader: User) -> None:
    for _ in range(2):
        assert report({"from": PHONE, "text": " r "}) == 204
    assert not Choice.objects.get(purpose="deals", channel="sms").wanted
    last = ConsentEntry.objects.latest("pk")
    assert (last.source, last.wanted, len(last.proof)) == (Source.REPLY, False, 32)
    make_message(reader, DEAL)
    delivery.send_due()
    assert Dispatch.objects.get().reason == Reason.NO_CONSENT


def test_a_reported_number_is_dead_and_twice_is_once(service: SmsService, reader: User) -> None:
    for _ in range(2):
        assert report({"to": PHONE, "status": "unknown_number"}) == 204
    assert DeadAddress.objects.get().channel == "sms"


def test_a_report_that_nobody_signed_changes_nothing(service: SmsService, reader: User) -> None:
    said = {"from": PHONE, "text": "R"}
    assert report(said, secret_ok=False) == 404
    assert report(said, stamp=int(clock.time()) - 301) == 404
    assert report(["R"]) == 400
    assert report({"from": "+8613900000000", "text": "R"}) == 204
    assert Choice.objects.get(purpose="deals", channel="sms").wanted


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("券" * 70, 1),
        ("券" * 71, 2),
        ("券" * 134, 2),
        ("券" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("", 1),
    ],
)
def test_a_text_is_charged_by_its_parts(text: str, parts: int) -> None:
    assert parts_of(text) == parts


def test_the_cost_is_known_before_sending(settings: Any) -> None:
    settings.SMS_PRICE = 5
    assert cost_of(DEAL, {"en": 10, "zh-hans": 4}, shop="Qinghe") == 14 * 5
    assert cost_of(DEAL, {"en": 10}, shop="x" * 60) == 10 * 2 * 5
    assert cost_of(DEAL, {}, shop="Qinghe") == 0
