"""The pages of a conversation, for the person, for the shop, and for staff when it was reported."""

import json
import uuid
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from consumers import actions
from consumers.models import Conversation, ConversationReport, Letter, Promptness
from messaging import parcels
from messaging.channels.mail import letter as mail_of
from messaging.models import Dispatch, Message
from portal.kernel.events import deliver_due
from tests.cast import client_of, make_user
from tests.consumers.makers import make_answer, make_letter
from tests.consumers.test_review_moderation import desk
from tests.consumers.test_review_pages import EVIL

pytestmark = pytest.mark.django_db


def text_of(path, person=None, language="en"):
    answer = client_of(person, language=language).get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_visitor_writes_from_the_storefront_and_reads_the_answer(shop, owner, consumer):
    way = f"/s/{shop.slug}/message/"
    assert way in text_of(shop.get_absolute_url())
    assert client_of().get(way)["Location"].startswith("/accounts/login/")
    client, sent = client_of(consumer, language="en"), {"said": "有车位吗？", "key": str(uuid.uuid4())}
    first, again = client.post(way, sent), client.post(way, sent)
    conversation = Conversation.objects.get()
    mine = f"/me/messages/{conversation.token}/"
    assert first["Location"] == again["Location"] == client.get(way)["Location"] == mine
    deliver_due()
    assert "有车位吗？" in text_of(f"/m/{shop.merchant.slug}/messages/", owner)
    theirs = f"/m/{shop.merchant.slug}/messages/{conversation.token}/"
    assert consumer.name in text_of(theirs, owner)
    client_of(owner).post(theirs, {"said": "有，在后院", "key": str(uuid.uuid4())})
    deliver_due()
    assert "1 new answer" in text_of("/me/", consumer)
    assert "有，在后院" in text_of(mine, consumer)
    assert "new answer" not in text_of("/me/", consumer)
    assert not Message.objects.unread().filter(person=consumer).exists()


def test_the_console_counts_what_is_new_until_somebody_looks(shop, owner, consumer):
    conversation = make_letter(shop, consumer)
    badge = '1<span class="visually-hidden"> new</span>'
    today = f"/m/{shop.merchant.slug}/"
    assert badge in text_of(today, owner)
    text_of(f"{today}messages/{conversation.token}/", owner)
    assert badge not in text_of(today, owner)


def test_strangers_find_nothing_and_change_nothing(shop, other_shop, stranger, consumer):
    conversation = make_letter(shop, consumer)
    sent = {"said": "x", "key": str(uuid.uuid4()), "harm": "insult", "block": "yes", "open": "no"}
    own = f"/m/{other_shop.merchant.slug}/messages"
    paths = [
        f"{base}/{conversation.token}/{end}"
        for base in (own, "/me/messages")
        for end in ("", "block/", "report/")
    ]
    for path in [*paths, f"{own}/box/{shop.slug}/"]:
        assert client_of(stranger).post(path, sent).status_code == 404
    assert Letter.objects.count() == 1
    assert Conversation.objects.filter(blocked_by_shop=False, blocked_by_person=False).exists()
    assert not ConversationReport.objects.exists()


def test_a_shut_box_offers_no_form_and_takes_none(shop, owner, consumer):
    box = f"/m/{shop.merchant.slug}/messages/box/{shop.slug}/"
    client_of(owner).post(box, {"open": "no"})
    way = f"/s/{shop.slug}/message/"
    assert way not in text_of(shop.get_absolute_url())
    assert "takes no messages here" in text_of(way, consumer)
    assert client_of(consumer).post(way, {"said": "在吗", "key": str(uuid.uuid4())}).status_code == 422
    client_of(owner).post(box, {"open": "yes"})
    assert way in text_of(shop.get_absolute_url())


def test_the_page_says_how_soon_the_shop_answers_only_when_its_answers_say_so(shop):
    assert "Usually answers" not in text_of(shop.get_absolute_url())
    Promptness.objects.create(shop=shop, minutes=300)
    assert "Usually answers within a day" in text_of(shop.get_absolute_url())
    assert "通常一天内回复" in text_of(shop.get_absolute_url(), language="zh-hans")


