"""Complaints by phone, written down by the desk, and reports that begin at a coupon."""

import uuid

import pytest
from django.db import DatabaseError, transaction
from django.test import RequestFactory
from django.urls import reverse

from complaints.models import Complaint
from complaints.slots import report_coupon
from messaging.models import Channel, Dispatch, Message
from portal.kernel.models import User
from tests import cast
from tests.accounts.codes import last_code
from tests.accounts.doors import PHONE, ask, enter
from tests.complaints.makers import make_agent, make_complaint
from tests.coupons.makers import make_coupon

pytestmark = pytest.mark.django_db
ADD = "/staff/complaints/complaint/add/"


def words(**fields):
    sent = {"key": str(uuid.uuid4()), "phone": "138 0013 8000", "name": "陈女士", "reason": "quality"}
    return sent | {"said": "来电：洗头水太烫"} | fields


def url_for(shop) -> str:
    return f"{ADD}?shop={shop.slug}"


def test_an_agent_finds_the_shop_and_writes_down_what_the_caller_says(signed_in, shop):
    agent = make_agent("小周")
    desk = signed_in(agent, language="en")
    assert url_for(shop).removeprefix(ADD) in desk.get(f"{ADD}?q={shop.name[:2]}").content.decode()
    sent = words()
    for _ in (1, 2):
        assert desk.post(url_for(shop), sent).status_code == 302
    complaint, caller = Complaint.objects.get(), User.objects.with_phone("+8613800138000").get()
    assert (complaint.person, complaint.came_by, complaint.taken_by) == (caller, "phone", agent)
    assert (caller.name, caller.phone_verified_at, complaint.steps.get().by) == ("陈女士", None, caller)
    page = desk.get(reverse("admin:complaints_complaint_change", args=[complaint.pk])).content.decode()
    assert "by phone, written down by 小周" in page


def test_the_caller_gets_the_number_as_a_text(signed_in, shop):
    signed_in(make_agent()).post(url_for(shop), words())
    told = Message.objects.get(kind="complaints.taken_down")
    assert Dispatch.objects.filter(message=told, channel=Channel.SMS).exists()
    assert told.params["number"] == Complaint.objects.get().number_in_groups


def test_a_caller_whom_we_know_keeps_name_and_account(signed_in, shop):
    known = cast.make_user("+8613800138000", name="张女士")
    signed_in(make_agent()).post(url_for(shop), words(name="别人"))
    known.refresh_from_db()
    assert (Complaint.objects.get().person, known.name) == (known, "张女士")


@pytest.mark.parametrize(
    "wrong", [{"phone": ""}, {"phone": "12"}, {"said": ""}, {"reason": "x"}, {"key": ""}, {"name": "长" * 61}]
)
def test_what_cannot_be_read_comes_back_with_the_form(signed_in, shop, wrong):
    page = signed_in(make_agent()).post(url_for(shop), words(**wrong))
    assert page.status_code == 422
    assert (Complaint.objects.count(), User.objects.with_phone("+8613800138000").count()) == (0, 0)


@pytest.mark.parametrize("who", ["auditor", "owner", "consumer", "works there", "themselves"])
def test_others_write_down_nothing(signed_in, shop, owner, consumer, who):
    somebody = {"owner": owner, "consumer": consumer}.get(who) or make_agent(reads_only=who == "auditor")
    if who == "works there":
        cast.make_staff(shop.merchant, user=somebody)
    phone = somebody.phone if who == "themselves" else "13800138000"
    assert signed_in(somebody).post(url_for(shop), words(phone=phone)).status_code in (302, 404, 422)
    assert Complaint.objects.count() == 0


def test_a_shop_that_is_none_opens_no_form(signed_in):
    page = signed_in(make_agent(), language="en").post(f"{ADD}?shop=nowhere", words())
    assert Complaint.objects.count() == 0
    assert "Which shop is it about?" in page.content.decode()


def test_who_wrote_it_down_stands_on_each_case_by_phone(shop):
    complaint = make_complaint(shop)
    with pytest.raises(DatabaseError, match="complaint_by_phone_was_taken_down"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(came_by="phone")


def test_a_coupon_leads_its_holder_to_a_report_about_its_shop(signed_in, shop, consumer):
    coupon = make_coupon(shop.merchant, consumer)
    browser = signed_in(consumer, language="en")
    link = f"{reverse('complaints:report', args=[shop.slug])}?coupon={coupon.token}"
    assert link in browser.get(reverse("coupons:ticket", args=[coupon.token])).content.decode()
    page = browser.get(link).content.decode()
    assert coupon.title in page
    browser.post(link, {"key": uuid.uuid4(), "reason": "card", "said": "不给用"})
    assert Complaint.objects.get().coupon == coupon


@pytest.mark.parametrize("whose", ["a stranger's", "another merchant's"])
def test_a_coupon_of_others_starts_no_report(signed_in, shop, other_shop, consumer, stranger, whose):
    mine = whose != "a stranger's"
    coupon = make_coupon((other_shop if mine else shop).merchant, consumer if mine else cast.make_user())
    link = f"{reverse('complaints:report', args=[shop.slug])}?coupon={coupon.token}"
    browser = signed_in(consumer)
    assert browser.get(link).status_code == 404
    assert browser.post(link, {"key": uuid.uuid4(), "reason": "card", "said": "x"}).status_code == 404
    request = RequestFactory().get("/")
    request.user = stranger
    assert report_coupon(request, coupon=coupon) == ""


def test_the_database_keeps_a_case_with_coupons_of_its_merchant(shop, other_shop, consumer):
    complaint, foreign = make_complaint(shop, consumer), make_coupon(other_shop.merchant, consumer)
    with pytest.raises(DatabaseError, match="another merchant"), transaction.atomic():
        Complaint.objects.filter(pk=complaint.pk).update(coupon=foreign)


def test_a_guest_proves_the_phone_by_a_code_and_is_back_at_the_form(client, shop):
    form = reverse("complaints:report", args=[shop.slug])
    assert client.get(form)["Location"].endswith(f"?next={form}")
    ask(client, PHONE, next=form)
    back = enter(client, last_code(PHONE), next=form)
    assert back["Location"] == form
    client.post(form, {"key": uuid.uuid4(), "reason": "quality", "said": "烫伤"})
    assert Complaint.objects.get().person == User.objects.with_phone(PHONE).get()


def test_the_caller_follows_the_case_after_signing_in_with_the_same_number(client, signed_in, shop):
    signed_in(make_agent()).post(url_for(shop), words(phone=PHONE))
    complaint = Complaint.objects.get()
    ask(client, PHONE)
    enter(client, last_code(PHONE))
    page = client.get(reverse("complaints:case", args=[complaint.token]))
    assert complaint.number_in_groups in page.content.decode()
