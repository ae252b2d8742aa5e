"""Two who decide on one correction at once, and verbs that lose a deadlock."""

from typing import Any

import pytest
from django.db import OperationalError

from merchants import actions
from merchants.actions.corrections import (
    CorrectionDecided,
)
from merchants.models import (
    Correction,
    Origin,
)
from merchants.models.shop import ShopQuerySet
from tests import cast
from tests.merchants.test_corrections import say
from tests.together import at_once, succeeded

pytestmark = pytest.mark.django_db(transaction=True)


def test_owner_and_staff_at_once_decide_once() -> None:
    shop, clerk = cast.make_shop(), cast.make_user()
    one = say(shop, by=cast.make_user())
    results = at_once(
        [
            lambda: actions.accept_correction(one, by=clerk, decided_as=Origin.STAFF),
            lambda: actions.decline_correction(one, by=clerk, decided_as=Origin.OWNER, reason="不"),
        ]
        * 3
    )
    assert len(succeeded(results)) == 1
    assert {type(one) for one in results if isinstance(one, Exception)} == {CorrectionDecided}


def test_each_verb_chosen_as_the_loser_of_a_deadlock_runs_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lock of the listing is what it waits for; the first to ask for it is the loser."""

    class Deadlock(Exception):
        sqlstate = "40P01"

    staff = cast.make_user(is_staff=True)
    shops = [cast.make_listing(name=f"阳光洗衣店 {n}", merchant=cast.make_merchant()) for n in range(4)]
    waiting = [say(shop, by=staff) for shop in shops[1:]]
    locked, fell = ShopQuerySet.locked, [True]

    def once_the_loser(self: Any) -> Any:
        if not fell:
            fell.append(True)
            raise OperationalError from Deadlock()
        return locked(self)

    monkeypatch.setattr(ShopQuerySet, "locked", once_the_loser)
    decided = {"by": staff, "decided_as": Origin.STAFF}
    verbs = [
        lambda: waiting.append(say(shops[0], by=staff)),
        lambda: actions.accept_correction(waiting[0], **decided),
        lambda: actions.decline_correction(waiting[1], reason="it is right as it is", **decided),
        lambda: actions.withdraw_correction(waiting[2]),
    ]
    for verb in verbs:
        fell.clear()
        verb()
        assert fell
    states = [Correction.objects.get(pk=one.pk).state for one in waiting]
    assert states == ["accepted", "declined", "withdrawn", "open"]
