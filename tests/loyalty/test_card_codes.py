"""A card's code that is new each minute: only the holder's phone makes it, and it pays once."""

import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from loyalty import actions
from loyalty.actions import codes
from loyalty.actions.pins import NotYourCard
from loyalty.cards import rotating
from loyalty.disagreeing import OtherMerchant, OwnCard
from loyalty.models import Approval, CardKey, Proof, UsedCode, Way
from loyalty.value.ledger import CardNotActive
from messaging.models import Message
from portal.kernel.codes import ALPHABET, split_code
from portal.kernel.events import deliver_due
from portal.kernel.invariants import all_invariants
from portal.kernel.refused import KeyReused
from tests.cast import make_merchant, make_shop, make_user, owner_of
from tests.loyalty.makers import make_card
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 14, 2, 31, tzinfo=UTC)
VECTORS = json.loads(Path(__file__).with_name("code_vectors.json").read_text())


@pytest.fixture
def card(shop):
    return make_card(shop.merchant, points=300)


def add_phone(card, *, device="iPhone", moment=NOW):
    return actions.give_key(card, device=device, by=card.customer.user, moment=moment)


@pytest.fixture
def phone(card):
    return add_phone(card)


def shown(phone, moment=NOW):
    """What stands behind the token on the phone's screen at a moment."""
    return rotating.proof_of(phone.secret, phone.card.token, rotating.minute_of(moment))


def pay(card, proof, points=120, *, key=None, moment=NOW, shop=None, by=None):
    shop = shop or card.merchant.shops.all()[0]
    by, key = by or owner_of(shop.merchant), key or uuid.uuid4()
    return actions.approve_by_code(card, proof, points, key=key, shop=shop, by=by, moment=moment)


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["proof"])
def test_the_proof_is_what_the_vectors_say(row):
    assert rotating.proof_of(row["secret"], row["token"], row["minute"]) == row["proof"]


def test_a_scanned_code_is_token_and_proof_and_a_static_one_is_a_token_alone(card, phone):
    whole = f"HTTPS://CORNER.EXAMPLE/Q/{card.token}{shown(phone)}"
    assert split_code(whole) == (card.token, shown(phone))
    assert split_code(whole.lower()) == (card.token, shown(phone))
    assert split_code(f"https://corner.example/q/{card.token}/") == (card.token, "")
    for bent in (whole + "0", whole[:-1], whole[:-1] + "!"):
        assert split_code(bent) == (None, "")


def test_the_code_on_the_phone_agrees_to_spend_points(card, phone):
    agreed = pay(card, shown(phone))
    assert (agreed.way, agreed.amount, agreed.is_exact) == (Way.CODE, 120, True)
    used = actions.consume_approval(
        agreed, 120, key=agreed.key, shop=agreed.shop, by=owner_of(card.merchant), moment=NOW
    )
    assert used.used_amount == 120


