"""Tags on customers: put on singly and in bulk, found by, a rule of segments, in the table, merged."""

import csv
import io
import uuid

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.actions.segments import put_away, save_segment
from crm.actions.tags import (
    MOST,
    AskedFor,
    NobodyToTag,
    NoTag,
    TooManyTags,
    give_up,
    put_tag,
    tag_called,
    take_tag,
)
from crm.models import Tag, Tagging
from crm.rules import Rules, matching, says
from merchants.actions import merge_customers
from merchants.models import Customer, Shop
from tests.cast import client_of, make_customer, make_merchant, make_shop, make_staff, owner_of
from tests.crm.test_segments import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return make_shop()


def tag(shop: Shop, *customers: Customer, name: str = "怕吵") -> Tag:
    by = owner_of(shop.merchant)
    word = tag_called(shop.merchant, name, by=by)
    if customers:
        put_tag(word, Customer.objects.filter(pk__in=[one.pk for one in customers]), by=by)
    return word


def having(word: Tag) -> set[int]:
    return set(Tagging.objects.filter(tag=word).values_list("customer", flat=True))


def test_the_same_word_in_other_letters_is_the_same_tag(shop: Shop) -> None:
    assert tag(shop, name="VIP") == tag(shop, name="vip ") == tag(shop, name="ＶＩＰ")
    assert Tag.objects.get().name == "VIP"
    tag(make_shop(make_merchant()), name="VIP")
    assert Tag.objects.count() == 2
    with pytest.raises(NoTag):
        tag(shop, name=" \u3000 ")


def test_put_on_twice_is_once_and_taken_off_it_is_gone(shop: Shop) -> None:
    first, second = make_customer(shop.merchant), make_customer(shop.merchant)
    by = owner_of(shop.merchant)
    word = tag(shop, first)
    everybody = Customer.objects.of(shop.merchant)
    assert put_tag(word, everybody, by=by) == 1
    assert having(word) == {first.pk, second.pk}
    assert take_tag(word, everybody.filter(pk=first.pk), by=by) == 1
    assert having(word) == {second.pk}
    with pytest.raises(NobodyToTag):
        put_tag(word, everybody.none(), by=by)


def test_thirty_are_enough(shop: Shop) -> None:
    for number in range(MOST):
        tag(shop, name=f"n{number}")
    tag(shop, name="N0")
    with pytest.raises(TooManyTags):
        tag(shop, name="one more")


def test_a_segment_asks_for_one_of_some_tags_and_keeps_them_from_being_given_up(shop: Shop) -> None:
    quiet, loud, plain = (make_customer(shop.merchant) for _ in range(3))
    words, by = [tag(shop, quiet), tag(shop, loud, name="爱聊天")], owner_of(shop.merchant)
    rules = Rules(tags=tuple(one.pk for one in words))
    assert set(matching(shop.merchant, rules, NOON)) == {quiet, loud}
    assert says(shop.merchant, Rules(tags=(words[0].pk,)))[0].endswith("怕吵")
    assert not matching(make_shop(make_merchant()).merchant, rules, NOON).exists()
    key = uuid.uuid4()
    for _ in range(2):
        kept = save_segment(shop.merchant, name="标签", rules=rules, by=by, key=key)
    with pytest.raises(AskedFor, match="标签"):
        give_up(words[0], by=by)
    put_away(kept, by=by)
    give_up(words[0], by=by)
    assert set(matching(shop.merchant, rules, NOON)) == {loud}
    assert plain.pk not in having(words[1])


def test_tags_go_along_when_two_records_become_one(shop: Shop) -> None:
    stays, goes = make_customer(shop.merchant), make_customer(shop.merchant)
    both, only = tag(shop, stays, goes), tag(shop, goes, name="爱聊天")
    merge_customers(stays, goes, by=owner_of(shop.merchant), key=uuid.uuid4(), reason="same person")
    assert stays.pk in having(both)
    assert having(only) == {stays.pk}


def test_who_put_it_on_and_took_it_off_is_written_down(shop: Shop) -> None:
    word = tag(shop, make_customer(shop.merchant))
    take_tag(word, Customer.objects.of(shop.merchant), by=owner_of(shop.merchant))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pgh_label FROM crm_taggingevent ORDER BY pgh_id")
        assert [label for (label,) in cursor.fetchall()] == ["insert", "delete"]


