"""The mailbox against a real IMAP and a real SMTP server: there and back, whatever lies in it, once each."""

import io
import logging
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone
from PIL import Image

from complaints import actions
from complaints.fetching import fetch
from complaints.links import token_of
from complaints.mailbox.imap import Box
from complaints.models import Mail, Mailbox, Reply
from messaging import delivery
from messaging.models import Dispatch
from tests.complaints.mail_servers import (
    ADDRESS,
    PASSWORD,
    USER,
    ImapServer,
    SmtpServer,
    free_port,
)
from tests.complaints.mails import answers_to, make_raw, make_writer
from tests.complaints.makers import make_agent, make_complaint

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def server():
    with ImapServer() as standing:
        yield standing


@pytest.fixture
def imap(server, settings):
    server.empty()
    settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = "127.0.0.1", server.port, "none"
    settings.MAILBOX_USER, settings.MAILBOX_PASSWORD, settings.MAILBOX_ADDRESS = USER, PASSWORD, ADDRESS
    return server


@pytest.fixture
def smtp(settings):
    with SmtpServer() as standing:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", standing.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        yield standing


def delivered(smtp: SmtpServer) -> EmailMessage:
    """The one mail that waited to be sent, as it arrived."""
    before = len(smtp.taken)
    for row in Dispatch.objects.filter(channel="email", state="queued").order_by("pk"):
        delivery.send_now(row.pk)
    assert len(smtp.taken) == before + 1
    return smtp.taken[-1]


def answer_of(mail: EmailMessage, sender: str, words: str) -> bytes:
    """What a mail program makes of "answer": the thread in its headers, what was said below."""
    quoted = "\n".join(f"> {line}" for line in mail.get_body(("plain",)).get_content().splitlines())
    return make_raw(
        sender,
        f"Re: {mail['Subject']}",
        f"{words}\n\nOn Mon, 23 Nov 2026 at 10:00, Street Corner wrote:\n{quoted}\n",
        In_Reply_To=mail["Message-ID"],
        References=f"{mail['References']} {mail['Message-ID']}",
    )


def test_a_complaint_goes_round_by_mail_alone(imap, smtp, shop, client):
    imap.put(
        make_raw("Grace <grace@example.com>", "Burnt", "My scalp was burnt.", Message_ID="<one@example.com>")
    )
    assert fetch() == 1
    first = delivered(smtp)
    mail = Mail.objects.get()
    assert (first["To"], first["Reply-To"], first["Auto-Submitted"]) == (
        "grace@example.com",
        ADDRESS,
        "auto-generated",
    )
    assert first["In-Reply-To"] == "<one@example.com>" and "<one@example.com>" in first["References"]
    assert str(mail) in first["Subject"]
    link = re.search(r"/case/([^/\s]+)/", first.get_body(("plain",)).get_content())
    assert token_of(link[1]) == mail.token
    assert str(mail) in client.get(link[0]).content.decode()

    complaint = actions.case_from_mail(
        mail, shop=shop, reason="quality", by=make_agent(), moment=timezone.now()
    )
    assert (complaint.number, complaint.token, complaint.came_by) == (mail.number, mail.token, "mail")
    assert "My scalp was burnt." in client.get(link[0]).content.decode()

    second = delivered(smtp)
    imap.put(answer_of(second, "grace@example.com", "It still hurts."))
    assert fetch() == 1
    said = Reply.objects.get()
    assert (said.complaint, said.by, said.said) == (complaint, complaint.person, "It still hurts.")
    assert "added it to complaint" in delivered(smtp).get_body(("plain",)).get_content()
    assert (len(imap.lies_in("INBOX")), len(imap.lies_in("Processed"))) == (0, 2)


