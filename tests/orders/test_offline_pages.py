"""The till without a network over HTTP: its key, its queue, the manager's list, the owner's rule."""

import base64
import json
import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from orders import actions
from orders.models import OfflineRule, OfflineUse
from orders.offline import Kept, key_of
from tests.cast import client_of
from tests.coupons.makers import make_coupon
from tests.orders.offline import allow_offline, keep


def base(shop):
    return f"/m/{shop.merchant.slug}/counter/offline/"


def conflicts(shop, by, count):
    moment = timezone.now() - timedelta(minutes=5)
    for _ in range(count):
        kept = keep(shop, by, "0000000000", issued_at=moment, used_at=moment)
        actions.settle(kept, merchant=shop.merchant, shop=shop, by=by)


def entry(kept: Kept, **changed):
    facts = {name: str(value) for name, value in vars(kept).items()}
    return facts | changed


def test_the_key_comes_only_where_the_owner_allows_it_and_fits_its_grant(shop, cashier):
    till = client_of(cashier.user)
    assert till.get(base(shop) + "key/").status_code == 204
    allow_offline(shop, most_waiting=7)
    told = till.get(base(shop) + "key/").json()
    assert (told["most"], told["mostOff"], told["lasts"]) == (7, 5000, 4 * 3_600_000)
    assert base64.b64decode(told["key"]) == key_of(told["grant"])


def test_each_entry_is_answered_by_itself_and_nonsense_breaks_nothing(shop, cashier, signed_in):
    allow_offline(shop)
    coupon, moment = make_coupon(shop.merchant), timezone.now()
    good = keep(shop, cashier.user, coupon.token, issued_at=moment, used_at=moment)
    sent = [
        entry(good),
        entry(good, nonce="1", bill="x"),
        entry(good, nonce=str(uuid.uuid4())),
        entry(good, nonce=str(uuid.uuid4()), given="90000"),
        7,
    ]
    answer = signed_in(cashier.user).post(base(shop) + "send/", {"kept": json.dumps(sent)})
    assert [one["state"] for one in answer.json()["settled"]] == [
        "settled",
        "broken",
        "conflict",
        "broken",
        "broken",
    ]
    assert OfflineUse.objects.count() == 2


@pytest.mark.parametrize("kept", ["", "{", "{}", "7", json.dumps([{}] * 51)])
def test_what_is_no_queue_is_refused(shop, cashier, kept):
    assert client_of(cashier.user).post(base(shop) + "send/", {"kept": kept}).status_code == 400


def test_the_manager_reads_why_and_decides_and_only_the_owner_sets_the_rule(shop, cashier, manager, owner):
    allow_offline(shop)
    conflicts(shop, cashier.user, 1)
    page = client_of(manager.user, language="en").get(base(shop)).content.decode()
    assert "No coupon of this shop has this code." in page
    assert "Coupons a till may keep" not in page
    use = OfflineUse.objects.get()
    manages = client_of(manager.user, language="en")
    silent = manages.post(f"{base(shop)}{use.nonce}/", {"do": "count", "note": " "}, follow=True)
    assert "Say why in a few words" in silent.content.decode()
    done = manages.post(f"{base(shop)}{use.nonce}/", {"do": "count", "note": "made up"}, follow=True)
    assert "Given away for coupons that were good for nothing: ¥20.00" in done.content.decode()
    rule = {"is_on": "on", "most_waiting": "3", "most_off": "20", "hours": "1"}
    assert manages.post(base(shop), rule).status_code == 403
    assert client_of(owner).post(base(shop), rule).status_code == 302
    assert OfflineRule.objects.get().most_off == 2000
    wrong = client_of(owner, language="en").post(base(shop), rule | {"hours": "25"})
    assert wrong.status_code == 422
    assert client_of(cashier.user).get(base(shop)).status_code == 403


@pytest.mark.parametrize("count", [3, 30])
def test_the_list_costs_the_same_however_much_waits(shop, cashier, manager, count):
    allow_offline(shop, most_waiting=50)
    conflicts(shop, cashier.user, count)
    browser = client_of(manager.user)
    browser.get(base(shop))
    with CaptureQueriesContext(connection) as asked:
        page = browser.get(base(shop))
    assert page.content.decode().count('name="note"') == count
    assert len(asked) == 7