@pytest.mark.parametrize(
    ("column", "wall"),
    [("tag_id", "tagging_stays_with_its_tag"), ("customer_id", "tagging_stays_with_its_customer")],
)
def test_the_database_keeps_tags_in_their_own_shop(shop: Shop, column: str, wall: str) -> None:
    tag(shop, make_customer(shop.merchant))
    other = make_shop(make_merchant())
    theirs = {"tag_id": tag(other).pk, "customer_id": make_customer(other.merchant).pk}
    with pytest.raises(IntegrityError, match=wall), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE crm_tagging SET {column} = %s", [theirs[column]])


# ---- pages


def test_written_on_a_customers_page_and_taken_off_again(shop: Shop) -> None:
    known = make_customer(shop.merchant)
    client, page = (
        client_of(owner_of(shop.merchant), language="en"),
        f"/m/{shop.merchant.slug}/customers/{known.pk}/",
    )
    for _ in range(2):
        assert client.post(page + "tag/", {"name": "怕吵"}).status_code == 302
    word = Tag.objects.get()
    assert "怕吵" in client.get(page).content.decode()
    client.post(page + "tag/", {"name": "x" * 21})
    assert Tag.objects.count() == 1
    client.post(f"{page}untag/{word.pk}/")
    assert Tagging.objects.count() == 0


def test_marked_on_the_roster_tagged_at_once_found_by_it_and_in_the_table(shop: Shop) -> None:
    first, second = make_customer(shop.merchant, name="王小明"), make_customer(shop.merchant, name="李雷")
    client, base = client_of(owner_of(shop.merchant), language="en"), f"/m/{shop.merchant.slug}/customers/"
    marked = {"c": [first.pk], "name": "=怕吵", "do": "put"}
    assert client.post(f"{base}tags/marked/", {"c": [first.pk]}).status_code == 422
    assert "Tag 1 customer" in client.get(f"{base}tags/marked/", {"c": first.pk}).content.decode()
    for _ in range(2):
        assert client.post(f"{base}tags/marked/", marked).status_code == 302
    word = Tag.objects.get()
    found = client.get(base, {"tag": word.pk}).content.decode()
    assert ("王小明" in found, "李雷" in found) == (True, False)
    table = b"".join(client.get(f"{base}file/", {"tag": word.pk}).streaming_content).decode("utf-8-sig")
    (line,) = list(csv.DictReader(io.StringIO(table)))
    assert (line["Name"], line["Tags"]) == ("王小明", "'=怕吵")
    assert client.post(f"{base}tags/marked/", {"all": "1", "which": word.pk, "do": "put"}).status_code == 302
    assert having(word) == {first.pk, second.pk}
    client.post(f"{base}tags/marked/", {"c": [second.pk], "which": word.pk, "do": "take"})
    assert having(word) == {first.pk}
    assert "1 customer" in client.get(f"{base}tags/").content.decode()
    assert client.get(base, {"tag": "9" * 30}).status_code == 200
    client.post(f"{base}tags/{word.pk}/give-up/")
    assert not Tag.objects.exists()


def test_another_merchants_tag_is_not_there(shop: Shop) -> None:
    known, theirs = make_customer(shop.merchant), tag(make_shop(make_merchant()))
    client, base = client_of(owner_of(shop.merchant)), f"/m/{shop.merchant.slug}/customers/"
    marked = client.post(f"{base}tags/marked/", {"c": [known.pk], "which": theirs.pk, "do": "put"})
    assert (marked.status_code, client.post(f"{base}{known.pk}/untag/{theirs.pk}/").status_code) == (422, 404)
    client.post(f"{base}tags/{theirs.pk}/give-up/")
    assert Tag.objects.filter(pk=theirs.pk).exists()


def test_cashiers_read_tags_and_the_table_is_the_owners(shop: Shop) -> None:
    known, cashier = make_customer(shop.merchant), make_staff(shop.merchant)
    tag(shop, known)
    client, base = client_of(cashier.user), f"/m/{shop.merchant.slug}/customers/"
    assert "怕吵" in client.get(f"{base}{known.pk}/").content.decode()
    refused = [client.get(f"{base}file/"), client.post(f"{base}{known.pk}/tag/", {"name": "x"})]
    assert {answer.status_code for answer in refused} <= {403, 404}


@pytest.mark.parametrize("page", ["", "tags/", "file/"])
def test_the_pages_ask_as_much_for_many_as_for_few(shop: Shop, page: str) -> None:
    client, base = client_of(owner_of(shop.merchant)), f"/m/{shop.merchant.slug}/customers/{page}"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(base)
            b"".join(answer.streaming_content if answer.streaming else [answer.content])
        return len(queries)

    tag(shop, make_customer(shop.merchant))
    asked()
    few = asked()
    for number in range(10):
        tag(shop, *(make_customer(shop.merchant) for _ in range(2)), name=f"n{number}")
    assert asked() == few