MALFORMED = {
    "only noise": b"\xff\xfe\x00junk \x80\x81 without any head",
    "no from": b"Subject: x\r\n\r\nwho am I",
    "two senders": b"From: a@example.com, b@example.com\r\nSubject: x\r\n\r\nboth of us",
    "from nobody": b"From: =?utf-8?q?=ff=fe?= <>\r\n\r\nx",
    "no charset": b"From: a1@example.com\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xe4\xbd\xa0",
    "charset that is a trap": b"From: a2@example.com\r\nContent-Type: text/plain; charset=idna\r\n\r\n"
    + b"a." * 9000,
    "nul": b"From: a3@example.com\r\nSubject: a\x00b\r\n\r\nbefore\x00after",
    "giant header": b"From: a4@example.com\r\nX-Filler: " + b"y" * 900_000 + b"\r\nSubject: z\r\n\r\nbody",
    "many headers": b"From: a5@example.com\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\nbody",
    "broken boundary": b"From: a6@example.com\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n--x",
    "deep": b"From: a7@example.com\r\n"
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(80)),
    "bad base64": b"From: a8@example.com\r\nContent-Transfer-Encoding: base64\r\n\r\n!!!=%%%===\r\nAAA",
    "bad encoded word": b"From: a9@example.com\r\nSubject: =?utf-8?b?!!!?= =?x?q?=?=\r\n\r\nx",
    "deep html": b"From: b1@example.com\r\nContent-Type: text/html\r\n\r\n" + b"<div>" * 30_000 + b"help",
    "nothing": b"\r\n\r\n",
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_mail_is_seen_by_staff_and_stops_no_other(imap, what):
    imap.put(MALFORMED[what], make_raw("after@example.com"))
    assert fetch() == 2
    odd, good = Mail.objects.order_by("uid")
    assert odd.state in ("sort", "parked") and odd.why
    assert good.state == "sort" and good.sender == "after@example.com"
    assert imap.lies_in("INBOX") == []
    assert Mailbox.objects.get().trouble == ""


def test_a_file_of_20_mb_is_left_out_and_the_person_reads_so(imap, smtp, shop):
    person = make_writer()
    complaint, photo = make_complaint(shop, person), io.BytesIO()
    delivered(smtp)
    Image.new("RGB", (40, 30), "red").save(photo, "JPEG")
    files = (
        ("film.mov", b"\x00\x01" * 10_000_000, "video/quicktime"),
        ("photo.jpg", photo.getvalue(), "image/jpeg"),
    )
    imap.put(make_raw(person.email, "Re", "请看照片", files=files, In_Reply_To=answers_to(complaint)))
    assert fetch() == 1
    said = Reply.objects.get()
    assert (said.said, [one.kind for one in said.attachments.all()]) == ("请看照片", ["picture"])
    assert "film.mov" in delivered(smtp).get_body(("plain",)).get_content()
    assert Mail.objects.get().raw.size > 20_000_000


def test_of_mail_above_the_limit_only_the_head_is_fetched(imap, settings):
    settings.MAILBOX_LARGEST = 10_000
    imap.put(make_raw("big@example.com", "看照片", "x" * 20_000))
    assert fetch() == 1
    mail = Mail.objects.get()
    assert (mail.state, mail.why, mail.sender, mail.subject) == ("sort", "large", "big@example.com", "看照片")
    assert mail.text == "" and mail.raw.size < 10_000


def test_a_worker_killed_between_commit_and_moving_says_nothing_twice(imap, shop, monkeypatch):
    person = make_writer()
    complaint = make_complaint(shop, person)
    imap.put(make_raw(person.email, "Re", "还没退款", In_Reply_To=answers_to(complaint)))

    def killed(box, uid):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Box, "put_away", killed)
        with pytest.raises(KeyboardInterrupt):
            fetch()
    assert (Reply.objects.count(), len(imap.lies_in("INBOX"))) == (1, 1)
    assert fetch() == 0  # the dead worker's lease still holds
    Mailbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert fetch() == 1
    assert (Reply.objects.count(), Mail.objects.count(), len(imap.lies_in("INBOX"))) == (1, 1, 0)


