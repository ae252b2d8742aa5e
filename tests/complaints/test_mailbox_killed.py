"""SIGKILL takes a worker that reads the mailbox: nothing is lost or said twice, and the next one goes on."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from complaints.fetching import fetch
from complaints.models import Complaint, Mail, Mailbox, Reply
from messaging.models import Dispatch
from tests import cast
from tests.complaints.killed import Gate, Reader, somebody_waits_for_a_lock
from tests.complaints.mail_servers import ADDRESS, PASSWORD, USER, ImapServer
from tests.complaints.mails import answers_to, make_raw, make_writer
from tests.complaints.makers import make_complaint

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.chaos]


@pytest.fixture
def imap(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    settings.MAILBOX_USER, settings.MAILBOX_PASSWORD, settings.MAILBOX_ADDRESS = USER, PASSWORD, ADDRESS
    with ImapServer() as server:
        settings.MAILBOX_HOST, settings.MAILBOX_PORT, settings.MAILBOX_TLS = "127.0.0.1", server.port, "none"
        yield server


def stands(imap: ImapServer) -> tuple[list[str], int, int, int]:
    """The mails by their states, what was said, and what lies in the two folders."""
    states = list(Mail.objects.order_by("uid").values_list("state", flat=True))
    return states, Reply.objects.count(), len(imap.lies_in("INBOX")), len(imap.lies_in("Processed"))


def the_lease_runs_out() -> None:
    Mailbox.objects.update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_worker_killed_before_and_after_the_commit_loses_nothing_and_says_nothing_twice(imap, tmp_path):
    person = make_writer()
    complaint = make_complaint(cast.make_shop(), person)
    imap.put(
        make_raw(person.email, "Re", "还没退款", In_Reply_To=answers_to(complaint)),
        make_raw(person.email, "Re", "第二封", In_Reply_To=answers_to(complaint)),
    )
    before = Dispatch.objects.count()

    with transaction.atomic():  # somebody holds the case: the reader stands inside its transaction
        Complaint.objects.select_for_update().get(pk=complaint.pk)
        reader = Reader(imap.port, MEDIA_ROOT=str(tmp_path))
        reader.until(somebody_waits_for_a_lock)
        reader.kill()
    assert stands(imap) == (["arriving"], 0, 2, 0)
    the_lease_runs_out()

    with Gate(imap.port, b" MOVE ") as gate:
        reader = Reader(gate.port, MEDIA_ROOT=str(tmp_path))
        reader.until(gate.reached.is_set)
        reader.kill()
    assert stands(imap) == (["joined"], 1, 2, 0)
    the_lease_runs_out()

    assert fetch() == 2
    assert stands(imap) == (["joined", "joined"], 2, 0, 2)
    assert list(Reply.objects.order_by("pk").values_list("said", flat=True)) == ["还没退款", "第二封"]
    assert (
        Mail.objects.order_by("uid").first().tries == 2
    )  # the one that was killed under it, and the one that read it
    assert Dispatch.objects.count() == before + 2  # of each mail that joined the person hears once
    assert Mailbox.objects.get().trouble == ""
