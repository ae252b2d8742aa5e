"""Reviews on the merchant's side: the unanswered first, one answer, and no way to make one disappear."""

import uuid

import pytest

from consumers import actions
from consumers.models import Reply, Report, Review, State
from tests.cast import client_of
from tests.consumers.makers import make_purchase, make_review
from tests.consumers.test_review_pages import page_of

pytestmark = pytest.mark.django_db


def test_the_merchant_reads_the_unanswered_first_and_answers_once(shop, owner):
    review = make_review(shop, said="waiting for words")
    answered = make_review(shop, said="has its words")
    actions.answer(answered, "谢谢", merchant=shop.merchant, by=owner)
    path = f"/m/{shop.merchant.slug}/reviews/"
    page = page_of(path, owner)
    assert "waiting for words" in page and "has its words" not in page
    assert "has its words" in page_of(f"{path}?all=1", owner)
    client = client_of(owner, language="en")
    for said in ("Thank you", "Thank you", "Thank you very much"):
        assert client.post(f"{path}{review.token}/reply/", {"said": said}).status_code == 302
    reply = Reply.objects.get(review=review)
    assert (reply.said, reply.edited_at is not None) == ("Thank you very much", True)
    assert "Thank you very much" in page_of(f"/s/{shop.slug}/reviews/")


def test_another_merchant_finds_nothing_and_changes_nothing(shop, stranger, other_shop):
    review = make_review(shop)
    for path in ("reply", "report"):
        client = client_of(stranger)
        ours = f"/m/{other_shop.merchant.slug}/reviews/{review.token}/{path}/"
        assert client.get(ours).status_code == 404
        assert client.post(ours, {"said": "x", "rule": "insult"}).status_code == 404
    assert not Reply.objects.exists() and not Report.objects.exists()


def test_no_way_leads_the_owner_to_delete_a_review(shop, owner):
    review = make_review(shop)
    client = client_of(owner)
    for path in (f"/me/reviews/{review.token}/withdraw/", f"/me/reviews/{review.token}/edit/"):
        assert client.post(path, {"stars": "5", "key": str(uuid.uuid4())}).status_code == 404
    for path in ("reply", "report"):
        assert client.delete(f"/m/{shop.merchant.slug}/reviews/{review.token}/{path}/").status_code == 405
    assert Review.objects.get().state == State.SHOWN


def test_what_the_merchant_reads_never_says_who_bought(shop, owner, consumer):
    purchase = make_purchase(shop, consumer)
    make_review(shop, purchase=purchase, said="words")
    page = page_of(f"/m/{shop.merchant.slug}/reviews/", owner)
    assert consumer.name not in page and purchase.token not in page
