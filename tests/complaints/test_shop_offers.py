"""What a shop offers in a case: within its authority, agreed above it, accepted by the person, given once."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints import actions
from complaints.links import link_to
from complaints.models import Complaint, Remedy
from complaints.refusals import NotForYou
from complaints.remedying.offering import PARTS
from crm.timeline import timeline_of
from loyalty.models import Entry
from messaging.models import Message
from portal.kernel.events import deliver_due
from tests import cast
from tests.complaints.makers import answer, ask_shop, begin, make_agent, make_complaint, promise, propose
from tests.coupons.makers import make_coupon_programme
from tests.loyalty.makers import balance, buy, make_card

pytestmark = pytest.mark.django_db


def at_shop(case: Complaint) -> str:
    return reverse("complaints:at_shop", args=[case.merchant.slug, case.number])


def page_of(case: Complaint) -> str:
    return reverse("complaints:offer", args=[case.merchant.slug, case.number])


def act(remedy: Remedy, name: str) -> str:
    return reverse(f"complaints:{name}", args=[remedy.merchant.slug, remedy.pk])


def offered(case: Complaint, kind: str = "service", **fields):
    case.refresh_from_db()
    facts = {"key": str(uuid.uuid4()), "seen": case.version, "kind": kind, "says": "补偿您"}
    return facts | ({"worth": "38"} if kind == "service" else {}) | fields


def sent(case: Complaint, **fields):
    case.refresh_from_db()
    return {"key": str(uuid.uuid4()), "said": "这是我们的方案", "seen": case.version} | fields


def kinds_told(person) -> list[str]:
    return list(Message.objects.filter(person=person).order_by("pk").values_list("kind", flat=True))


@pytest.fixture
def case(shop, consumer):
    return ask_shop(make_complaint(shop, consumer))


def test_points_are_offered_by_the_manager_and_on_the_card_once_the_person_accepts(
    case, manager, consumer, signed_in
):
    card, shop = make_card(case.merchant, consumer), signed_in(manager.user, language="en")
    client = signed_in(language="en")
    assert "Offer something" in shop.get(at_shop(case)).content.decode()
    assert shop.post(page_of(case), offered(case, "points", points="300")).status_code == 302
    link = reverse("complaints:linked", args=[link_to(case.token)])
    assert "300 points" not in client.get(link).content.decode()
    shop.post(at_shop(case), sent(case, then="proposed"))
    page = client.get(link).content.decode()
    assert "What you are offered" in page
    assert "300 points" in page
    case.refresh_from_db()
    client.post(f"{link}decide/", {"to": "accepted", "seen": case.version})
    deliver_due()
    remedy = Remedy.objects.get()
    assert (remedy.state, remedy.agreed_by, balance(card)) == ("executed", manager.user, 300)
    assert "What you get" in client.get(link).content.decode()
    mine = signed_in(consumer, language="en").get(reverse("complaints:case", args=[case.token]))
    assert reverse("consumers:card", args=[card.token]) in mine.content.decode()
    assert Complaint.objects.get().state == "resolved"


@pytest.mark.parametrize("kind", ["apology", "refund", "points", "coupon", "service"])
def test_each_kind_is_offered_by_its_own_form(shop, consumer, owner, signed_in, kind):
    card, programme = make_card(shop.merchant, consumer), make_coupon_programme(shop.merchant)
    case = ask_shop(make_complaint(shop, consumer, purchase=buy(card, 3800)))
    browser = signed_in(owner, language="en")
    page = browser.get(f"{page_of(case)}?kind={kind}").content.decode()
    asked = {"worth": "20", "points": "50", "programme": programme.pk}
    parts = {name: value for name, value in asked.items() if name in PARTS[kind]}
    for name in asked:
        assert (f'name="{name}"' in page) is (name in parts), name
    assert browser.post(page_of(case), offered(case, kind, **parts)).status_code == 302
    remedy = Remedy.objects.get()
    assert (remedy.kind, remedy.role, remedy.waits) == (kind, "merchant", False)


def test_above_a_managers_limit_the_owner_agrees_before_the_proposal_goes_out(
    case, manager, owner, signed_in, consumer
):
    shop = signed_in(manager.user, language="en")
    shop.post(page_of(case), offered(case, worth="200.01"))
    remedy = Remedy.objects.get()
    page = shop.get(at_shop(case)).content.decode()
    assert "Waits for the owner" in page
    assert 'value="proposed"' not in page
    assert shop.post(at_shop(case), sent(case, then="proposed")).status_code == 422
    assert shop.post(act(remedy, "agree")).status_code == 403
    told = Message.objects.get(person=owner, kind="complaints.remedy_awaited")
    assert told.url == at_shop(case)
    assert "complaints.remedy_awaited" not in kinds_told(manager.user)
    assert signed_in(owner).post(act(remedy, "agree")).status_code == 302
    assert "complaints.remedy_approved" in kinds_told(manager.user)
    assert shop.post(at_shop(case), sent(case, then="proposed")).status_code == 302
    assert signed_in(consumer).get(reverse("complaints:case", args=[case.token])).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("cashier", 403), ("stranger", 404), ("consumer", 404)])
def test_who_doesnt_answer_for_the_shop_offers_nothing(request, case, owner, signed_in, who, status):
    remedy = propose(case, owner, worth=3800)
    somebody = request.getfixturevalue(who)
    browser = signed_in(getattr(somebody, "user", somebody))
    assert browser.get(page_of(case)).status_code == status
    assert browser.post(page_of(case), offered(case)).status_code == status
    for name in ("drop", "agree", "done"):
        assert browser.post(act(remedy, name), {"why": "x", "proof": "x"}).status_code == status
    assert list(Remedy.objects.values_list("state", flat=True)) == ["proposed"]


def test_who_complained_about_the_own_shop_offers_nothing_there(shop, owner, signed_in):
    case = ask_shop(make_complaint(shop, owner))
    browser = signed_in(owner, language="en")
    assert "Nothing can be offered" in browser.get(page_of(case)).content.decode()
    assert browser.post(page_of(case), offered(case)).status_code == 403
    assert not Remedy.objects.exists()


def test_what_was_offered_is_taken_out_again_until_the_person_reads_it(case, owner, signed_in):
    browser = signed_in(owner, language="en")
    browser.post(page_of(case), offered(case))
    remedy = Remedy.objects.get()
    for _ in (1, 2):
        assert browser.post(act(remedy, "drop")).status_code == 302
    assert "The shop took it out again" in browser.get(at_shop(case)).content.decode()
    browser.post(page_of(case), offered(case))
    browser.post(at_shop(case), sent(case, then="proposed"))
    assert browser.post(act(Remedy.objects.latest("pk"), "drop")).status_code == 409
    assert list(Remedy.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "proposed"]


def test_what_the_desk_proposes_is_declined_with_a_reason_that_it_hears(shop, consumer, owner, signed_in):
    agent, browser = make_agent("小周"), signed_in(owner, language="en")
    case = begin(make_complaint(shop, consumer), agent)
    remedy = propose(case, agent, worth=3800)
    assert "complaints.remedy_awaited" in kinds_told(owner)
    assert browser.post(act(remedy, "drop")).status_code == 422
    assert browser.post(act(remedy, "drop"), {"why": "上周已经重剪过"}).status_code == 302
    told = Message.objects.get(person=agent, kind="complaints.remedy_dropped")
    assert told.params["why"] == "上周已经重剪过"
    apology = propose(case, agent, kind="apology")
    with pytest.raises(NotForYou):
        actions.drop_remedy(apology, by=owner, why="不道歉", moment=timezone.now())


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("service", {"worth": ""}),
        ("service", {"says": " "}),
        ("service", {"worth": "38.005"}),
        ("service", {"key": "1"}),
        ("points", {"points": "0"}),
        ("points", {"points": "300"}),  # there is no member card
        ("coupon", {}),
    ],
)
def test_an_offer_that_cant_be_given_comes_back_as_it_was_typed(case, owner, signed_in, kind, wrong):
    make_coupon_programme(case.merchant)
    answer = signed_in(owner).post(page_of(case), offered(case, kind, **wrong))
    assert answer.status_code == 422
    assert "says" in wrong or "补偿您" in answer.content.decode()
    assert not Remedy.objects.exists()


def test_the_same_offer_sent_twice_is_one(case, owner, signed_in):
    browser, same = signed_in(owner), offered(case)
    for _ in (1, 2):
        assert browser.post(page_of(case), same).status_code == 302
    assert Remedy.objects.count() == 1


def test_an_offer_to_a_case_that_changed_meanwhile_can_be_sent_again_as_it_is(case, owner, signed_in):
    browser, stale = signed_in(owner), offered(case)
    answer(case, make_agent(), "请尽快")
    page = browser.post(page_of(case), stale)
    assert page.status_code == 409
    case.refresh_from_db()
    assert f'name="seen" value="{case.version}"' in page.content.decode()
    assert browser.post(page_of(case), stale | {"seen": case.version}).status_code == 302


def test_a_shop_that_offers_unasked_tells_whose_case_it_is(shop, consumer, owner, signed_in):
    agent = make_agent("小周")
    case = begin(make_complaint(shop, consumer), agent)
    actions.assign(case, agent, by=agent, moment=timezone.now())
    signed_in(owner).post(page_of(case), offered(case))
    assert "complaints.shop_offered" in kinds_told(agent)


@pytest.mark.parametrize("is_named", [True, False])
def test_the_shops_books_name_the_case_only_of_who_agreed_to_be_named(shop, consumer, owner, is_named):
    card, agent = make_card(shop.merchant, consumer), make_agent()
    case = begin(make_complaint(shop, consumer, is_named=is_named), agent)
    promise(case, agent, owner, kind="points", points=300)
    actions.keep_promises(timezone.now())
    assert (case.number_in_groups in Entry.objects.get(account__card=card).note) is is_named
    kinds = {happening.kind for happening in timeline_of(card.customer).happenings}
    assert ("remedy" in kinds) is is_named
    assert "points" in kinds


@pytest.mark.parametrize("is_shops", [True, False])
def test_an_apology_is_said_by_whoever_offered_it(shop, consumer, owner, is_shops):
    agent = make_agent()
    case = begin(make_complaint(shop, consumer), agent)
    propose(case, owner if is_shops else agent, kind="apology", says="非常抱歉")
    answer(case, agent, "方案", then="proposed")
    actions.move(case, "accepted", by=consumer, moment=timezone.now())
    actions.keep_promises(timezone.now(), complaint=case.pk)
    said = case.replies.get(said="非常抱歉")
    assert (said.from_shop, said.from_staff) == (is_shops, not is_shops)


def test_what_was_rejected_is_not_given_and_another_offer_can_follow(case, owner, consumer, signed_in):
    browser = signed_in(owner, language="en")
    browser.post(page_of(case), offered(case))
    browser.post(at_shop(case), sent(case, then="proposed"))
    actions.move(case, "rejected", by=consumer, moment=timezone.now())
    assert "It was not agreed on." in browser.get(at_shop(case)).content.decode()
    deliver_due()
    assert browser.post(page_of(case), offered(case, worth="60")).status_code == 302
    assert list(Remedy.objects.order_by("pk").values_list("state", flat=True)) == ["dropped", "proposed"]


def test_the_case_at_the_shop_costs_the_same_with_many_offers(case, owner, signed_in):
    browser, counts = signed_in(owner), []
    for times in (1, 12):
        for _ in range(times):
            propose(case, owner, worth=3800)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(at_shop(case)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 13


def test_a_case_of_another_merchant_has_no_offers_under_ones_own_name(shop, other_shop, owner, signed_in):
    theirs = ask_shop(make_complaint(other_shop))
    url = reverse("complaints:offer", args=[shop.merchant.slug, theirs.number])
    assert signed_in(owner).get(url).status_code == 404
    assert signed_in(owner).post(url, offered(theirs)).status_code == 404
    assert cast.owner_of(other_shop.merchant) != owner
