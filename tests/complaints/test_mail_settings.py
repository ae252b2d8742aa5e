"""A mailbox is set up whole or not at all."""

import socket
import ssl
import threading
from contextlib import suppress

import pytest

from complaints.checks import mailbox_is_whole_or_off
from complaints.fetching import fetch
from complaints.mailbox.place import answers_go_to, is_set_up, our_addresses, port
from complaints.models import Complaint, Mailbox
from messaging.models import Message
from tests.complaints.mail_servers import PASSWORD, USER, made_up_certificate
from tests.complaints.mails import make_mail

WHOLE = {
    "MAILBOX_HOST": "imap.example.com",
    "MAILBOX_USER": "help@example.com",
    "MAILBOX_PASSWORD": "secret",
    "MAILBOX_ADDRESS": "help@example.com",
    "MAILBOX_TLS": "tls",
}


def given(settings, **changed):
    for name, value in (WHOLE | changed).items():
        setattr(settings, name, value)
    return " ".join(str(fault.msg) for fault in mailbox_is_whole_or_off())


def test_whole_or_off_is_fine(settings):
    assert given(settings) == ""
    assert is_set_up() and answers_go_to() == "help@example.com"
    assert given(settings, MAILBOX_HOST="", MAILBOX_USER="", MAILBOX_PASSWORD="") == ""
    assert not is_set_up() and answers_go_to() == ""


@pytest.mark.parametrize("name", ["MAILBOX_HOST", "MAILBOX_USER", "MAILBOX_PASSWORD", "MAILBOX_ADDRESS"])
def test_half_a_mailbox_is_refused_and_says_what_is_missing(settings, name):
    assert f"{name} is missing" in given(settings, **{name: ""})


def test_a_password_never_goes_over_the_net_in_the_clear(settings):
    settings.PRODUCTION = True
    assert "in the clear" in given(settings, MAILBOX_TLS="none")
    assert given(settings, MAILBOX_TLS="none", MAILBOX_HOST="localhost") == ""
    assert given(settings, MAILBOX_TLS="starttls") == ""
    assert "takes tls" in given(settings, MAILBOX_TLS="ssl3")


def test_mail_is_put_into_another_folder(settings):
    assert "another folder" in given(settings, MAILBOX_DONE_FOLDER="INBOX")


@pytest.mark.parametrize(
    ("kind", "said", "expected"), [("tls", 0, 993), ("starttls", 0, 143), ("tls", 1993, 1993)]
)
def test_the_port_follows_the_kind_of_tls(settings, kind, said, expected):
    given(settings, MAILBOX_TLS=kind, MAILBOX_PORT=said)
    assert port() == expected


def test_our_own_addresses_are_all_that_we_write_from(settings):
    given(settings)
    settings.DEFAULT_FROM_EMAIL = "Street Corner <Hello@Example.com>"
    assert our_addresses() == {"help@example.com", "hello@example.com"}


@pytest.mark.django_db
def test_without_a_mailbox_nobody_is_asked(settings, shop):
    settings.MAILBOX_HOST = ""
    assert fetch() == 0
    assert not Mailbox.objects.exists()
    make_mail()
    assert Message.objects.filter(kind="complaints.mail_received").count() == 1
    assert Complaint.objects.count() == 0


@pytest.mark.django_db
def test_a_server_that_cannot_prove_itself_gets_no_password(settings, tmp_path):
    """Its certificate is its own work: the worker ends the line before it says anything."""
    heard: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*made_up_certificate(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            line, _who = listening.accept()
            with suppress(OSError), context.wrap_socket(line, server_side=True) as secret:
                heard.append(secret.recv(100))

        server = threading.Thread(target=answer)
        server.start()
        settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = "127.0.0.1", 0, "tls"
        settings.MAILBOX_PORT = listening.getsockname()[1]
        settings.MAILBOX_USER, settings.MAILBOX_PASSWORD = USER, PASSWORD
        assert fetch() == 0
        server.join(30)
    assert "CERTIFICATE_VERIFY_FAILED" in Mailbox.objects.get().trouble
    assert PASSWORD.encode() not in b"".join(heard)
