"""Printed cards: numbers made once, whose each becomes, at the counter and in the holder's hands."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from loyalty import actions
from loyalty.actions import media as verbs
from loyalty.cards.numbers import normalise_number
from loyalty.look.batches import counted
from loyalty.models import Card, CardMedium, MediumState, PrintBatch
from messaging.models import Message
from portal.kernel.codes import code_url, normalise_code
from portal.kernel.events import deliver_due
from portal.kernel.models import Code
from portal.kernel.refused import KeyReused
from tests.cast import client_of, make_merchant, make_user, some_phone
from tests.loyalty.makers import make_card
from tests.loyalty.printed import blank_of, look_up, make_batch

pytestmark = pytest.mark.django_db


def test_a_batch_has_as_many_good_numbers_as_were_asked_each_with_its_code(merchant):
    batch = make_batch(merchant, 40)
    media = list(batch.media.all())
    assert len({one.number for one in media}) == len({one.token for one in media}) == 40
    assert all(normalise_number(one.number) == one.number and normalise_code(one.token) for one in media)
    assert Code.objects.filter(kind="medium", ref__in=[one.pk for one in media]).count() == 40
    assert counted(batch) == {"blank": 40, "linked": 0, "revoked": 0}


def test_the_same_request_makes_a_batch_once(merchant):
    key = uuid.uuid4()
    assert make_batch(merchant, 3, key=key) == make_batch(merchant, 3, key=key)
    assert CardMedium.objects.count() == 3
    with pytest.raises(KeyReused):
        make_batch(merchant, 4, key=key)


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_a_batch_is_between_one_and_a_thousand(merchant, quantity):
    with pytest.raises(verbs.WrongQuantity):
        make_batch(merchant, quantity)
    assert not PrintBatch.objects.exists()


def test_nobody_hoards_printed_cards(merchant, monkeypatch):
    monkeypatch.setattr(verbs, "MOST_BLANK", 5)
    make_batch(merchant, 4)
    with pytest.raises(verbs.TooManyBlank):
        make_batch(merchant, 2)


def test_a_merchant_without_a_card_prints_none(merchant, owner):
    with pytest.raises(verbs.NoMembershipYet):
        actions.make_batch(merchant, 3, key=uuid.uuid4(), by=owner)


def test_a_printed_card_given_to_a_phone_number_makes_a_member_of_whoever_has_it(merchant, cashier):
    linked = actions.link_to_phone(blank_of(merchant), some_phone(), by=cashier.user)
    assert linked.state == MediumState.LINKED and linked.linked_by == cashier.user
    assert Card.objects.get() == linked.card


def test_a_proven_phone_leads_to_the_persons_own_card(shop, merchant, consumer, cashier):
    card = make_card(merchant, consumer, points=40)
    assert actions.link_to_phone(blank_of(merchant), consumer.phone, by=cashier.user).card == card
    assert Card.objects.count() == 1


def test_linking_twice_is_linking_once_and_nobody_takes_it_over(merchant, consumer, owner):
    medium, card = blank_of(merchant), make_card(merchant, consumer)
    first = actions.link_medium(medium, card, by=owner)
    assert actions.link_medium(medium, card, by=owner).linked_at == first.linked_at
    with pytest.raises(verbs.SomebodyElses):
        actions.link_medium(medium, make_card(merchant), by=owner)


def test_the_holder_links_with_number_and_code(merchant, consumer):
    medium = blank_of(merchant)
    linked = actions.link_own(consumer, medium.number, medium.secret)
    assert linked.card.customer.user == consumer


def test_a_wrong_code_and_a_wrong_number_get_the_same_answer(merchant, consumer):
    medium = blank_of(merchant)
    wrong = f"{(int(medium.secret) + 1) % 10**6:06d}"
    for number, secret in ((medium.number, wrong), ("621234567894", medium.secret)):
        with pytest.raises(verbs.NotThisCard):
            actions.link_own(consumer, number, secret)
    medium.refresh_from_db()
    assert medium.state == MediumState.BLANK


def test_codes_can_not_be_tried_through(merchant, consumer):
    medium = blank_of(merchant)
    wrong = f"{(int(medium.secret) + 1) % 10**6:06d}"
    for _ in range(10):
        with pytest.raises(verbs.NotThisCard):
            actions.link_own(consumer, medium.number, wrong)
    with pytest.raises(verbs.TypedTooOften):
        actions.link_own(consumer, medium.number, medium.secret)


def test_the_database_keeps_a_printed_card_with_its_merchants_cards(merchant, consumer):
    theirs = make_card(make_merchant(), consumer)
    medium = blank_of(merchant)
    with (
        pytest.raises(IntegrityError, match="medium_stands_for_a_card_of_its_merchant"),
        transaction.atomic(),
    ):
        CardMedium.objects.filter(pk=medium.pk).update(
            card=theirs, state="linked", linked_at="2026-11-22T12:00:00Z"
        )


def test_a_card_in_use_without_a_card_is_refused_by_the_database(merchant):
    medium = blank_of(merchant)
    with pytest.raises(IntegrityError, match="medium_in_use_has_a_card"), transaction.atomic():
        CardMedium.objects.filter(pk=medium.pk).update(state="linked")


def test_the_counter_finds_the_member_by_a_printed_card(shop, merchant, consumer, cashier):
    card = make_card(merchant, consumer, points=40)
    medium = actions.link_medium(blank_of(merchant), card, by=cashier.user)
    for text in (medium.token, medium.number, f"{code_url(medium.token)}", medium.number_in_groups):
        assert look_up(merchant, cashier.user, text).card == card


def test_a_blank_card_at_the_counter_leads_to_linking_it(shop, merchant, cashier):
    medium = blank_of(merchant)
    page = client_of(cashier.user, language="en").post(
        f"/m/{merchant.slug}/counter/find/", {"code": medium.number}
    )
    assert f"/m/{merchant.slug}/cards/link/?number={medium.number}" in page.content.decode()


def test_a_revoked_card_is_refused_with_a_sentence_and_the_member_card_goes_on(
    shop, merchant, consumer, cashier
):
    card = make_card(merchant, consumer)
    medium = actions.link_medium(blank_of(merchant), card, by=cashier.user)
    actions.revoke_medium(medium, by=consumer)
    page = client_of(cashier.user, language="en").post(
        f"/m/{merchant.slug}/counter/find/", {"code": medium.number}
    )
    assert "revoked and works nowhere" in page.content.decode()
    assert look_up(merchant, cashier.user, card.number).card == card
    assert not Code.objects.filter(token=medium.token).exists()


def test_another_merchants_printed_card_is_unknown(shop, merchant, cashier):
    medium = blank_of(make_merchant())
    page = client_of(cashier.user, language="en").post(
        f"/m/{merchant.slug}/counter/find/", {"code": medium.number}
    )
    assert "No card or coupon of this shop" in page.content.decode()


def test_the_square_leads_each_person_where_they_need_to_go(shop, merchant, consumer, cashier):
    medium = blank_of(merchant)
    goes = lambda user: client_of(user).get(f"/q/{medium.token}").headers["Location"]  # noqa: E731
    assert goes(consumer) == f"/me/cards/link/?number={medium.number}"
    assert goes(cashier.user).startswith(f"/m/{merchant.slug}/counter/?code=")
    card = actions.link_own(consumer, medium.number, medium.secret).card
    assert goes(consumer) == f"/me/cards/{card.token}/"
    assert goes(make_user()) == f"/s/{shop.slug}/card/"


def test_the_holder_sees_the_printed_card_is_told_and_revokes_it(merchant, consumer):
    medium = blank_of(merchant)
    card = actions.link_own(consumer, medium.number, medium.secret).card
    deliver_due()
    assert Message.objects.filter(person=consumer, kind="loyalty.medium_linked").count() == 1
    browser = client_of(consumer, language="en")
    assert medium.number_in_groups in browser.get(f"/me/cards/{card.token}/").content.decode()
    for _ in range(2):
        assert browser.post(f"/me/cards/{card.token}/media/{medium.pk}/revoke/").status_code == 302
    deliver_due()
    medium.refresh_from_db()
    assert (medium.state, medium.revoked_by) == (MediumState.REVOKED, consumer)
    assert Message.objects.filter(person=consumer, kind="loyalty.medium_revoked").count() == 1


def test_nobody_revokes_what_is_not_theirs(merchant, consumer, stranger):
    medium = blank_of(merchant)
    card = actions.link_own(consumer, medium.number, medium.secret).card
    answer = client_of(stranger).post(f"/me/cards/{card.token}/media/{medium.pk}/revoke/")
    medium.refresh_from_db()
    assert answer.status_code == 404 and medium.state == MediumState.LINKED
