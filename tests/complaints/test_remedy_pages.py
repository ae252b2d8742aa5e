"""Remedies and causes on the pages: the desk, the merchant's console, the person's case, the admin lists."""

import re
import uuid
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from complaints import actions
from complaints.models import Cause, Remedy
from tests import cast
from tests.complaints.makers import answer, begin, make_agent, make_complaint, promise, propose

pytestmark = pytest.mark.django_db
DESK = "/staff/complaints/complaint/"


@pytest.fixture
def agent():
    return make_agent("小周")


@pytest.fixture
def case(shop, consumer, agent):
    return begin(make_complaint(shop, consumer), agent)


def test_from_the_desk_over_the_shop_to_the_person(case, agent, owner, consumer, signed_in):
    desk, shop, person = (signed_in(who, language="en") for who in (agent, owner, consumer))
    case.refresh_from_db()
    sent = desk.post(
        f"{DESK}{case.pk}/remedy/",
        {"key": uuid.uuid4(), "seen": case.version, "kind": "service", "says": "免费重剪一次", "worth": "38"},
    )
    assert sent.status_code == 302
    remedy = Remedy.objects.get()
    assert "Waits for the merchant to agree" in desk.get(f"{DESK}{case.pk}/change/").content.decode()
    console = f"/m/{case.merchant.slug}/complaints/remedies/"
    assert "免费重剪一次" in shop.get(console).content.decode()
    assert "免费重剪一次" not in person.get(f"/me/complaints/{case.token}/").content.decode()
    assert shop.post(f"{console}{remedy.pk}/agree/").status_code == 302
    answer(case, agent, "方案", then="proposed")
    assert "免费重剪一次" in person.get(f"/me/complaints/{case.token}/").content.decode()
    actions.move(case, "accepted", by=consumer, moment=timezone.now())
    assert shop.post(f"{console}{remedy.pk}/done/", {"proof": " "}).status_code == 422
    assert shop.post(f"{console}{remedy.pk}/done/", {"proof": "11 月 22 日"}).status_code == 302
    page = person.get(f"/me/complaints/{case.token}/").content.decode()
    assert "What you get" in page
    case.refresh_from_db()
    assert case.state == "resolved"


def test_another_merchant_finds_no_remedy_of_this_one(case, agent, signed_in):
    remedy = propose(case, agent, kind="service", worth=3800)
    stranger = cast.make_merchant()
    owner = signed_in(cast.owner_of(stranger))
    for act in ("agree", "done"):
        assert owner.post(f"/m/{stranger.slug}/complaints/remedies/{remedy.pk}/{act}/").status_code == 404
    remedy.refresh_from_db()
    assert remedy.agreed_by is None


def test_a_remedy_of_another_case_is_not_found_from_this_one(case, agent, shop, signed_in):
    other = propose(begin(make_complaint(shop), agent), agent, kind="service", worth=60_000)
    boss = signed_in(make_agent("经理", leads="manager"))
    assert boss.post(f"{DESK}{case.pk}/approve/", {"remedy": other.pk}).status_code == 404
    assert boss.post(f"{DESK}{other.complaint_id}/approve/", {"remedy": other.pk}).status_code == 302


def test_goodwill_and_causes_are_given_on_the_case(case, agent, signed_in):
    desk = signed_in(agent, language="en")
    cause = Cause.objects.create(code="test-late", name_zh="误点", name_en="Late")
    given = {"key": uuid.uuid4(), "worth": "50", "says": "让您久等了"}
    assert desk.post(f"{DESK}{case.pk}/goodwill/", given).status_code == 302
    case.refresh_from_db()
    assert desk.post(f"{DESK}{case.pk}/cause/", {"seen": case.version, "main": cause.pk}).status_code == 302
    page = desk.get(f"{DESK}{case.pk}/change/").content.decode()
    assert "让您久等了" in page
    assert "<b>Late</b>" in page