@pytest.mark.parametrize("said", ["", "   ", "x" * 1001])
def test_nothing_and_too_much_are_turned_down_in_words(shop, consumer, said):
    answer = client_of(consumer).post(f"/s/{shop.slug}/message/", {"said": said, "key": str(uuid.uuid4())})
    assert answer.status_code == 422 and not Letter.objects.exists()


def test_hostile_words_stay_words_on_every_way(shop, owner):
    person = make_user(name=EVIL, email="a@example.com")
    client = client_of(person)
    client.post(
        f"/s/{shop.slug}/message/", {"said": f"{EVIL}\r\nBcc: x@y.z\u202e\x00", "key": str(uuid.uuid4())}
    )
    conversation = Conversation.objects.get()
    assert not set("\u202e\x00") & set(Letter.objects.get().said)
    make_answer(conversation, f"{EVIL}\nSubject: x")
    type(owner).objects.filter(pk=owner.pk).update(email="o@example.com")
    deliver_due()
    console = f"/m/{shop.merchant.slug}/messages/"
    for path, who in (
        (f"/me/messages/{conversation.token}/", person),
        ("/me/messages/", person),
        ("/me/inbox/", person),
        (f"{console}?all=1", owner),
        (f"{console}{conversation.token}/", owner),
    ):
        page = text_of(path, who)
        assert "<script>window" not in page and "<img src=x" not in page and "&lt;script&gt;" in page
    for row in Dispatch.objects.select_related("message__person").filter(message__purpose="talk"):
        parcel = parcels.make(row, [] if row.channel == "push" else "a@example.com", row.created_at)
        assert EVIL[:10] not in parcel.headline
        if row.channel == "email":
            mail: Any = mail_of(parcel).message()
            assert mail["Bcc"] is None and mail.get_all("Subject") == [mail["Subject"]]
            html = mail.get_payload()[1].get_payload(decode=True).decode()
            assert "<script>" not in html and "<img src=x" not in html


def test_staff_read_only_what_was_reported_and_decide_there(shop, consumer, owner, settings):
    settings.STAFF_MFA_REQUIRED = False
    reader, decider = make_user(is_staff=True), make_user(is_staff=True)
    decider.groups.add(Group.objects.get(name="Review moderators"))
    conversation, private = make_letter(shop, consumer, "卖茶叶"), make_letter(shop, make_user(), "悄悄话")
    actions.report_conversation(conversation, by=owner, from_shop=True, harm="advert", said="广告")
    queue = "/staff/consumers/conversation/"
    assert desk(reader).get(queue).status_code == 404
    client = desk(decider)
    assert shop.name in client.get(queue).content.decode()
    assert "1 waits for a decision" in client.get("/staff/").content.decode()
    page = f"{queue}{conversation.pk}/change/"
    assert "卖茶叶" in client.get(page).content.decode()
    assert client.get(f"{queue}{private.pk}/change/").status_code == 302
    client.post(page, {"_close": "1", "reason": "广告不许发"} | management_of(client, page))
    conversation.refresh_from_db()
    assert conversation.closed_at and ConversationReport.objects.get().reason == "广告不许发"
    assert "Our staff closed this conversation" in text_of(f"/me/messages/{conversation.token}/", consumer)


def management_of(client, page):
    formsets = client.get(page).context["inline_admin_formsets"]
    return {
        f"{one.formset.prefix}-{name}": value
        for one in formsets
        for name, value in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
    }


def test_lists_cost_the_same_with_one_and_with_thirty(shop, owner, consumer):
    client = client_of(owner)
    make_letter(shop)
    path = f"/m/{shop.merchant.slug}/messages/"

    def cost():
        with CaptureQueriesContext(connection) as spoken:
            assert client.get(path).status_code == 200
        return len(spoken)

    client.get(path)
    few = cost()
    for number in range(30):
        make_letter(shop, said=json.dumps(number))
    assert cost() == few
