"""One key, many hands, two amounts: one entry is written, whoever asks for the other amount is refused.
And a hundred hands that earn, spend and expire at once leave a sum that is exact to the point."""

import uuid
from datetime import timedelta

import pytest
from django.db.models import Sum
from django.utils import timezone

from loyalty import actions
from loyalty.models import Card, Entry, EntryKind
from portal.kernel.refused import KeyReused
from tests.loyalty.makers import balance, give, make_card, take
from tests.loyalty.money import make_money_card, pay_in, pay_with
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db(transaction=True)
VERBS = {"points earned": give, "points spent": take, "top-up": pay_in, "payment by balance": pay_with}


@pytest.mark.parametrize("verb", VERBS.values(), ids=VERBS)
def test_fifty_hands_with_one_key_and_two_amounts_write_one_entry(shop, books_balance, verb):
    card, key = make_money_card(shop, tiers=[]), uuid.uuid4()
    give(card, 10_000)
    pay_in(card, 10_000)
    results = at_once([lambda size=size: verb(card, size, key=key) for size in (900, 901) * 25])
    losers = [result for result in results if isinstance(result, Exception)]
    assert {type(loser) for loser in losers} == {KeyReused}
    assert (len(succeeded(results)), len(losers)) == (25, 25)
    (entry,) = Entry.objects.filter(account__card=card, key=key)
    assert all(
        isinstance(result, KeyReused) == (900 + turn % 2 != entry.size) for turn, result in enumerate(results)
    )
    with pytest.raises(KeyReused):
        verb(card, 1_801 - entry.size, key=key)
    books_balance()


def test_a_hundred_hands_earn_spend_and_expire_and_the_sum_is_exact(shop, books_balance):
    card = make_card(shop.merchant, points=300, points_expire_months=1)
    long_ago = timezone.now() - timedelta(days=100)
    deeds = [
        lambda: give(card, 7).amount,
        lambda: give(card, 11, moment=long_ago) and 0,
        lambda: take(card, 23).amount,
        lambda: actions.expire_due(timezone.now()) and 0,
    ]
    results = at_once([deeds[turn % 4] for turn in range(100)])
    actions.expire_due(timezone.now())
    assert len(succeeded(results)) > 75
    assert balance(card) == 300 + sum(succeeded(results))
    assert sums_of(card) == {
        EntryKind.EARNED: 300 + 25 * 7 + 25 * 11,
        EntryKind.SPENT: -23 * Entry.objects.filter(kind=EntryKind.SPENT).count(),
        EntryKind.EXPIRED: -25 * 11,
    }
    books_balance()


def sums_of(card: Card) -> dict[str, int]:
    found = Entry.objects.filter(account__card=card).values_list("kind").annotate(sum=Sum("amount"))
    return dict(found.order_by())