def test_refused_goodwill_keeps_what_was_typed(case, agent, signed_in):
    desk = signed_in(agent, language="en")
    page = desk.post(
        f"{DESK}{case.pk}/goodwill/", {"key": uuid.uuid4(), "worth": "900", "says": "让您久等了"}
    )
    assert page.status_code == 422
    assert "让您久等了" in page.content.decode()
    assert "200" in page.content.decode()


def test_goodwill_by_month_adds_up_by_the_months_of_the_budget_wherever_the_reader_is(case, agent, signed_in):
    shanghai, other = ZoneInfo("Asia/Shanghai"), make_agent("小吴")
    october, november = (
        datetime(2026, 10, 31, 23, 59, tzinfo=shanghai),
        datetime(2026, 11, 1, tzinfo=shanghai),
    )
    for by, worth, moment in (
        (agent, 20_000, october),  # all of October's, and November begins anew
        (agent, 15_000, november),
        (agent, 1_000, november),
        (other, 300, november),
    ):
        actions.give_goodwill(case, worth, by=by, says="抱歉", key=uuid.uuid4(), moment=moment)
    reader = make_agent("在纽约", leads="manager")
    reader.time_zone = "America/New_York"
    reader.save(update_fields=["time_zone"])
    reader.user_permissions.add(*Permission.objects.filter(codename="view_remedy"))
    desk = signed_in(reader, language="en")
    page = desk.get("/staff/complaints/remedy/goodwill/")
    told = [(str(row["month"]), row["name"], row["total"], row["number"]) for row in page.context["months"]]
    assert told == [
        ("2026-11-01", "小周", 16_000, 2),
        ("2026-11-01", "小吴", 300, 1),
        ("2026-10-01", "小周", 20_000, 1),
    ]
    shown = re.findall(r'<th scope="row">([^<]+)', page.content.decode())
    assert shown == ["Nov 2026", "Nov 2026", "Oct 2026"]
    leads_to = desk.get(f"/staff/complaints/remedy/?is_goodwill__exact=1&proposed_by__exact={other.pk}")
    assert f"proposed_by__exact={other.pk}" in page.content.decode()
    assert [remedy.worth for remedy in leads_to.context["cl"].queryset] == [300]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_lists_open_and_cost_the_same_at_many_rows(
    case, agent, owner, shop, signed_in, language, django_assert_max_num_queries
):
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True), language=language)
    facts = {"by": agent, "says": "x", "moment": timezone.now()}
    for _ in range(4):
        promise(begin(make_complaint(shop), agent), agent, owner, kind="service", worth=3800)
        actions.give_goodwill(begin(make_complaint(shop), agent), 100, key=uuid.uuid4(), **facts)
    pages = ("remedy/", "remedy/?owed=hand", "remedy/?owed=second", "remedy/?owed=merchant")
    more = ("remedy/goodwill/", "cause/", "cause/alike/", "cause/costs/", "prevention/")
    rest = ("prevention/add/", "effectcheck/", "authority/")
    for name in pages + more + rest:
        with django_assert_max_num_queries(25):
            assert boss.get(f"/staff/complaints/{name}").status_code == 200, name


def test_an_agent_plans_nothing_and_a_manager_does(agent, signed_in):
    assert signed_in(agent).get("/staff/complaints/prevention/add/").status_code == 404
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True))
    cause = Cause.objects.create(code="test-late", name_zh="误点", name_en="Late")
    plan = {"cause": cause.pk, "what": "多排一个人", "owner": agent.pk, "due_on": "2026-12-01", "weeks": 8}
    inline = {"checks-TOTAL_FORMS": 0, "checks-INITIAL_FORMS": 0}
    assert boss.post("/staff/complaints/prevention/add/", plan | inline).status_code == 302
    made = cause.preventions.get()
    done = {"evidence": "排班表"} | inline
    assert boss.post(f"/staff/complaints/prevention/{made.pk}/change/", done).status_code == 302
    made.refresh_from_db()
    assert made.state == "done"
