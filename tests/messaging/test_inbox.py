"""The inbox: what was told, to the person alone, at a constant price."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from messaging.actions import mark_read
from messaging.kinds import HEADLINES
from messaging.models import (
    Message,
    Purpose,
    PushSubscription,
)
from messaging.web.inbox import ICONS
from portal.kernel.models import User
from tests.cast import client_of
from tests.messaging.makers import make_message

pytestmark = pytest.mark.django_db


def queries(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as spoken:
        assert client.get(path).status_code == 200
    return len(spoken)


def test_the_inbox_shows_what_the_person_was_told_and_nobody_elses(consumer: User, stranger: User) -> None:
    make_message(consumer, shop="青禾理发")
    make_message(stranger, shop="别家理发店")
    page = client_of(consumer, language="en").get("/me/inbox/")
    assert "Paid at 青禾理发" in page.content.decode()
    assert "Today" in page.content.decode()
    assert "别家理发店" not in page.content.decode()
    assert "no-cache" in page["Cache-Control"]


def test_messages_of_every_purpose_have_a_picture_and_a_headline() -> None:
    assert set(ICONS) == set(HEADLINES) == set(Purpose)


def test_opening_what_a_message_leads_to_reads_it(consumer: User, stranger: User) -> None:
    for person, url in ((consumer, "/a/"), (consumer, "/b/"), (stranger, "/a/")):
        make_message(person, url=url)
    assert mark_read(consumer, url="/a/") == 1
    assert list(Message.objects.unread().order_by("pk").values_list("url", flat=True)) == ["/b/", "/a/"]


def test_an_empty_inbox_says_what_it_is_for(consumer: User) -> None:
    assert "No messages yet" in client_of(consumer, language="en").get("/me/inbox/").content.decode()


def test_the_inbox_costs_the_same_for_one_message_and_for_a_page_of_them(consumer: User) -> None:
    client = client_of(consumer)
    make_message(consumer)
    client.get("/me/inbox/")
    few = queries(client, "/me/inbox/")
    for _ in range(60):
        make_message(consumer)
    assert queries(client, "/me/inbox/") == few == 4  # session, person, navigation, messages


def test_older_messages_are_one_link_away(consumer: User) -> None:
    first = make_message(consumer, shop="第一家店")
    for _ in range(50):
        make_message(consumer)
    client = client_of(consumer)
    page = client.get("/me/inbox/").content.decode()
    assert "第一家店" not in page
    (before,) = re.findall(r'href="\?before=(\d+)"', page)
    assert int(before) == first.pk + 1
    assert "第一家店" in client.get(f"/me/inbox/?before={before}").content.decode()


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, "１２"])
def test_a_page_that_cannot_be_is_the_first_one(consumer: User, before: str) -> None:
    make_message(consumer, shop="青禾理发")
    assert "青禾理发" in client_of(consumer).get("/me/inbox/", {"before": before}).content.decode()


def test_a_message_of_a_kind_that_is_gone_does_not_break_the_page(consumer: User) -> None:
    make_message(consumer)
    Message.objects.update(kind="test.gone")
    assert client_of(consumer).get("/me/inbox/").status_code == 200


def test_markup_in_a_message_is_shown_as_text(consumer: User) -> None:
    make_message(consumer, shop="<b>x</b>%(amount)s{{ 7 }}")
    page = client_of(consumer).get("/me/inbox/").content.decode()
    assert "&lt;b&gt;x&lt;/b&gt;%(amount)s{{ 7 }}" in page


def test_all_are_marked_read_and_twice_is_as_once(consumer: User, stranger: User) -> None:
    make_message(consumer)
    theirs = make_message(stranger)
    client = client_of(consumer)
    for _ in range(2):
        assert client.post("/me/inbox/read/").status_code == 302
    assert list(Message.objects.unread()) == [theirs]


def test_somebody_elses_message_stays_unread(consumer: User, stranger: User) -> None:
    theirs = make_message(stranger)
    client_of(consumer).post(f"/me/inbox/{theirs.pk}/read/")
    assert list(Message.objects.unread()) == [theirs]


@pytest.mark.parametrize("path", ["/me/inbox/", "/me/notifications/"])
def test_visitors_are_asked_to_sign_in(db: None, path: str) -> None:
    assert client_of().get(path).status_code == 302
    assert client_of().post("/me/push/", {"endpoint": "https://fcm.googleapis.com/x"}).status_code == 302
    assert not PushSubscription.objects.exists()
