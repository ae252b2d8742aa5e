"""What a complaint is about: a tree that managers tend; what goes by a reason goes by all below it."""

import uuid
from datetime import UTC, date, datetime

import pgtrigger
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from complaints import actions, figures
from complaints.clocks.promises import current_policy
from complaints.models import Complaint, Macro, PastCase, Policy, Reason, Target
from complaints.reasons.tree import reason_tree
from complaints.refusals import ReasonGone
from tests import cast
from tests.complaints.makers import make_agent, make_complaint
from tests.complaints.test_database import constraint_of

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)  # 10:00 in Shanghai
REASONS = "/staff/complaints/reason/"


@pytest.fixture(autouse=True)
def planted(db):
    """The tree is there, also after a test that emptied every table."""
    reason_tree()


@pytest.fixture
def boss(signed_in):
    return signed_in(cast.make_user(is_staff=True, is_superuser=True), language="en")


def below(parent: str, code: str, **fields) -> Reason:
    return Reason.objects.create(code=code, name_zh=code, name_en=code, parent_id=parent, **fields)


def minutes(complaint: Complaint, kind: str) -> int:
    return complaint.clocks.get(kind=kind).target.minutes


def test_a_deadline_of_a_reason_holds_for_all_below_it_unless_one_has_its_own(shop):
    below("price-refund", "refund-card")
    old = current_policy()
    assert minutes(make_complaint(shop, reason="refund-card", moment=MONDAY), "answer") == 450
    new = Policy.objects.create(calendar=old.calendar, why="退款当天答复")
    for target in [*old.targets.all(), Target(kind="answer", reason_id="price-refund", minutes=60)]:
        target.pk, target.policy, target.warn_minutes = None, new, 10
        target.save(force_insert=True)
    about = ["price", "price-shown", "price-refund", "refund-card"]
    cases = [make_complaint(shop, reason=reason, moment=MONDAY) for reason in about]
    assert [minutes(case, "answer") for case in cases] == [450, 450, 60, 60]
    actions.regrade(cases[3], "serious", by=make_agent(), why="老人", moment=MONDAY)
    assert minutes(cases[3], "answer") == 450  # the grade's own deadline goes before the reason's


def test_a_macro_of_a_kind_is_offered_for_the_finer_reasons_too(signed_in, shop):
    macro = Macro.objects.create(name="Price", reason_id="price", text_zh="好", text_en="OK")
    finer, other = make_complaint(shop, reason="price-shown"), make_complaint(shop, reason="card")
    desk = signed_in(make_agent(), language="en")
    address = "/staff/complaints/complaint/{}/change/"
    assert list(desk.get(address.format(finer.pk)).context["macros"]) == [macro]
    assert list(desk.get(address.format(other.pk)).context["macros"]) == []


def test_figures_of_a_kind_count_the_finer_reasons(shop):
    for reason in ("price", "price-shown", "card-points"):
        make_complaint(shop, reason=reason, moment=MONDAY)
    scope = figures.Scope(date(2026, 11, 1), date(2026, 12, 1), reason="price")
    assert figures.whole(scope).filed == 2
    assert {line.key for line in figures.by("reason", scope)} == {"price", "price-shown"}


def test_the_queue_narrowed_to_a_kind_shows_the_finer_reasons(signed_in, shop):
    finer, other = make_complaint(shop, reason="card-coupon"), make_complaint(shop, reason="conduct")
    page = signed_in(make_agent(), language="en").get("/staff/complaints/complaint/?reason=card")
    text = page.content.decode()
    assert finer.number_in_groups in text
    assert other.number_in_groups not in text


def test_the_form_offers_the_kinds_and_below_each_the_finer_reasons(signed_in, shop, consumer):
    page = signed_in(consumer, language="en").get(f"/s/{shop.slug}/complain/").content.decode()
    first, _, rest = page.partition('<div class="reason-twigs">')
    assert 'value="quality"' in first
    assert 'value="quality-late"' in rest.split("reason-branch")[0]
    assert "Long wait, or not on time" in page


