"""What people really write, out of a published data set: it goes through as it is, and is shown as it is."""

import csv
import uuid
from html import escape
from pathlib import Path

import pytest
from django.conf import settings

from consumers import actions
from consumers.models import Kind, Review, Score, State
from consumers.words import has_contacts
from tests.cast import client_of, make_user
from tests.consumers.makers import make_purchase

pytestmark = pytest.mark.django_db
SAMPLE = Path(settings.ROOT) / "data" / "reviews_sample.csv"
STARS = {"good": "5", "fair": "3", "bad": "1", "": ""}
ASPECTS = ("service", "environment", "value")


def sample() -> list[dict[str, str]]:
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", sample(), ids=lambda row: row["id"])
def test_a_real_review_is_kept_and_shown_word_for_word(shop, row):
    person = make_user()
    purchase = make_purchase(shop, person)
    said = row["said"].strip()
    sent = {"key": str(uuid.uuid4()), "stars": row["stars"], "said": said}
    sent |= {aspect: STARS[row[aspect]] for aspect in ASPECTS}
    way = f"/s/{shop.slug}/reviews/write/?purchase={purchase.token}"
    assert client_of(person).post(way, sent).status_code == 302
    review = Review.objects.get()
    assert review.said.replace("\r\n", "\n") == said
    assert (review.kind, review.state, review.language) == (Kind.VERIFIED, State.SHOWN, "zh-Hans")
    assert not has_contacts(said)  # nobody's praise waits for staff because of a price or an hour in it
    page = client_of().get(f"/s/{shop.slug}/reviews/").content.decode()
    assert escape(said) in page.replace("\r\n", "\n")


def test_the_three_aspects_are_what_people_judge_and_their_means_add_up(shop):
    rows = sample()
    for row in rows:
        purchase = make_purchase(shop, make_user())
        given = {aspect: int(STARS[row[aspect]]) for aspect in ASPECTS if row[aspect]}
        what = actions.Said(stars=int(row["stars"]), said=row["said"], **given)
        key, who = uuid.uuid4(), purchase.customer.user
        actions.write_review(who, shop, what, key=key, purchase=purchase)
    assert sum(any(row[aspect] for aspect in ASPECTS) for row in rows) == len(rows) - 1
    score = Score.objects.get(shop=shop, kind=Kind.VERIFIED)
    for aspect in ASPECTS:
        stars = [int(STARS[row[aspect]]) for row in rows if row[aspect]]
        assert (getattr(score, f"{aspect}_sum"), getattr(score, f"{aspect}_count")) == (
            sum(stars),
            len(stars),
        )
