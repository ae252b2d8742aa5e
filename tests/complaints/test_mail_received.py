"""What becomes of a mail: it joins its case, waits, or is passed over; and what its sender hears."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from complaints.mailbox.threads import thread_of
from complaints.models import Complaint, Mail, Reply
from messaging.actions import mark_dead
from messaging.models import Dispatch, Message
from portal.kernel.invariants import all_invariants
from portal.kernel.models import User
from tests.complaints.mails import PDF, answers_to, make_mail, make_raw, name_of, take_in
from tests.complaints.makers import begin, close, make_agent, make_complaint, picture_file

pytestmark = pytest.mark.django_db
MIA = "Mia <mia@example.com>"


def broken(code: str) -> list[int | str]:
    return next(rule for rule in all_invariants() if rule.code == code).broken()[1]


def answered() -> int:
    """How many were answered by a machine."""
    return Message.objects.filter(kind__in=["complaints.mail_received", "complaints.mail_joined"]).count()


def test_new_mail_waits_with_a_number_and_its_sender_hears_it_at_once():
    mail = make_mail(MIA, subject="Shrunk", text="My coat has shrunk.")
    assert (mail.state, mail.why, mail.sender, mail.sender_name) == ("sort", "new", "mia@example.com", "Mia")
    assert (mail.subject, mail.text, mail.language) == ("Shrunk", "My coat has shrunk.", "en")
    assert mail.number and mail.acknowledged_at
    told = Message.objects.get(kind="complaints.mail_received")
    assert told.person is None and "mia@example.com" not in str(told.params)
    assert Dispatch.objects.get(message=told).channel == "email"
    assert not User.objects.with_email("mia@example.com").exists()


def test_an_answer_joins_its_case_in_the_persons_name(complaint, writer):
    mail = take_in(
        make_raw(MIA, "Re", "Still wrong.\n\n> Number\n> old\n", In_Reply_To=answers_to(complaint))
    )
    said = Reply.objects.get()
    assert (mail.state, mail.reply, mail.complaint) == ("joined", said, complaint)
    assert (said.by, said.said, said.from_staff, said.from_shop) == (writer, "Still wrong.", False, False)
    assert Message.objects.of(writer).filter(kind="complaints.mail_joined").count() == 1


@pytest.mark.parametrize("header", ["In_Reply_To", "References"])
def test_either_header_is_enough_and_other_servers_ids_do_no_harm(complaint, header):
    said = {header: f"<root@elsewhere> {answers_to(complaint)} <other@elsewhere>"}
    assert take_in(make_raw(MIA, **said)).state == "joined"


def test_the_number_in_the_subject_and_the_persons_address_are_enough(complaint):
    assert take_in(make_raw(MIA, f"投诉 {complaint.number_in_groups}")).state == "joined"


@pytest.mark.parametrize("by", ["thread", "number"])
def test_nobody_else_gets_words_into_a_case(complaint, by):
    fields = (
        {"In_Reply_To": answers_to(complaint)} if by == "thread" else {"subject": f"Re {complaint.number}"}
    )
    mail = take_in(make_raw("Mia <mia@example.org>", **fields))
    assert (mail.state, mail.why, mail.complaint) == ("sort", "stranger", complaint)
    assert not Reply.objects.exists()
    assert mail.number != complaint.number


def test_a_thread_name_that_was_made_up_opens_no_case(complaint):
    made_up = f"<x.c{complaint.token.lower()}.{'0' * 24}@localhost>"
    mail = take_in(make_raw(MIA, In_Reply_To=made_up))
    assert (mail.state, mail.why, mail.complaint) == ("sort", "new", None)


PASSES = "mx.corner.example; spf=pass smtp.mailfrom=example.com; dmarc=pass header.from=example.com"


@pytest.mark.parametrize(
    ("results", "state"),
    [
        ((PASSES,), "joined"),
        (("mx.corner.example; dmarc=fail header.from=example.com",), "sort"),
        (("mx.corner.example; dmarc=fail", PASSES), "sort"),
        (("mx.evil.example; dmarc=pass",), "sort"),
        ((), "sort"),
    ],
)
def test_where_a_mail_server_vouches_only_proved_senders_join(settings, complaint, results, state):
    settings.MAILBOX_AUTHSERV = "mx.corner.example"
    head = "".join(f"Authentication-Results: {one}\r\n" for one in results).encode()
    mail = take_in(head + make_raw(MIA, In_Reply_To=answers_to(complaint)))
    assert mail.state == state
    if state == "sort":
        assert (mail.why, mail.acknowledged_at) == ("unproved", None)


def test_a_case_that_is_over_for_good_refuses_and_somebody_looks(complaint):
    close(complaint)
    Complaint.objects.filter(pk=complaint.pk).update(ended_at=timezone.now() - timedelta(days=8))
    mail = take_in(make_raw(MIA, In_Reply_To=answers_to(complaint)))
    assert (mail.state, mail.why, mail.complaint) == ("sort", "refused", complaint)
    assert mail.detail
    assert not Reply.objects.exists()


def test_files_are_made_harmless_and_the_others_are_named_to_the_person(complaint, writer):
    photo = picture_file().read()
    files = (
        ("photo.jpg", photo, "image/jpeg"),
        ("bill.pdf", PDF, "application/pdf"),
        ("setup.exe", b"MZ\x00\x00", "application/octet-stream"),
        ("evil.svg", b"<svg onload='x'/>", "image/svg+xml"),
    )
    take_in(make_raw(MIA, files=files, In_Reply_To=answers_to(complaint)))
    kept = list(Reply.objects.get().attachments.order_by("pk"))
    assert [one.kind for one in kept] == ["picture", "pdf"]
    assert b"CANARY" not in kept[0].file.read()
    why = Message.objects.of(writer).get(kind="complaints.mail_joined").params["why"]
    assert "setup.exe, evil.svg" in why and "photo.jpg" not in why


def test_a_mail_with_files_alone_says_so(complaint):
    photo = ("photo.jpg", picture_file().read(), "image/jpeg")
    take_in(make_raw(MIA, text="", files=(photo,), In_Reply_To=answers_to(complaint)))
    assert Reply.objects.get().said == "(Only files came with this mail.)"


def test_long_words_come_whole_as_a_file(complaint):
    text = "很长的话。" * 2000
    take_in(make_raw(MIA, text=text, In_Reply_To=answers_to(complaint)))
    said = Reply.objects.get()
    assert len(said.said) == 4000 and said.said.endswith("…")
    assert said.attachments.get().file.read().decode() == text


def test_a_case_that_is_full_takes_the_words_and_leaves_the_files(complaint, monkeypatch):
    monkeypatch.setattr("complaints.actions.joining.OF_A_CASE", 0)
    photo = ("photo.jpg", picture_file().read(), "image/jpeg")
    assert take_in(make_raw(MIA, files=(photo,), In_Reply_To=answers_to(complaint))).state == "joined"
    assert not Reply.objects.get().attachments.exists()


AUTOMATIC = {
    "auto": {"Auto_Submitted": "auto-replied"},
    "auto, generated": {"Auto_Submitted": "auto-generated; owner=x"},
    "auto, old": {"X_Autoreply": "yes"},
    "bulk": {"Precedence": "bulk"},
    "bulk, list": {"List_Id": "<news.example.com>"},
    "bulk, way out": {"List_Unsubscribe": "<https://example.com/>"},
    "bounce": {"Return_Path": "<>"},
    "bounce, daemon": {"sender": "MAILER-DAEMON@example.com"},
    "own": {"sender": "Street Corner <help@corner.example>"},
}


@pytest.mark.parametrize("what", AUTOMATIC)
def test_what_no_person_wrote_is_passed_over_with_its_reason_and_never_answered(settings, complaint, what):
    settings.MAILBOX_ADDRESS = "help@corner.example"
    mail = take_in(make_raw(**{"sender": MIA, "In_Reply_To": answers_to(complaint)} | AUTOMATIC[what]))
    assert (mail.state, mail.why) == ("skipped", what.partition(",")[0])
    assert mail.settled_at and not Reply.objects.exists() and answered() == 0


@pytest.mark.parametrize(
    "fields",
    [{"X_Auto_Response_Suppress": "All"}, {"sender": "no-reply@example.com"}],
    ids=["asked for", "machine"],
)
def test_who_wants_no_machines_answer_gets_none_and_is_read_all_the_same(fields):
    assert take_in(make_raw(**{"sender": MIA} | fields)).state == "sort"
    assert answered() == 0


def test_two_machines_that_answer_each_other_stop_soon():
    """A responder without any mark: three answers, then silence; after twenty nobody need read them."""
    states = [make_mail(MIA, text=f"I am away, {turn}").state for turn in range(25)]
    assert answered() == 3
    assert states == ["sort"] * 20 + ["skipped"] * 5
    assert set(Mail.objects.filter(state="skipped").values_list("why", flat=True)) == {"flood"}


def test_a_flood_in_somebodys_name_drowns_no_answer_of_theirs(complaint):
    for turn in range(21):
        last = make_mail(MIA, text=f"forged, {turn}")
    assert last.why == "flood"
    assert take_in(make_raw(MIA, In_Reply_To=answers_to(complaint))).state == "joined"


def test_where_mail_came_back_from_nothing_is_answered():
    mark_dead("email", "mia@example.com")
    assert make_mail(MIA).acknowledged_at is None
    assert answered() == 0


def report(about: str, gone: str, status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.com\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nno such person\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n\r\n"
        f"Final-Recipient: rfc822; {gone}\r\nAction: failed\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {about}\r\nSubject: x\r\n\r\ny\r\n--b--\r\n"
    ).encode()


def is_dead(address: str) -> bool:
    from messaging.models import DeadAddress
    from portal.kernel.crypto import blind_indexes

    return DeadAddress.objects.filter(channel="email", digest__in=blind_indexes(address)).exists()


def test_a_report_about_a_mail_of_ours_ends_writing_to_that_address(complaint):
    assert take_in(report(answers_to(complaint), "mia@example.com")).why == "bounce"
    assert is_dead("mia@example.com")


def test_a_report_about_a_first_answer_counts_too():
    mail = make_mail(MIA)
    take_in(report(f"<x.{name_of(mail.token)}@localhost>", "mia@example.com"))
    assert is_dead("mia@example.com")


@pytest.mark.parametrize(
    ("about", "gone", "status"),
    [
        ("<made-up@localhost>", "mia@example.com", "5.1.1"),
        ("", "somebody.else@example.com", "5.1.1"),
        ("", "mia@example.com", "4.2.2"),
        ("", "mia@example.com", "5.2.2"),
    ],
    ids=["made up", "another's", "for now", "full"],
)
def test_other_reports_silence_nobody(complaint, about, gone, status):
    assert take_in(report(about or answers_to(complaint), gone, status)).state == "skipped"
    assert not is_dead(gone)


def test_a_number_is_nobodys_twice(monkeypatch, shop):
    from complaints.actions import numbering

    mail = make_mail(MIA)
    numbers = iter([mail.number, "0000000001"])
    monkeypatch.setattr(numbering, "new_number", lambda: next(numbers))
    assert make_complaint(shop).number == "0000000001"


def test_mails_of_a_case_carry_its_thread_and_where_answers_go(settings, complaint):
    settings.MAILBOX_HOST = settings.MAILBOX_USER = settings.MAILBOX_PASSWORD = "x"
    settings.MAILBOX_ADDRESS = "help@corner.example"
    thread = thread_of(f"/me/complaints/{complaint.token}/", {"number": "1 2"})
    assert (thread.reply_to, thread.label) == ("help@corner.example", "1 2")
    settings.MAILBOX_HOST = ""
    assert thread_of("/me/complaints/x/", {}).reply_to == ""


def test_a_words_key_is_the_mails_own(complaint):
    """The person's page and the mail can't say the same thing under one key by chance."""
    mail = take_in(make_raw(MIA, In_Reply_To=answers_to(complaint)))
    assert isinstance(mail.reply.key, uuid.UUID)
    begin(complaint, make_agent())
    assert Reply.objects.filter(key=mail.reply.key).count() == 1


@pytest.mark.sabotages("I29-mail")
def test_mail_that_stands_in_another_case_is_found(shop, complaint):
    mail = take_in(make_raw(MIA, In_Reply_To=answers_to(complaint)))
    assert broken("I29-mail") == []
    Mail.objects.filter(pk=mail.pk).update(complaint=make_complaint(shop))
    assert broken("I29-mail") == [mail.pk]