def test_what_is_retired_is_offered_no_more_and_stays_on_the_cases_that_have_it(signed_in, shop, consumer):
    had = make_complaint(shop, reason="card-points")
    Reason.objects.filter(code="card-points").update(is_retired=True)
    page = signed_in(consumer, language="en").get(f"/s/{shop.slug}/complain/").content.decode()
    assert 'value="card-points"' not in page
    assert 'value="card-coupon"' in page
    with pytest.raises(ReasonGone):
        make_complaint(shop, reason="card-points")
    with pytest.raises(ReasonGone):
        make_complaint(shop, reason="no-such-reason")
    assert str(Complaint.objects.get(pk=had.pk).reason) in ("Points missing or wrong", "积分没有到账，或不对")


def test_a_reported_case_keeps_its_reason_from_being_removed_or_renamed(shop):
    make_complaint(shop, reason="card-points")
    with pytest.raises(ProtectedError):
        Reason.objects.get(code="card-points").delete()
    for change in (
        "DELETE FROM complaints_reason WHERE code = 'card-points'",
        "UPDATE complaints_reason SET code = 'points' WHERE code = 'card-points'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{change}; SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_lets_no_reason_stand_under_itself():
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        Reason.objects.filter(code="card").update(parent_id="card-points")
    assert constraint_of(refused.value) == "reasons_form_a_tree"


def test_a_manager_adds_a_reason_and_an_agent_only_reads_them(signed_in, boss, shop):
    sent = {
        "parent": "quality",
        "code": "quality-noise",
        "name_zh": "太吵",
        "name_en": "Noisy",
        "position": 5,
    }
    assert boss.post(f"{REASONS}add/", sent).status_code == 302
    made = Reason.objects.get(code="quality-noise")
    assert make_complaint(shop, reason="quality-noise").reason == made
    agent = signed_in(make_agent(), language="en")
    assert agent.post(f"{REASONS}add/", sent | {"code": "x"}).status_code == 404
    assert boss.get(f"{REASONS}{made.pk}/delete/").status_code == 404
    renamed = {"parent": "other", "code": "noise", "name_zh": "太吵了", "name_en": "Loud", "position": 1}
    assert boss.post(f"{REASONS}{made.pk}/change/", renamed).status_code == 302
    made.refresh_from_db()
    assert (made.code, made.name_zh, made.parent_id) == ("quality-noise", "太吵了", "other")


def test_the_list_of_reasons_stands_in_the_order_of_the_tree(boss):
    text = boss.get(REASONS).content.decode()
    names = (
        "right › Long wait",
        "How I was treated › Rude",
        "treated › Nobody",
        "wrong › The shop",
        ">Something else<",
    )
    places = [text.index(name) for name in names]
    assert places == sorted(places)


def test_an_empty_table_gets_the_tree_that_a_portal_begins_with():
    with pgtrigger.ignore("complaints.Target:targets_are_written_once"):
        Target.objects.all().delete()
    Reason.objects.exclude(parent=None).delete()
    Reason.objects.all().delete()
    assert "quality-late" in reason_tree()
    assert Reason.objects.get(code="quality-late").parent_id == "quality"


def test_old_cases_know_the_finer_reasons_too():
    content = (
        b"number,reported,category\n1,2025-02-01 10:00,Late\n2,2025-02-01 11:00,card-points\n3,2025-02-02,?"
    )
    actions.import_cases(
        content,
        source="old",
        zone=timezone.get_default_timezone(),
        columns={},
        reasons={"Late": "quality-late"},
        by=None,
        moment=timezone.now(),
    )
    told = dict(PastCase.objects.values_list("number", "reason__code"))
    assert told == {"1": "quality-late", "2": "card-points", "3": "other"}


def test_the_same_report_sent_twice_with_another_reason_is_refused(signed_in, shop, consumer):
    key = uuid.uuid4()
    page, sent = signed_in(consumer, language="en"), {"key": key, "said": "等了很久"}
    address = f"/s/{shop.slug}/complain/"
    assert page.post(address, sent | {"reason": "quality-late"}).status_code == 302
    assert page.post(address, sent | {"reason": "quality-late"}).status_code == 302
    assert page.post(address, sent | {"reason": "conduct"}).status_code == 422
    assert Complaint.objects.count() == 1
