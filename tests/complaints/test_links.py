"""A case by the link of a message: without signing in, this one case, for a while, and nothing else."""

import uuid
from datetime import timedelta

import pytest
from django.core.signing import TimestampSigner
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.links import LIVES, link_to, open_path
from complaints.models import Reply
from complaints.web.linked import SAID, WRONG
from messaging.models import Channel, Message
from messaging.parcels import link_of
from tests import cast
from tests.complaints.makers import answer, ask_shop, make_agent, make_attachment, make_complaint

pytestmark = pytest.mark.django_db


def page_of(complaint) -> str:
    return reverse("complaints:linked", args=[link_to(complaint.token)])


def decide_on(complaint) -> str:
    return reverse("complaints:linked_decide", args=[link_to(complaint.token)])


def said(words: str = "还在等", **fields):
    return {"key": str(uuid.uuid4()), "said": words} | fields


def test_messages_that_go_out_carry_the_link_and_the_inbox_does_not(client, shop, consumer):
    complaint = make_complaint(shop, consumer)
    message = Message.objects.get(person=consumer, kind="complaints.received")
    assert link_of(message, Channel.INBOX) == reverse("complaints:case", args=[complaint.token])
    outside = link_of(message, Channel.EMAIL)
    assert outside.startswith("/case/")
    assert client.get(outside).status_code == 200
    assert complaint.token not in message.url.replace(link_of(message, Channel.INBOX), "")


def test_the_link_shows_number_promise_and_story_and_no_names(client, shop, consumer, owner):
    complaint, agent = make_complaint(shop, consumer, said="染发过敏"), make_agent("小周")
    answer(complaint, agent, "在查")
    actions.note(complaint, by=agent, said="难缠", key=uuid.uuid4(), moment=timezone.now())
    ask_shop(complaint)
    answer(complaint, owner, "已道歉")
    client.cookies["django_language"] = "en"
    page = client.get(page_of(complaint))
    text = page.content.decode()
    for shown in (complaint.number_in_groups, "染发过敏", "在查", "已道歉", shop.title):
        assert shown in text
    for hidden in ("难缠", "小周", consumer.says(), owner.says()):
        assert hidden not in text
    assert "no-store" in page["Cache-Control"]
    assert page["X-Robots-Tag"] == "noindex"


def test_the_person_answers_accepts_withdraws_and_opens_again_by_the_link(client, shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    answer(complaint, agent, "退您 20 元", then="proposed")
    complaint.refresh_from_db()
    client.post(decide_on(complaint), {"to": "accepted", "seen": complaint.version})
    complaint.refresh_from_db()
    assert (complaint.state, complaint.steps.last().by) == ("accepted", consumer)
    client.post(decide_on(complaint), {"to": "withdrawn", "seen": complaint.version})
    words = said("还是没退")
    for _ in (1, 2):
        assert client.post(page_of(complaint), words).status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == "reopened"
    assert Reply.objects.filter(by=consumer).count() == 1


def test_a_link_opens_its_own_case_and_files_alone(client, shop, consumer):
    mine, theirs = make_complaint(shop, consumer), make_attachment(cast.make_user(), shop)
    link = link_to(mine.token)
    file = reverse("complaints:linked_file", args=[link, theirs.code])
    assert client.get(file).status_code == 404
    assert client.get(reverse("complaints:case", args=[mine.token])).status_code == 302
    own = make_attachment(consumer, shop)
    opened = client.get(reverse("complaints:linked_file", args=[link_to(own.complaint.token), own.code]))
    assert (opened.status_code, opened["Cache-Control"]) == (200, "no-store")


@pytest.mark.parametrize("wrong", ["", "x", "{token}", "{token}.1abcde.sig", "{flipped}", "{other}"])
def test_a_link_that_we_did_not_make_opens_nothing(client, shop, consumer, wrong):
    complaint, another = make_complaint(shop, consumer), make_complaint(shop)
    good = link_to(complaint.token)
    link = wrong.format(
        token=complaint.token,
        flipped=good[:-1] + ("A" if good[-1] != "A" else "B"),
        other=another.token + good[len(complaint.token) :],
    )
    assert client.get(f"/case/{link}/").status_code == 404
    assert client.post(f"/case/{link}/", said()).status_code == 404
    assert Reply.objects.count() == 0


def test_a_signature_made_for_something_else_is_no_link(client, shop):
    complaint = make_complaint(shop)
    forged = TimestampSigner(salt="messaging.unsubscribe", sep=".").sign(complaint.token)
    assert client.get(f"/case/{forged}/").status_code == 404


def test_a_link_ends_and_says_where_to_go(client, shop, monkeypatch):
    complaint = make_complaint(shop)
    made = timezone.now() - LIVES - timedelta(minutes=1)
    monkeypatch.setattr("django.core.signing.time.time", made.timestamp)
    old = link_to(complaint.token)
    monkeypatch.undo()
    page = client.get(f"/case/{old}/")
    assert page.status_code == 410
    assert reverse("complaints:mine") in page.content.decode()
    assert complaint.number_in_groups not in page.content.decode()
    assert client.post(f"/case/{old}/", said()).status_code == 410


def test_guessing_is_stopped_and_so_is_flooding_one_case(client, shop):
    complaint = make_complaint(shop)
    for turn in range(SAID.most):
        assert client.post(page_of(complaint), {"said": ""}).status_code == 422, turn
    assert client.post(page_of(complaint), said()).status_code == 429
    assert client.get(page_of(complaint)).status_code == 200
    for _ in range(WRONG.most):
        assert client.get("/case/guess/").status_code == 404
    assert client.get("/case/guess/").status_code == 429
    assert client.get(page_of(complaint)).status_code == 429


def test_who_is_signed_in_reads_the_case_among_the_others_and_a_stranger_only_this_one(
    signed_in, shop, consumer, stranger
):
    complaint = make_complaint(shop, consumer)
    page = signed_in(consumer).get(page_of(complaint))
    assert page["Location"] == reverse("complaints:case", args=[complaint.token])
    assert signed_in(stranger).get(page_of(complaint)).status_code == 200
    assert signed_in(stranger).get(page["Location"]).status_code == 404


def test_the_link_of_somebody_who_left_opens_nothing(client, shop, consumer):
    complaint = make_complaint(shop, consumer)
    consumer.is_active = False
    consumer.save(update_fields=["is_active"])
    assert client.get(page_of(complaint)).status_code == 404


def test_the_path_of_a_case_becomes_the_link_to_it(shop):
    complaint = make_complaint(shop)
    path = reverse("complaints:case", args=[complaint.token])
    assert open_path(path).startswith(f"/case/{complaint.token}.")
