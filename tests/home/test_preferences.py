"""Language, theme and text size: kept, rendered by the server, and never a way out of the portal."""

import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
LANGUAGE = settings.LANGUAGE_COOKIE_NAME


def choose(client, **values):
    return client.post("/preferences/", values)


def test_a_choice_is_rendered_on_the_next_page(client):
    choose(client, theme="dark")
    choose(client, scale="lg")
    choose(client, language="en")
    html = client.get("/").content.decode()
    assert '<html lang="en" data-theme="dark" data-scale="lg">' in html


def test_the_device_decides_again_after_auto(client):
    choose(client, theme="dark")
    choose(client, theme="auto")
    assert '<html lang="zh-Hans">' in client.get("/").content.decode()


@pytest.mark.parametrize("next_", ["/nearby/?cat=hair", "/me/cards/"])
def test_the_person_stays_on_their_page(client, next_):
    assert choose(client, theme="dark", next=next_)["Location"] == next_


@pytest.mark.parametrize(
    "away", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_no_other_site_is_a_next_page(client, away):
    assert choose(client, theme="dark", next=away)["Location"] == "/"


@pytest.mark.parametrize("values", [{"theme": "red"}, {"language": "xx"}, {"scale": "9"}, {"other": "1"}])
def test_unknown_values_change_nothing(client, values):
    assert not choose(client, **values).cookies


def test_the_language_is_remembered_for_messages_too(signed_in, consumer):
    choose(signed_in(consumer), language="en")
    consumer.refresh_from_db()
    assert consumer.language == "en"


def test_a_theme_leaves_the_language_alone(signed_in, consumer):
    choose(signed_in(consumer), theme="dark")
    consumer.refresh_from_db()
    assert consumer.language == "zh-hans"


def test_reading_the_address_changes_nothing(client):
    assert client.get("/preferences/", {"theme": "dark"}).status_code == 405
