"""The pages of complaints: a person files, follows and answers; a merchant reads; strangers see nothing."""

import uuid
from datetime import timedelta

import pytest
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.models import Complaint, Reply
from complaints.slots import report_shop
from tests import cast
from tests.complaints.makers import answer, close, make_agent, make_complaint

pytestmark = pytest.mark.django_db


def report_of(shop) -> str:
    return reverse("complaints:report", args=[shop.slug])


def words(key=None, **fields):
    return {"key": str(key or uuid.uuid4()), "reason": "quality", "said": "洗头水太烫"} | fields


def test_a_visitor_is_sent_to_sign_in_and_comes_back(client, shop):
    answer = client.get(report_of(shop))
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={report_of(shop)}"


def test_a_person_files_and_sees_number_story_and_promise(signed_in, shop, consumer):
    browser = signed_in(consumer, language="en")
    page = browser.post(report_of(shop), words(), follow=True)

    complaint = Complaint.objects.get()
    assert page.redirect_chain == [(reverse("complaints:case", args=[complaint.token]), 302)]
    text = page.content.decode()
    assert complaint.number_in_groups in text
    assert "We answer by" in text
    assert "洗头水太烫" in text


def test_sending_a_report_twice_files_one_case(signed_in, shop, consumer):
    browser, sent = signed_in(consumer), words()
    first, second = browser.post(report_of(shop), sent), browser.post(report_of(shop), sent)
    assert first["Location"] == second["Location"]
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": ""},
        {"reason": "murder"},
        {"said": ""},
        {"said": "   "},
        {"said": "\x00\x00"},
        {"said": "长" * 4001},
        {"key": "17"},
        {"key": ""},
    ],
)
def test_a_report_that_cannot_be_read_is_answered_with_the_form(signed_in, shop, consumer, wrong):
    page = signed_in(consumer).post(report_of(shop), words() | wrong)
    assert page.status_code == 422
    assert Complaint.objects.count() == 0


def test_control_characters_are_left_out(signed_in, shop, consumer):
    signed_in(consumer).post(report_of(shop), words(said="a\x00b\u202ec"))
    assert Complaint.objects.get().said == "abc"


def test_what_a_person_writes_is_text_and_never_markup(signed_in, shop, consumer):
    page = signed_in(consumer).post(report_of(shop), words(said="<script>x</script>"), follow=True)
    assert "<script>x" not in page.content.decode()
    assert "&lt;script&gt;x" in page.content.decode()


def test_a_shop_that_is_not_listed_takes_no_reports(signed_in, merchant, consumer):
    draft = cast.make_shop(merchant, published=False)
    assert signed_in(consumer).get(report_of(draft)).status_code == 404
    assert signed_in(consumer).post(report_of(draft), words()).status_code == 404
    assert Complaint.objects.count() == 0


def test_a_listing_that_nobody_has_claimed_can_be_reported(signed_in, consumer):
    listing = cast.make_listing()
    signed_in(consumer).post(report_of(listing), words(reason="listing"))
    assert Complaint.objects.get().merchant is None


def test_a_purchase_that_is_not_mine_cannot_be_named(signed_in, shop, consumer):
    assert signed_in(consumer).get(report_of(shop) + "?purchase=NOTMINE").status_code == 404


def test_my_complaints_are_mine_alone(signed_in, shop, consumer, stranger):
    complaint = make_complaint(shop, consumer)
    case = reverse("complaints:case", args=[complaint.token])
    assert complaint.number_in_groups in signed_in(consumer).get(reverse("complaints:mine")).content.decode()
    assert (
        complaint.number_in_groups not in signed_in(stranger).get(reverse("complaints:mine")).content.decode()
    )

    other = signed_in(stranger)
    assert other.get(case).status_code == 404
    assert other.post(case, {"key": uuid.uuid4(), "said": "x"}).status_code == 404
    assert (
        other.post(
            reverse("complaints:decide", args=[complaint.token]), {"to": "withdrawn", "seen": 1}
        ).status_code
        == 404
    )
    complaint.refresh_from_db()
    assert (complaint.state, Reply.objects.count()) == ("received", 0)


def test_a_visitor_follows_nothing(client, shop):
    complaint = make_complaint(shop)
    for url in (reverse("complaints:mine"), reverse("complaints:case", args=[complaint.token])):
        assert client.get(url)["Location"].startswith("/accounts/login/")