def test_the_same_mail_delivered_anew_is_known_again(imap, shop):
    person = make_writer()
    complaint = make_complaint(shop, person)
    raw = make_raw(person.email, "Re", "还没退款", In_Reply_To=answers_to(complaint))
    imap.put(raw)
    fetch()
    imap.put(b"Received: from elsewhere by there; Mon, 23 Nov 2026 10:00:00 +0800\r\n" + raw)
    fetch()
    assert list(Mail.objects.order_by("uid").values_list("state", flat=True)) == ["joined", "copy"]
    assert Reply.objects.count() == 1


def test_a_mail_that_breaks_its_reader_is_parked_and_read_when_the_reason_is_gone(imap, monkeypatch, caplog):
    imap.put(make_raw("a@example.com", text="毒"), make_raw("b@example.com"))
    from complaints.actions import receiving

    whole = receiving.new_words

    def broken(text):
        if "毒" in text:
            raise OverflowError("a fault of ours")
        return whole(text)

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "new_words", broken)
        assert fetch() == 2
    poison, good = Mail.objects.order_by("uid")
    assert (poison.state, poison.why, poison.detail, good.state) == (
        "parked",
        "broken",
        "OverflowError",
        "sort",
    )
    assert imap.lies_in("INBOX") == []
    agent = make_agent()
    assert actions.read_again(poison, by=agent, moment=timezone.now()).state == "sort"


def test_a_mail_that_kills_its_worker_each_time_is_left_alone_in_the_end(imap, monkeypatch):
    imap.put(make_raw("a@example.com"), make_raw("b@example.com"))

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    for _ in range(actions.MOST_TRIES):
        with monkeypatch.context() as patch:
            patch.setattr("complaints.fetching.actions.receive_mail", killed)
            with pytest.raises(KeyboardInterrupt):
                fetch()
        Mailbox.objects.update(lease_until=None)
    assert fetch() == 2
    first, second = Mail.objects.order_by("uid")
    assert (first.state, first.why, second.state) == ("parked", "off", "sort")


def test_a_server_that_is_away_is_logged_and_shown_and_nothing_is_lost(imap, settings, signed_in, caplog):
    imap.put(make_raw())
    there, settings.MAILBOX_PORT = settings.MAILBOX_PORT, free_port()
    with caplog.at_level(logging.ERROR):
        assert fetch() == 0
    assert "the mailbox can't be read" in caplog.text
    box = Mailbox.objects.get()
    assert "ConnectionRefusedError" in box.trouble and box.fetched_at is None and box.lease is None
    page = signed_in(make_agent(), language="en").get("/staff/complaints/mail/").content.decode()
    assert "has not been read yet" in page and "ConnectionRefusedError" in page
    settings.MAILBOX_PORT = there
    assert fetch() == 1
    assert Mailbox.objects.get().trouble == ""


def test_a_wrong_password_says_so(imap, settings):
    settings.MAILBOX_PASSWORD = "wrong"
    assert fetch() == 0
    assert "LoginError" in Mailbox.objects.get().trouble


def test_one_worker_reads_at_a_time(imap):
    imap.put(make_raw())
    Mailbox.objects.create(pk=1, lease_until=timezone.now() + timedelta(minutes=1))
    assert fetch() == 0
    assert not Mail.objects.exists()


def test_a_worker_that_was_overtaken_stops(imap, monkeypatch):
    imap.put(make_raw("a@example.com"), make_raw("b@example.com"))
    whole = Box.put_away

    def overtaken(box, uid):
        whole(box, uid)
        Mailbox.objects.update(lease="00000000-0000-0000-0000-000000000000")

    monkeypatch.setattr(Box, "put_away", overtaken)
    assert fetch() == 1
    assert Mailbox.objects.get().fetched_at is None


def test_a_server_that_cannot_move_is_served_too(imap, monkeypatch):
    from imapclient import IMAPClient

    whole = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "MOVE" and whole(self, name))
    imap.put(make_raw())
    assert fetch() == 1
    assert (len(imap.lies_in("INBOX")), len(imap.lies_in("Processed"))) == (0, 1)
