"""Names and words that want to be more than words, in letters: no headers, no mark-up, not turned round."""

import email
from email import policy

import pytest
from django.core import mail
from django.utils import timezone

from messaging import parcels
from messaging.channels.mail import Mail
from messaging.models import Dispatch
from portal.kernel.models import User
from tests.cast import make_user
from tests.messaging.makers import DEAL_MAIL, make_message

pytestmark = pytest.mark.django_db
HOSTILE = [
    "店\r\nBcc: thief@example.com",
    "店\nSubject: 中奖了\n\n<h1>x</h1>",
    "</p><script>alert(1)</script><img src=x onerror=alert(2)>\"'&",
    "\u202emoc.knab\u202c \u2066x\u2069 \u2028y\u2029 \x00\x07\x1b[31m",
    "%(shop)s {0.__class__} {{7*7}} ${7*7} {% load x %}",
    "=?utf-8?b?QmNjOiB4QHkueg==?=",
    "很" * 2000,
]


def letter_of(shop: str, kind: object = DEAL_MAIL) -> email.message.EmailMessage:
    """What leaves for the mail server, read as a mail program reads it."""
    person: User = make_user(email=f"a{timezone.now().timestamp()}@example.com")
    message = make_message(person, kind, shop=shop)
    row = Dispatch.objects.filter(message=message).order_by("pk").select_related("message__person")[0]
    row.channel = "email"
    Mail().send(parcels.make(row, person.email, timezone.now()))
    return email.message_from_bytes(mail.outbox[-1].message().as_bytes(), policy=policy.default)


@pytest.mark.parametrize("shop", HOSTILE)
def test_a_hostile_name_stays_a_name(shop: str) -> None:
    sent = letter_of(shop)
    assert len(mail.outbox) == 1 and len(mail.outbox[0].recipients()) == 1
    assert sent["Bcc"] is None and len(sent.get_all("Subject")) == len(sent.get_all("To")) == 1
    subject = str(sent["Subject"])
    assert not set("\r\n\x00\x07\x1b\u2028\u2029\u202e\u2066") & set(subject)
    html = sent.get_body(("html",)).get_content()
    plain = sent.get_body(("plain",)).get_content()
    for raw in ("<script>alert", "<img src=x", "<h1>"):
        assert raw not in html
    for text in (html, plain):
        assert not set("\x00\x07\x1b\u202e\u2066") & set(text)


@pytest.mark.parametrize("shop", HOSTILE[4:5])
def test_placeholders_in_a_name_are_shown_as_they_are(shop: str) -> None:
    assert shop in str(letter_of(shop)["Subject"])


def test_the_way_out_of_a_letter_is_the_portals_own(settings: object) -> None:
    sent = letter_of("店>\r\nList-Unsubscribe: <https://evil.example>")
    (way,) = sent.get_all("List-Unsubscribe")
    assert way.strip().startswith(f"<{settings.SITE_URL}") and "evil" not in way
