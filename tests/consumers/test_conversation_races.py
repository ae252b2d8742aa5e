"""Many hands at one conversation: one of it, each letter once, and limits that hold."""

import uuid

import pytest
from django.db import IntegrityError

from consumers import actions, refusals
from consumers.actions import conversations
from consumers.models import Conversation, Letter
from portal.kernel.limits import Limit
from tests.cast import make_user
from tests.consumers.makers import make_letter
from tests.together import at_once, succeeded, waiting_for_all

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]


def write(shop, person, key=None, said="在吗"):
    return lambda: actions.write_to_shop(person, shop, said, key=key or uuid.uuid4())


def test_twenty_threads_with_one_key_write_one_letter(shop, consumer):
    key = uuid.uuid4()
    results = at_once([write(shop, consumer, key) for _ in range(20)])
    assert {one.pk for one in succeeded(results)} == {Letter.objects.get().pk}
    assert len(succeeded(results)) == 20


def test_first_letters_at_once_begin_one_conversation(shop, consumer, books_balance):
    results = at_once([write(shop, consumer, said=str(n)) for n in range(5)])
    assert len(succeeded(results)) == 5
    assert Conversation.objects.count() == 1 and Letter.objects.count() == 5
    books_balance()


def test_without_the_lock_the_constraint_alone_keeps_it_one(shop, consumer, monkeypatch):
    """The control: somebody is turned away by the database when nobody waits for the others."""
    people = conversations.User.objects
    monkeypatch.setattr(people, "select_for_update", lambda **how: people.all())
    monkeypatch.setattr(conversations, "take", waiting_for_all(conversations.take, hands=5))
    results = at_once([write(shop, consumer, said=str(n)) for n in range(5)])
    assert Conversation.objects.count() == 1
    refused = [one for one in results if isinstance(one, Exception)]
    assert refused and {type(one) for one in refused} == {IntegrityError}
    assert "one_conversation_per_person_and_shop" in str(refused[0])


def test_a_shops_limit_lets_exactly_as_many_through(shop, monkeypatch):
    monkeypatch.setattr(conversations, "TO_SHOP", Limit(f"to shop {uuid.uuid4()}", 7, 3600))
    results = at_once([write(shop, make_user()) for _ in range(20)])
    assert (len(succeeded(results)), Letter.objects.count()) == (7, 7)
    assert {type(one) for one in results if isinstance(one, Exception)} == {refusals.TooManyLetters}


def test_an_answer_and_a_letter_at_once_leave_the_books_right(shop, consumer, owner, books_balance):
    conversation = make_letter(shop, consumer)

    def answer():
        merchant, key = conversation.merchant, uuid.uuid4()
        return actions.answer_person(conversation, "在", merchant=merchant, by=owner, key=key)

    results = at_once([answer, write(shop, consumer)] * 2)
    assert len(succeeded(results)) == 4
    books_balance()
