"""What people read and send: the public page, the form, one's own reviews, the merchant's list."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from consumers import actions
from consumers.models import Review
from merchants.photos import path_of
from tests.cast import client_of, make_shop, make_user
from tests.consumers.makers import make_purchase, make_review
from tests.merchants.pictures import GIF, HTML, picture, upload, with_position

pytestmark = pytest.mark.django_db
EVIL = "</script><script>window.__xss=1</script>\"'><img src=x onerror=alert(2)>&\u2028\u202e{{7*7}}"


@pytest.fixture(autouse=True)
def _files(tmp_path):
    with override_settings(MEDIA_ROOT=str(tmp_path)):
        yield


def page_of(path, user=None, *, language="en", status=200):
    response = client_of(user, language=language).get(path)
    assert response.status_code == status
    return response.content.decode()


def way(shop, purchase=None):
    return f"/s/{shop.slug}/reviews/write/" + (f"?purchase={purchase.token}" if purchase else "")


def send(path, user, **data):
    return client_of(user, language="en").post(path, {"key": str(uuid.uuid4()), "stars": "5"} | data)


def test_verified_stand_first_and_ordinary_behind_their_own_tab(shop):
    make_review(shop, stars=4, said="verified words")
    make_review(shop, stars=1, said="ordinary words", verified=False)
    page = page_of(f"/s/{shop.slug}/reviews/")
    assert "verified words" in page and "ordinary words" not in page
    assert "1 verified visit, score after 5" in page
    other = page_of(f"/s/{shop.slug}/reviews/?kind=ordinary")
    assert "ordinary words" in other and "verified words" not in other
    assert "neither the score nor the order" in other


def test_from_five_on_the_score_stands_on_page_and_storefront(shop):
    for stars in (5, 5, 4, 4, 3):
        make_review(shop, stars=stars, tags=["clean"], service=stars)
    page = page_of(f"/s/{shop.slug}/reviews/")
    assert "<b>4.2</b>" in page
    assert "of 5, from 5 verified reviews" in page
    assert "Clean" in page
    assert "4.2 of 5, 5 verified reviews" in page_of(shop.get_absolute_url())


def test_stars_and_tags_filter_and_nonsense_in_the_address_is_left_out(shop):
    make_review(shop, stars=5, said="five", tags=["clean"])
    make_review(shop, stars=2, said="two", tags=["slow"])
    said = f"/s/{shop.slug}/reviews/"
    assert ("five" in (only := page_of(f"{said}?stars=2")), ">two<" in only) == (False, True)
    assert "five" not in page_of(f"{said}?tag=slow")
    assert "No review fits" in page_of(f"{said}?tag=noisy")
    assert "five" in page_of(f"{said}?stars=9&tag=%00&sort=;drop&kind=x&after=zzz")


def test_useful_puts_long_words_with_photos_before_short_ones_of_the_same_day(shop):
    now = timezone.now()
    make_review(shop, said="short", moment=now)
    make_review(shop, said="long " * 80, moment=now - timedelta(hours=2))
    make_review(shop, said="ancient " * 80, moment=now - timedelta(days=300))
    rows = [one.said[:3] for one in client_of().get(f"/s/{shop.slug}/reviews/").context["page"]]
    assert rows == ["lon", "sho", "anc"]
    rows = [one.said[:3] for one in client_of().get(f"/s/{shop.slug}/reviews/?sort=new").context["page"]]
    assert rows == ["sho", "lon", "anc"]


def test_strangers_read_the_first_letter_of_a_name_unless_the_writer_shows_it(shop):
    make_review(shop, make_user(name="欧阳小满"), said="a")
    make_review(shop, make_user(name="Grace H."), said="b", is_named=True)
    page = page_of(f"/s/{shop.slug}/reviews/")
    assert "欧**" in page and "欧阳小满" not in page and "Grace H." in page


def test_five_stars_and_post_is_all_it_takes(shop, consumer):
    purchase = make_purchase(shop, consumer)
    answer = send(way(shop, purchase), consumer)
    review = Review.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/me/reviews/{review.token}/")
    assert review.is_verified
    assert "Verified visit" in page_of(answer["Location"], consumer)


def test_sent_twice_it_is_one_review(shop, consumer):
    key = str(uuid.uuid4())
    photo = upload(picture())
    first = send(way(shop), consumer, key=key, photos=photo)
    photo.seek(0)
    again = send(way(shop), consumer, key=key, photos=photo)
    assert first["Location"] == again["Location"]
    assert Review.objects.count() == 1
    assert Review.objects.get().photos.count() == 1


def test_without_stars_it_is_kept_and_says_what_is_missing(shop, consumer):
    answer = send(way(shop), consumer, stars="", said="my words")
    assert answer.status_code == 422
    assert "Choose one to five stars" in answer.content.decode()
    assert "my words" in answer.content.decode()


@pytest.mark.parametrize("stars", ["0", "6", "-1", "4.5", "five", "\x00", "9" * 400])
def test_stars_that_do_not_exist_are_refused(shop, consumer, stars):
    assert send(way(shop), consumer, stars=stars).status_code == 422
    assert not Review.objects.exists()


def test_the_form_tells_of_a_purchase_that_could_be_reviewed(shop, consumer):
    purchase = make_purchase(shop, consumer)
    assert f"?purchase={purchase.token}" in page_of(way(shop), consumer)


def test_somebody_elses_purchase_is_not_found(shop, consumer):
    assert send(way(shop, make_purchase(shop)), consumer).status_code == 404


def test_staff_are_told_why_they_cannot(shop, cashier):
    answer = send(way(shop), cashier.user)
    assert answer.status_code == 422
    assert "others have to judge it" in answer.content.decode()


def test_photos_lose_where_they_were_taken_and_go_with_the_review(
    shop, consumer, django_capture_on_commit_callbacks
):
    send(way(shop), consumer, photos=upload(with_position()))
    photo = Review.objects.get().photos.get()
    stored = default_storage.open(path_of(photo.stem, 768)).read()
    assert b"canary" not in stored and b"Exif" not in stored
    token = Review.objects.get().token
    with django_capture_on_commit_callbacks(execute=True):
        client_of(consumer).post(f"/me/reviews/{token}/withdraw/")
    assert not default_storage.exists(path_of(photo.stem, 768))


@pytest.mark.parametrize("content", [HTML, GIF, b"", b"\x89PNG\r\n\x1a\n"])
def test_what_is_no_photo_is_refused_and_leaves_no_file(shop, consumer, content, tmp_path):
    answer = send(way(shop), consumer, photos=[upload(picture()), upload(content)])
    assert answer.status_code == 422
    assert not Review.objects.exists()
    assert not [one for one in tmp_path.rglob("*") if one.is_file()]


def test_seven_photos_are_refused_with_the_limit_in_words(shop, consumer):
    photos = [upload(picture(colour=f"#{n}{n}{n}")) for n in range(7)]
    answer = send(way(shop), consumer, photos=photos)
    assert answer.status_code == 422
    assert "These are 7 photos; a review shows up to 6" in answer.content.decode()


def test_a_thousand_photos_are_refused_kindly(shop, consumer):
    answer = send(way(shop), consumer, photos=[upload(b"x") for _ in range(1000)])
    assert answer.status_code == 400
    assert "too many files" in answer.content.decode()
    assert not Review.objects.exists()


def test_editing_changes_it_and_says_so(shop, consumer):
    review = make_review(shop, consumer, stars=2, said="old words", pictures=())
    path = f"/me/reviews/{review.token}/edit/"
    assert "old words" in page_of(path, consumer)
    assert send(path, consumer, stars="4", said="new words").status_code == 302
    page = page_of(f"/s/{shop.slug}/reviews/")
    assert "new words" in page and "edited" in page and "old words" not in page


def test_a_photo_can_be_taken_away_and_another_added(shop, consumer, django_capture_on_commit_callbacks):
    send(way(shop), consumer, photos=upload(picture()))
    review = Review.objects.get()
    old = review.photos.get()
    with django_capture_on_commit_callbacks(execute=True):
        photos = upload(picture(colour="red"))
        send(f"/me/reviews/{review.token}/edit/", consumer, without=str(old.pk), photos=photos)
    assert review.photos.get().pk != old.pk
    assert not default_storage.exists(path_of(old.stem, 384))


def test_mine_shows_what_waits_and_what_was_said(shop, consumer):
    purchase = make_purchase(shop, consumer)
    make_review(shop, consumer, said="an earlier visit")
    page = page_of("/me/reviews/", consumer)
    assert f"?purchase={purchase.token}" in page
    assert "an earlier visit" in page
    assert "an earlier visit" not in page_of("/me/reviews/", make_user())


def test_the_receipt_leads_its_buyer_to_the_review_and_nobody_else(shop, consumer, owner):
    purchase = make_purchase(shop, consumer)
    assert "Write a review" in page_of(f"/r/{purchase.token}/", consumer)
    for other in (owner, None):
        assert "Write a review" not in page_of(f"/r/{purchase.token}/", other)
    review = make_review(shop, purchase=purchase)
    assert f"/me/reviews/{review.token}/" in page_of(f"/r/{purchase.token}/", consumer)


def test_a_bad_review_becomes_a_complaint_in_one_click(shop, consumer):
    review = make_review(shop, consumer, stars=1, said="领口还有印子")
    page = page_of(f"/me/reviews/{review.token}/", consumer)
    href = re.search(r'href="(/s/[^"]+/complain/\?review=[^"]+)"', page)[1]
    form = page_of(href, consumer)
    assert "领口还有印子" in form
    assert 'value="quality" required id="id_reason_0" checked' in form or re.search(
        r'value="quality"[^>]*checked', form
    )
    assert "About your purchase" in form
    good = make_review(shop, stars=5)
    assert "?review=" not in page_of(f"/me/reviews/{good.token}/", good.person)
    client = client_of(make_user())
    assert client.get(href).status_code == 404


def test_unlisted_shops_and_public_places_have_no_reviews_page(shop):
    assert (
        client_of()
        .get(f"/s/{make_shop(shop.merchant, name='草稿', published=False).slug}/reviews/")
        .status_code
        == 404
    )
    assert client_of().get("/s/nowhere/reviews/").status_code == 404


def test_pages_cost_the_same_with_ten_and_with_a_thousand_reviews(shop, owner, consumer):
    photo = send(way(shop), consumer, photos=upload(picture()))
    assert photo.status_code == 302
    mine = make_review(shop, consumer, said="mine", tags=["clean"])
    actions.answer(mine, "ok", merchant=shop.merchant, by=owner)
    costs = []
    for count in (10, 1000):
        _fill(shop, count)
        costs.append(
            [
                _queries(path, user)
                for path, user in (
                    (f"/s/{shop.slug}/reviews/", None),
                    (f"/s/{shop.slug}/reviews/?tag=clean&sort=new", consumer),
                    (f"/s/{shop.slug}/", None),
                    ("/me/reviews/", consumer),
                    (f"/m/{shop.merchant.slug}/reviews/?all=1", owner),
                )
            ]
        )
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 14


def _queries(path, user):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = client_of(user)
    client.get(path)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    return len(queries)


def _fill(shop, count):
    """Ordinary ones by force: many, with the columns that the pages read."""
    now = timezone.now()
    people = [make_user(name=f"人 {n}") for n in range(10)]
    Review.objects.bulk_create(
        Review(
            token=uuid.uuid4().hex[:16],
            shop=shop,
            person=people[n % 10],
            kind="ordinary",
            stars=n % 5 + 1,
            tags=["clean"],
            said="words",
            key=uuid.uuid4(),
            useful_at=now,
            written_at=now,
        )
        for n in range(count)
    )