@pytest.mark.parametrize(("off", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_a_minute_wrong_and_no_more(card, phone, off, is_good):
    proof = shown(phone, NOW + timedelta(minutes=off))
    if is_good:
        assert pay(card, proof)
    else:
        with pytest.raises(codes.CodeIsOld):
            pay(card, proof)


def test_replayed_every_second_a_code_pays_exactly_once(card, phone):
    proof, paid = shown(phone), 0
    for second in range(181):
        try:
            pay(card, proof, moment=NOW + timedelta(seconds=second))
            paid += 1
        except (codes.CodeUsed, codes.CodeIsOld):
            continue
    assert paid == 1
    assert UsedCode.objects.count() == 1


def test_a_bent_code_another_cards_code_and_a_static_one_pay_nothing(shop, card, phone):
    other = add_phone(make_card(shop.merchant, points=300))
    proof = shown(phone)
    bent = ALPHABET[(ALPHABET.index(proof[0]) + 1) % 32] + proof[1:]
    for wrong in (bent, shown(other), "", "00000000"):
        with pytest.raises(codes.CodeIsOld):
            pay(card, wrong)
    assert not Approval.objects.exists()


def test_the_same_sale_gets_the_same_approval_and_other_content_is_refused(card, phone):
    key, proof = uuid.uuid4(), shown(phone)
    assert pay(card, proof, key=key) == pay(card, proof, key=key)
    with pytest.raises(KeyReused):
        pay(card, proof, 121, key=key)


def test_a_code_is_good_at_its_own_merchant_only(card, phone):
    with pytest.raises(OtherMerchant):
        pay(card, shown(phone), shop=make_shop(make_merchant()))


def test_a_frozen_card_and_a_card_of_ones_own_pay_nothing(shop, card, phone):
    with pytest.raises(OwnCard):
        pay(card, shown(phone), by=card.customer.user)
    actions.freeze(card, by=card.customer.user)
    card.refresh_from_db()
    with pytest.raises(CardNotActive):
        pay(card, shown(phone))


def test_where_the_merchant_asks_for_the_pin_a_code_is_not_enough(card, phone):
    owner = owner_of(card.merchant)
    assert codes.points_need(card.programme) == Proof.CODE
    actions.set_safeguard(card.programme, Proof.PIN, by=owner)
    with pytest.raises(codes.PinNeeded):
        pay(card, shown(phone))
    actions.set_safeguard(card.programme, Proof.CODE, by=owner)
    assert pay(card, shown(phone))


def test_each_phone_has_a_key_of_its_own_and_loses_only_that(card, phone):
    tablet = add_phone(card, device="iPad")
    assert shown(phone) != shown(tablet)
    actions.revoke_key(phone, by=card.customer.user, moment=NOW)
    with pytest.raises(codes.CodeIsOld):
        pay(card, shown(phone))
    assert pay(card, shown(tablet))


def test_a_replaced_card_leaves_every_phone_with_nothing(card, phone):
    old = shown(phone)
    new = actions.replace(card, by=owner_of(card.merchant), instead_of=card.number)
    assert not CardKey.objects.live().exists()
    with pytest.raises(codes.CodeIsOld):
        pay(new, old)


def test_the_sixth_phone_takes_the_place_of_the_oldest(card):
    phones = [add_phone(card, moment=NOW + timedelta(minutes=number)) for number in range(6)]
    live = set(CardKey.objects.live().values_list("pk", flat=True))
    assert live == {phone.pk for phone in phones[1:]}


def test_the_holder_hears_of_one_more_phone_but_not_of_the_first(card, phone):
    deliver_due()
    assert not Message.objects.filter(kind="loyalty.phone_added").exists()
    add_phone(card, device="Android")
    deliver_due()
    assert Message.objects.get(kind="loyalty.phone_added").params["device"] == "Android"


def test_a_key_is_sealed_in_the_database(phone):
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM loyalty_cardkey")
        assert phone.secret not in cursor.fetchone()[0]


def test_only_the_holder_gives_and_takes_keys(card, phone, stranger):
    with pytest.raises(NotYourCard):
        actions.give_key(card, device="", by=stranger, moment=NOW)
    with pytest.raises(NotYourCard):
        actions.revoke_key(phone, by=stranger, moment=NOW)


def test_a_key_stands_with_the_merchant_of_its_card(phone):
    with pytest.raises(DatabaseError, match="card_key_stays_with_its_card"), transaction.atomic():
        CardKey.objects.update(merchant=make_merchant())


def test_what_has_paid_is_never_rewritten(card, phone):
    pay(card, shown(phone))
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        UsedCode.objects.update(minute=1)


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_code_in_fifty_hands_agrees_once(shop):
    card = make_card(shop.merchant, make_user(), points=300)
    now = timezone.now()
    proof = shown(add_phone(card, moment=now), now)
    results = at_once([lambda: pay(card, proof, moment=now)] * 50)
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {codes.CodeUsed}


@pytest.mark.sabotages("I94")
def test_a_payment_by_code_that_used_none_is_reported(card, phone, books_balance):
    agreed = pay(card, shown(phone))
    books_balance()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE loyalty_usedcode DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM loyalty_usedcode")
    assert next(one for one in all_invariants() if one.code == "I94").broken()[1] == [agreed.pk]


def test_the_counter_knows_a_good_code_from_an_old_one(shop, card, phone, signed_in):
    till = signed_in(owner_of(shop.merchant), language="en")
    now = timezone.now()
    for proof, is_old in ((shown(phone, now), False), (shown(phone, now - timedelta(minutes=5)), True)):
        answer = till.post(f"/m/{shop.merchant.slug}/counter/find/", {"code": card.token + proof})
        assert answer.status_code == 200
        assert answer.context["basket"].card == card
        assert answer.context["basket"].is_old is is_old
        assert bool(answer.context["basket"].proof) is not is_old
        assert ("no longer good to pay with" in answer.content.decode()) is is_old


def test_scanned_by_a_phones_own_camera_the_code_keeps_its_proof(shop, card, phone, signed_in):
    till = signed_in(owner_of(shop.merchant))
    answer = till.get(f"/q/{card.token}{shown(phone)}")
    assert answer.headers["Location"].endswith(f"/counter/?code={card.token}{shown(phone)}")