def test_the_person_answers_when_asked_and_twice_is_once(signed_in, shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent("小周")
    answer(complaint, agent)
    answer(complaint, agent, "哪一天？", then="consumer")
    case, browser = reverse("complaints:case", args=[complaint.token]), signed_in(consumer, language="en")
    page = browser.get(case).content.decode()
    assert "We need something from you" in page
    assert "哪一天？" in page
    assert "小周" not in page

    sent = {"key": str(uuid.uuid4()), "said": "周三下午"}
    for _ in (1, 2):
        assert browser.post(case, sent).status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == "investigating"
    assert Reply.objects.filter(from_staff=False).count() == 1


def test_notes_of_the_staff_never_reach_the_person(signed_in, shop, consumer):
    complaint, agent = make_complaint(shop, consumer), make_agent()
    actions.note(complaint, by=agent, said="难缠", key=uuid.uuid4(), moment=timezone.now())
    page = signed_in(consumer).get(reverse("complaints:case", args=[complaint.token]))
    assert "难缠" not in page.content.decode()


def test_solved_and_still_not_right(signed_in, shop, consumer):
    complaint, browser = make_complaint(shop, consumer), signed_in(consumer)
    done = reverse("complaints:decide", args=[complaint.token])
    for _ in (1, 2):
        assert browser.post(done, {"to": "confirmed", "seen": 1}).status_code == 302
    complaint.refresh_from_db()
    assert complaint.state == "confirmed"
    assert complaint.steps.count() == 2

    case = reverse("complaints:case", args=[complaint.token])
    browser.post(case, {"key": uuid.uuid4(), "said": "又坏了"})
    complaint.refresh_from_db()
    assert complaint.state == "reopened"
    assert complaint.ended_at is None


def test_a_case_closed_long_ago_says_so_and_takes_nothing(signed_in, shop, consumer):
    complaint = make_complaint(shop, consumer)
    close(complaint, "重复")
    Complaint.objects.filter(pk=complaint.pk).update(ended_at=timezone.now() - timedelta(days=8))
    browser, case = signed_in(consumer), reverse("complaints:case", args=[complaint.token])
    assert 'id="answer"' not in browser.get(case).content.decode()
    assert browser.post(case, {"key": uuid.uuid4(), "said": "x"}).status_code == 422
    decided = browser.post(
        reverse("complaints:decide", args=[complaint.token]), {"to": "confirmed", "seen": 4}
    )
    assert decided.status_code == 409
    assert Reply.objects.count() == 0


@pytest.mark.parametrize(
    ("to", "button"), [("accepted", "Accept the proposal"), ("rejected", "Not acceptable")]
)
def test_a_proposal_is_answered_with_one_press(signed_in, shop, consumer, to, button):
    complaint, agent = make_complaint(shop, consumer), make_agent("小周")
    answer(complaint, agent, "退您 20 元", then="proposed")
    complaint.refresh_from_db()
    browser = signed_in(consumer, language="en")
    case, decide = (reverse(f"complaints:{name}", args=[complaint.token]) for name in ("case", "decide"))
    assert button in browser.get(case).content.decode()
    stale = browser.post(decide, {"to": to, "seen": complaint.version - 1})
    assert stale.status_code == 409
    for _ in (1, 2):
        assert browser.post(decide, {"to": to, "seen": complaint.version}).status_code == 302
    complaint.refresh_from_db()
    assert (complaint.state, complaint.steps.get(after=to).role) == (to, "consumer")


@pytest.mark.parametrize(
    "wrong", [{}, {"to": "closed", "seen": 1}, {"to": "withdrawn"}, {"to": "x", "seen": "y"}]
)
def test_a_decision_that_cannot_be_read_changes_nothing(signed_in, shop, consumer, wrong):
    complaint = make_complaint(shop, consumer)
    decide = reverse("complaints:decide", args=[complaint.token])
    assert signed_in(consumer).post(decide, wrong).status_code == 422
    complaint.refresh_from_db()
    assert complaint.state == "received"


def test_a_manager_reads_what_it_is_about_and_not_who_says_it(signed_in, shop, manager):
    person = cast.make_user("+8613900001234", name="金丝雀")
    complaint, agent = make_complaint(shop, person, said="染发过敏"), make_agent("小周")
    answer(complaint, agent, "请发照片到邮箱")
    page = signed_in(manager.user).get(reverse("complaints:of_merchant", args=[shop.merchant.slug]))
    text = page.content.decode()
    assert "染发过敏" in text
    assert complaint.number_in_groups in text
    for canary in ("金丝雀", "1234", "13900001234", "请发照片到邮箱", "小周", complaint.token):
        assert canary not in text


def test_a_manager_reads_the_name_of_who_agreed_to_it(signed_in, shop, consumer, owner):
    signed_in(consumer).post(report_of(shop), words(is_named="on"))
    page = signed_in(owner).get(reverse("complaints:of_merchant", args=[shop.merchant.slug]))
    assert "张女士" in page.content.decode()


@pytest.mark.parametrize("who", ["cashier", "stranger", "consumer"])
def test_nobody_below_a_manager_reads_the_merchants_complaints(request, signed_in, shop, who):
    make_complaint(shop)
    somebody = request.getfixturevalue(who)
    url = reverse("complaints:of_merchant", args=[shop.merchant.slug])
    assert signed_in(getattr(somebody, "user", somebody)).get(url).status_code in (403, 404)


def test_a_merchant_reads_its_own_complaints_only(signed_in, shop, other_shop, owner):
    mine, theirs = make_complaint(shop), make_complaint(other_shop)
    page = signed_in(owner).get(reverse("complaints:of_merchant", args=[shop.merchant.slug])).content.decode()
    assert mine.number_in_groups in page
    assert theirs.number_in_groups not in page


def test_a_merchant_changes_nothing(signed_in, shop, owner):
    make_complaint(shop)
    url = reverse("complaints:of_merchant", args=[shop.merchant.slug])
    for method in ("post", "put", "delete", "patch"):
        assert getattr(signed_in(owner), method)(url).status_code == 405


def test_the_storefront_offers_to_report(shop):
    link = report_shop(RequestFactory().get("/"), shop=shop)
    assert report_of(shop) in link


def test_pages_cost_the_same_with_many_cases(
    signed_in, shop, consumer, manager, django_assert_max_num_queries
):
    moment = timezone.now()
    complaint = make_complaint(shop, consumer)
    for number in range(30):
        make_complaint(shop, consumer, moment=moment - timedelta(days=2 * number + 2))
    browser, console = signed_in(consumer), signed_in(manager.user)
    with django_assert_max_num_queries(5):
        browser.get(reverse("complaints:mine"))
    with django_assert_max_num_queries(9):
        browser.get(reverse("complaints:case", args=[complaint.token]))
    with django_assert_max_num_queries(6):
        console.get(reverse("complaints:of_merchant", args=[shop.merchant.slug]))
