"""What the desk does with mail that waits: a case, words for one, or nothing; and how long it is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint, InternalNote, Mail, Reply
from complaints.refusals import NobodyToAnswer, NotForYou, NotTaken, SayWhy, SortedBefore
from messaging.models import Message
from portal.kernel.models import User
from tests import cast
from tests.complaints.mails import answers_to, make_mail, make_raw, name_of, take_in
from tests.complaints.makers import close, make_agent, picture_file

pytestmark = pytest.mark.django_db
MIA = "Mia <mia@example.com>"


def case_of(mail, shop, agent, **fields):
    return actions.case_from_mail(
        mail, **{"shop": shop, "reason": "quality", "by": agent, "moment": timezone.now()} | fields
    )


def test_the_desk_makes_a_case_of_it_under_the_number_that_is_known(shop, agent):
    photo = ("photo.jpg", picture_file().read(), "image/jpeg")
    mail = make_mail(MIA, subject="Shrunk", text="My coat has shrunk.", files=(photo,))
    Mail.objects.filter(pk=mail.pk).update(received_at=timezone.now() - timedelta(hours=5))
    mail.refresh_from_db()
    complaint = case_of(mail, shop, agent)
    mail.refresh_from_db()
    assert (mail.state, mail.complaint, mail.settled_by) == ("filed", complaint, agent)
    assert (complaint.number, complaint.token, complaint.came_by) == (mail.number, mail.token, "mail")
    assert complaint.filed_at == mail.received_at
    assert complaint.said == "Shrunk\n\nMy coat has shrunk."
    assert complaint.attachments.get().kind == "picture"
    person = complaint.person
    assert (person.email, person.says(), person.language) == ("mia@example.com", "Mia", "en")
    assert Message.objects.of(person).filter(kind="complaints.received").count() == 1
    with pytest.raises(SortedBefore):
        case_of(mail, shop, agent)
    assert take_in(make_raw(MIA, In_Reply_To=answers_to(complaint))).state == "joined"


def test_what_came_while_it_waited_goes_along(shop, agent):
    first = make_mail(MIA, text="one")
    second = take_in(make_raw(MIA, text="two", In_Reply_To=f"<x.{name_of(first.token)}@localhost>"))
    other = take_in(
        make_raw("eve@example.com", text="me too", In_Reply_To=f"<x.{name_of(first.token)}@localhost>")
    )
    assert (second.why, second.follows, other.follows) == ("more", first, None)
    complaint = case_of(first, shop, agent)
    assert list(complaint.replies.values_list("said", flat=True)) == ["two"]
    second.refresh_from_db()
    other.refresh_from_db()
    assert (second.state, other.state) == ("joined", "sort")


def test_the_case_of_a_known_address_is_its_persons(shop, agent, writer):
    assert case_of(make_mail(MIA), shop, agent).person == writer


def test_who_may_not_and_what_cannot_become_a_case(shop, agent, writer):
    mail, nameless = make_mail(MIA), take_in(b"Subject: x\r\n\r\nwho am I")
    cashier, own = make_agent(), make_agent()
    cast.make_staff(shop.merchant, user=cashier)
    User.objects.filter(pk=writer.pk).update(is_staff=True)
    own = User.objects.get(pk=writer.pk)
    own.groups.set(agent.groups.all())
    for somebody in (cashier, own, cast.make_user(), make_agent(reads_only=True)):
        with pytest.raises(NotForYou):
            case_of(mail, shop, somebody)
    with pytest.raises(NobodyToAnswer):
        case_of(nameless, shop, agent)
    User.objects.filter(pk=writer.pk).update(is_active=False)
    with pytest.raises(NobodyToAnswer):
        case_of(mail, shop, agent)
    assert not Complaint.objects.exists()


def test_from_another_address_it_becomes_a_note_and_not_the_persons_words(complaint, agent):
    mail = make_mail("Mia <mia@work.example>", text="It is me, from work.")
    actions.join_mail(mail, complaint, by=agent, moment=timezone.now())
    noted = InternalNote.objects.get()
    assert "It is me, from work." in noted.said and "mia@work.example" not in noted.said
    assert not Reply.objects.exists()
    mail.refresh_from_db()
    assert (mail.state, mail.complaint, mail.reply) == ("joined", complaint, None)


def test_from_the_persons_own_address_the_desk_puts_it_in_as_their_words(complaint, agent, writer):
    mail = make_mail(MIA, text="About my case.")
    actions.join_mail(mail, complaint, by=agent, moment=timezone.now())
    assert (Reply.objects.get().by, Reply.objects.get().said) == (writer, "About my case.")


def test_a_case_that_refuses_words_refuses_them_from_the_desk_too(complaint, agent):
    mail = make_mail(MIA)
    close(complaint)
    Complaint.objects.filter(pk=complaint.pk).update(ended_at=timezone.now() - timedelta(days=8))
    with pytest.raises(NotTaken):
        actions.join_mail(mail, complaint, by=agent, moment=timezone.now())
    mail.refresh_from_db()
    assert mail.state == "sort"


def test_discarding_takes_a_reason_and_can_be_taken_back(agent):
    mail = make_mail(MIA)
    with pytest.raises(SayWhy):
        actions.discard_mail(mail, by=agent, why="  ", moment=timezone.now())
    actions.discard_mail(mail, by=agent, why="推销", moment=timezone.now())
    mail.refresh_from_db()
    assert (mail.state, mail.detail, mail.settled_by) == ("dropped", "推销", agent)
    actions.put_back(mail, by=agent)
    mail.refresh_from_db()
    assert (mail.state, mail.settled_at) == ("sort", None)


def test_what_was_skipped_by_mistake_comes_back_with_a_number(agent):
    mail = take_in(make_raw(MIA, Precedence="bulk"))
    assert mail.number is None
    assert actions.put_back(mail, by=agent).number


def test_dealt_with_mail_is_forgotten_after_a_month_and_what_waits_is_not(shop, agent, settings):
    filed, waits, skipped = (
        make_mail(MIA),
        make_mail("b@example.com"),
        take_in(make_raw("c@example.com", Precedence="bulk")),
    )
    case_of(filed, shop, agent)
    later = timezone.now() + timedelta(days=settings.MAILBOX_KEEP_DAYS, minutes=1)
    assert actions.forget_mail(timezone.now()) == 0
    assert actions.forget_mail(later) == 2
    assert actions.forget_mail(later) == 0
    for mail in (filed, waits, skipped):
        mail.refresh_from_db()
    assert (bool(filed.raw), bool(filed.text), filed.sender) == (False, True, "mia@example.com")
    assert bool(waits.raw)
    assert (bool(skipped.raw), skipped.text, skipped.sender, skipped.subject, skipped.why) == (
        False,
        "",
        "",
        "",
        "bulk",
    )


def test_names_and_addresses_are_sealed_in_the_table_and_its_history(agent):
    from django.db import connection

    actions.discard_mail(make_mail(MIA), by=agent, why="推销", moment=timezone.now())
    with connection.cursor() as cursor:
        for table in ("complaints_mail", "complaints_mailevent"):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t")
            rows = " ".join(row for (row,) in cursor.fetchall())
            assert rows and "mia@" not in rows.lower() and '"Mia' not in rows


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "filed", "settled_at": timezone.now()}, "mail_that_went_into_a_case_names_it"),
        ({"state": "dropped", "settled_at": timezone.now()}, "mail_is_discarded_by_somebody_with_a_reason"),
        ({"state": "skipped"}, "mail_is_dealt_with_or_waits"),
        ({"settled_at": timezone.now()}, "mail_is_dealt_with_or_waits"),
    ],
)
def test_the_database_refuses_mail_that_became_nothing(change, constraint):
    mail = make_mail(MIA)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Mail.objects.filter(pk=mail.pk).update(**change)
