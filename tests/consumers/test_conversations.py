"""Writing to a shop and being answered: once, to the right people, within limits, and stopped at will."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from consumers import actions, refusals
from consumers.actions import conversations as limits
from consumers.models import Conversation, ConversationReport, Letter, MessageBox, Promptness
from consumers.promptness import in_words, reckon, usual_wait
from messaging.models import Message
from portal.kernel.events import deliver_due
from portal.kernel.limits import Limit
from portal.kernel.refused import KeyReused
from tests.cast import make_listing, make_merchant, make_shop, make_user, owner_of
from tests.consumers.makers import make_answer, make_letter

pytestmark = pytest.mark.django_db


def told(person, kind):
    return Message.objects.filter(person=person, kind=f"consumers.{kind}")


def test_a_letter_and_its_answer_reach_the_other_side_once(
    shop, owner, manager, cashier, consumer, books_balance
):
    conversation = make_letter(shop, consumer, "有车位吗？")
    make_letter(shop, consumer, "小车就行")
    deliver_due()
    assert [told(who, "letter_to_shop").count() for who in (owner, manager.user)] == [1, 1]
    assert not told(cashier.user, "letter_to_shop").exists()
    notice = told(owner, "letter_to_shop").get()
    assert (notice.params["beginning"], consumer.name in str(notice.params)) == ("有车位吗？", False)
    make_answer(conversation, "有，在后院")
    deliver_due()
    assert told(consumer, "letter_to_person").get().params["beginning"] == "有，在后院"
    assert Conversation.objects.count() == 1
    books_balance()


def test_the_same_key_writes_once_and_other_words_with_it_are_refused(shop, consumer):
    key = uuid.uuid4()
    first = actions.write_to_shop(consumer, shop, "在吗", key=key)
    assert actions.write_to_shop(consumer, shop, "在吗", key=key) == first
    with pytest.raises(KeyReused):
        actions.write_to_shop(consumer, shop, "不在吗", key=key)
    conversation, by, again = first.conversation, owner_of(shop.merchant), uuid.uuid4()
    for _ in range(2):
        actions.answer_person(conversation, "在", merchant=shop.merchant, by=by, key=again)
    assert Letter.objects.count() == 2


def test_nobody_can_write_where_no_box_is_open(shop, consumer, owner):
    with pytest.raises(refusals.BoxShut):
        make_letter(make_listing(name="没人管的店"), consumer)
    actions.set_box(shop, is_open=False, by=owner)
    with pytest.raises(refusals.BoxShut):
        make_letter(shop, consumer)
    actions.set_box(shop, is_open=True, by=owner)
    make_letter(shop, consumer)
    with pytest.raises(refusals.OwnBox):
        make_letter(shop, owner)
    assert MessageBox.objects.count() == 1


def test_five_letters_without_an_answer_are_enough(shop, consumer):
    for number in range(limits.IN_A_ROW):
        conversation = make_letter(shop, consumer, f"{number}")
    with pytest.raises(refusals.TheirTurn):
        make_letter(shop, consumer)
    make_answer(conversation)
    make_letter(shop, consumer)


@pytest.mark.parametrize("limit", ["OF_PERSON", "OF_PAIR", "TO_SHOP", "BEGUN"])
def test_every_limit_holds_and_a_refused_letter_gives_its_try_back(shop, consumer, monkeypatch, limit):
    known = getattr(limits, limit)
    monkeypatch.setattr(limits, limit, Limit(f"{known.action} {uuid.uuid4()}", 1, known.seconds))
    make_letter(shop, consumer)
    elsewhere = make_shop(shop.merchant, name="青禾理发 中山路店")
    second = elsewhere if limit in ("OF_PERSON", "BEGUN") else shop
    who = make_user() if limit == "TO_SHOP" else consumer
    for _ in range(3):
        with pytest.raises(refusals.TooManyLetters):
            make_letter(second, who)
    assert Letter.objects.count() == 1


def test_a_shop_can_only_write_so_much(shop, consumer, monkeypatch):
    monkeypatch.setattr(limits, "OF_TEAM", Limit(f"team {uuid.uuid4()}", 1, 3600))
    conversation = make_letter(shop, consumer)
    make_answer(conversation)
    with pytest.raises(refusals.TooManyLetters):
        make_answer(conversation)


def test_either_side_can_stop_it_and_allow_it_again(shop, consumer, owner):
    conversation = make_letter(shop, consumer)
    other = make_shop(shop.merchant, name="青禾理发 中山路店")
    actions.block(conversation, by_shop=True, on=True, by=owner)
    for place in (shop, other):  # blocked at one outlet is blocked at all
        with pytest.raises(refusals.ConversationShut):
            make_letter(place, consumer)
    actions.block(conversation, by_shop=True, on=False, by=owner)
    make_letter(shop, consumer)
    actions.block(conversation, by_shop=False, on=True, by=consumer)
    with pytest.raises(refusals.ConversationShut):
        make_answer(conversation)
    before = list(
        Conversation.pgh_event_model.objects.order_by("pgh_id").values_list("blocked_by_shop", flat=True)
    )
    assert before[:2] == [True, False]  # each step of it is on record


def test_only_the_merchants_own_team_answers(shop, cashier, stranger, other_shop, consumer):
    conversation = make_letter(shop, consumer)
    for merchant, by in (
        (shop.merchant, cashier.user),
        (shop.merchant, stranger),
        (other_shop.merchant, stranger),
    ):
        with pytest.raises(refusals.NotYourConversation):
            actions.answer_person(conversation, "x", merchant=merchant, by=by, key=uuid.uuid4())
    assert Letter.objects.count() == 1


def test_staff_decide_once_with_a_reason_and_tell_who_has_to_know(shop, consumer, owner):
    conversation, staff = make_letter(shop, consumer), make_user(is_staff=True)
    with pytest.raises(refusals.DecidedMeanwhile):
        actions.decide_conversation(conversation, close=True, said="x", by=staff)
    for _ in range(2):
        actions.report_conversation(conversation, by=owner, from_shop=True, harm="advert")
    assert ConversationReport.objects.count() == 1
    with pytest.raises(refusals.SayWhyOfConversation):
        actions.decide_conversation(conversation, close=False, said=" ", by=staff)
    actions.decide_conversation(conversation, close=False, said="只是在问价", by=staff)
    deliver_due()
    assert told(owner, "conversation_stands").get().params["why"] == "只是在问价"
    assert not told(consumer, "conversation_stands").exists()
    actions.report_conversation(conversation, by=owner, from_shop=True, harm="fraud")
    actions.decide_conversation(conversation, close=True, said="索要验证码", by=staff)
    deliver_due()
    assert told(consumer, "conversation_closed").exists() and told(owner, "conversation_closed").exists()
    with pytest.raises(refusals.ConversationShut):
        make_letter(shop, consumer)


def test_how_soon_a_shop_answers_is_said_from_three_waits_on(shop):
    now = timezone.now()
    for hours in (1, 2):
        since = now - timedelta(days=3)
        make_answer(make_letter(shop, moment=since), moment=since + timedelta(hours=hours))
    assert not Promptness.objects.exists()
    since = now - timedelta(days=2)
    make_answer(make_letter(shop, moment=since), moment=since + timedelta(minutes=30))
    assert Promptness.objects.get().minutes == 120
    for _ in range(3):  # nobody answers these, and that counts too
        make_letter(shop, moment=now - timedelta(days=4))
    assert reckon(shop.pk, now) == 4 * 24 * 60
    assert in_words(4 * 24 * 60) == ""


def test_the_words_for_a_wait():
    assert (usual_wait([60.0] * 2), usual_wait([60.0] * 3)) == (None, 1)
    assert usual_wait([60.0, 60.0, 60.0, 7200.0, 86400.0]) == 120
    said = [in_words(minutes) for minutes in (None, 1, 60, 61, 240, 1440, 4320, 4321)]
    assert [bool(one) for one in said] == [False, True, True, True, True, True, True, False]
    assert said[1] == said[2] != said[3] == said[4] != said[5]


@transaction.atomic
def letter_of_another(merchant, conversation, by):
    Letter.objects.create(
        merchant=merchant, conversation=conversation, by=by, from_shop=False, said="x", key=uuid.uuid4()
    )
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_letters_are_written_once_and_stay_with_their_merchant(shop, other_shop, consumer):
    conversation = make_letter(shop, consumer)
    for change, wall in (
        ("UPDATE consumers_letter SET said = 'x'", "Cannot update or"),
        ("DELETE FROM consumers_letter", "delete rows"),
        (f"UPDATE consumers_conversation SET merchant_id = {other_shop.merchant_id}", "never changes hands"),
        (
            "UPDATE consumers_conversation SET person_id = (SELECT min(id) FROM kernel_user)",
            "never changes hands",
        ),
    ):
        with pytest.raises(Exception, match=wall), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
    with pytest.raises(IntegrityError, match="letter_stays_in_its_conversation"):
        letter_of_another(other_shop.merchant, conversation, consumer)
    with pytest.raises(IntegrityError, match="not the shop of this merchant"), transaction.atomic():
        Conversation.objects.create(
            token="x", merchant=make_merchant(), shop=shop, person=make_user(), last_at=timezone.now()
        )


def test_who_gets_the_shop_reads_nothing_of_before(shop, other_shop, consumer, books_balance):
    conversation = make_letter(shop, consumer)
    type(shop).objects.filter(pk=shop.pk).update(merchant=other_shop.merchant)
    conversation.shop.refresh_from_db()
    assert not Conversation.objects.of(other_shop.merchant).exists()
    with pytest.raises(refusals.ConversationShut):
        actions.go_on(conversation, "还在吗", key=uuid.uuid4())
    with pytest.raises(refusals.ConversationShut):
        make_answer(conversation)
    assert make_letter(conversation.shop, consumer).pk != conversation.pk


SABOTAGE = {
    "W01": "UPDATE consumers_conversation SET waiting_since = last_at",
    "W02": "UPDATE merchants_staffmember SET user_id = (SELECT max(id) FROM kernel_user)",
}


@pytest.mark.sabotages("W01", "W02")
@pytest.mark.parametrize("code", SABOTAGE)
def test_what_is_broken_by_force_is_reported(shop, consumer, code):
    from tests.consumers.test_reviews import by_force, reported

    conversation = make_answer(make_letter(shop, consumer))
    make_user()
    assert reported(code) == []
    by_force(SABOTAGE[code])
    found = {"W01": conversation.pk, "W02": Letter.objects.get(from_shop=True).pk}
    assert reported(code) == [found[code]]
