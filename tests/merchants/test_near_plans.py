"""The planner's way to the nearest shops, in a town that is large enough for it to have a choice."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from merchants.categories import load_categories
from merchants.finding.folding import words_of
from merchants.finding.near import Near
from merchants.models import Category
from tests.merchants.test_near import scatter
from tests.undoing import of_the_test

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("near")]  # one town, in one worker


def plan_of(question: Near, *, cast: str = "") -> str:
    sql, values = question.sql(33)
    if cast:
        sql = re.sub(r"(category_id = \d+)", rf"\1{cast}", sql)
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql, values)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.fixture(scope="module", autouse=True)
def town(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Enough shops for the planner to choose as it does among a million; all these tests only look."""
    now, hour = timezone.now(), timedelta(hours=1)
    words = {"bigrams": ["咖", "咖啡"], "search_text": "咖啡"}
    with django_db_blocker.unblock(), of_the_test():
        load_categories()
        scatter(31.0, 121.0, 4000, opens_at=now - hour, closes_at=now + hour, **words)
        scatter(31.0, 121.0, 3, bigrams=["钟", "钟表"], search_text="钟表")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE merchants_shop")
        yield
        transaction.set_rollback(True)


def key_of(slug: str) -> int:
    return Category.objects.get(slug=slug).pk


def test_the_plan_orders_by_the_two_column_index() -> None:
    key = key_of("cafe")
    plan = plan_of(Near(lat=31.0, lon=121.0, limit=20, categories=(key,), open_at=timezone.now()))
    assert "Index Scan using shop_category_near" in plan
    assert f"(category_id = {key}) AND (location &&" in plan
    assert "Order By: (location <->" in plan


def test_the_plan_of_a_branch_is_one_ordered_scan_per_leaf_merged() -> None:
    keys = Category.objects.keys_of(Category.objects.get(slug="dining"))
    plan = plan_of(Near(lat=31.0, lon=121.0, limit=20, categories=keys))
    assert "Merge Append" in plan
    assert plan.count("Index Scan using shop_category_near") == len(keys) == 7
    assert plan.count("Order By: (location <->") == len(keys)


def test_a_category_of_another_integer_type_would_lose_the_index() -> None:
    """Why the key is an AutoField: the same question with a bigint can't use the first column."""
    key = key_of("cafe")
    question = Near(lat=31.0, lon=121.0, limit=20, categories=(key,))
    assert f"Index Cond: (category_id = {key})" in plan_of(question)
    assert f"Index Cond: (category_id = {key})" not in plan_of(question, cast="::bigint")


def test_a_word_of_two_characters_goes_by_bigrams_and_never_by_trigrams() -> None:
    plan = plan_of(Near(lat=31.0, lon=121.0, limit=20, words=tuple(words_of("钟表"))))
    assert "Bitmap Index Scan on shop_bigrams" in plan
    assert "shop_trigrams" not in plan


def test_a_word_that_every_shop_has_is_looked_for_outwards_from_the_point() -> None:
    plan = plan_of(Near(lat=31.0, lon=121.0, limit=20, words=tuple(words_of("咖啡"))))
    assert "Order By: (location <->" in plan
    assert "Sort Key: ((location" not in plan
