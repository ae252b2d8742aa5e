"""Words that want to be more than words: shown and kept as what they are."""

import json
import re
import uuid

import pytest

from consumers import actions
from consumers.models import Review
from tests.cast import make_user
from tests.consumers.makers import make_review
from tests.consumers.test_review_pages import EVIL, page_of, send, way

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/s/{shop}/reviews/", "/s/{shop}/", "/m/{merchant}/reviews/?all=1"])
def test_hostile_words_stay_words(shop, owner, path):
    review = make_review(shop, make_user(name=EVIL), said=EVIL, is_named=True)
    actions.answer(review, EVIL, merchant=shop.merchant, by=owner)
    page = page_of(path.format(shop=shop.slug, merchant=shop.merchant.slug), owner)
    assert "<script>window" not in page and "<img src=x" not in page
    assert "&lt;script&gt;window.__xss" in page
    assert "49" not in re.sub(r'token" value="[^"]*"', "", page[page.index("window.__xss") :][:200])


def test_hostile_words_are_cleaned_when_they_are_sent(shop, consumer):
    send(way(shop), consumer, said="a\x00b\u202ec\x07d", key=str(uuid.uuid4()))
    assert Review.objects.get().said == "abcd"


def test_nothing_of_a_review_gets_into_the_machine_readable_part_unescaped(shop):
    make_review(shop, said=EVIL)
    page = page_of(shop.get_absolute_url())
    facts = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])
    assert facts["name"] == shop.name
