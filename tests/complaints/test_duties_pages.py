"""Pages of the admin for staff with duties: each row and address of a case from elsewhere is not there."""

import json
import uuid

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from complaints import actions
from complaints.admin.within import WithinDuties
from complaints.duties import as_rows
from complaints.models import (
    CallBack,
    CaseTry,
    Cause,
    Complaint,
    Duty,
    Survey,
)
from complaints.queue import standing
from complaints.refusals import NotForYou
from portal.kernel.codes import new_code
from tests import cast
from tests.complaints.makers import (
    answer,
    begin,
    close,
    limited,
    make_agent,
    make_attachment,
    make_complaint,
    propose,
)

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/complaint/"


DOORS = [
    *("reply", "note", "move", "assign", "escalate", "grade", "contacts", "duplicate"),
    *("remedy", "approve", "drop", "execute", "goodwill", "cause"),
]


def test_every_page_of_a_case_from_elsewhere_is_not_there_and_the_try_is_kept(signed_in, far):
    boss = limited(region="jingan-temple", leads="manager")
    other, desk = make_complaint(far), signed_in(boss, language="en")
    addresses = [f"{QUEUE}{other.pk}/{name}/" for name in DOORS]
    assert [desk.post(address).status_code for address in addresses] == [404] * len(DOORS)
    assert desk.get(f"{QUEUE}{other.pk}/change/").status_code == 404
    kept = list(
        CaseTry.objects.filter(by=boss, complaint=other).order_by("pk").values_list("path", flat=True)
    )
    assert kept == [*addresses, f"{QUEUE}{other.pk}/change/"]
    assert desk.get(f"{QUEUE}999999/change/").status_code == 404
    assert CaseTry.objects.count() == len(kept)
    other.refresh_from_db()
    assert other.version == 1


def full_case(shop, consumer) -> Complaint:
    """With a row in every table that the admin shows of a case."""
    agent = make_agent("小李")
    case = begin(make_complaint(shop, consumer, said="HIDDEN-WORDS"), agent)
    answer(case, agent, "HIDDEN-REPLY")
    actions.note(case, by=agent, said="HIDDEN-NOTE", key=uuid.uuid4(), moment=timezone.now())
    actions.escalate(case, 1, by=agent, why="HIDDEN-WHY", moment=timezone.now())
    actions.regrade(case, "serious", by=agent, why="HIDDEN-GRADE", moment=timezone.now())
    propose(case, agent, kind="service", worth=3800)
    actions.find_causes(case, Cause.objects.create(code="x", name_zh="原因", name_en="Cause"), by=agent)
    actions.look_at(make_attachment(consumer, shop), by=agent)
    survey = Survey.objects.create(
        complaint=close(make_complaint(shop)), token=new_code(20), asked_at=timezone.now()
    )
    actions.rate(survey, 1, moment=timezone.now())
    return case


def pages_of_cases() -> list:
    return [one for one in admin.site._registry.values() if isinstance(one, WithinDuties)]


def test_every_list_and_row_of_cases_in_the_admin_is_empty_for_who_works_elsewhere(
    signed_in, near, far, consumer
):
    full_case(far, consumer)
    boss = cast.make_user(name="主管", is_staff=True, is_superuser=True)
    Duty.objects.create(user=boss, region="jingan-temple")
    desk, walked = signed_in(boss, language="en"), 0
    for page in pages_of_cases():
        name = f"admin:{page.opts.app_label}_{page.opts.model_name}"
        listed = desk.get(reverse(f"{name}_changelist"))
        assert listed.status_code == 200, name
        assert "HIDDEN" not in listed.content.decode(), name
        assert listed.context["cl"].result_count == 0, name
        for pk in page.model._default_manager.order_by("pk").values_list("pk", flat=True)[:3]:
            for kind in ("change", "history", "delete"):
                try:
                    address = reverse(f"{name}_{kind}", args=[pk])
                except NoReverseMatch:
                    continue
                answered = desk.get(address)
                assert answered.status_code == 404, address
                assert b"HIDDEN" not in answered.content
            walked += 1
    assert walked >= 12
    assert CaseTry.objects.filter(by=boss).count() >= walked
    for page in ("alike", "costs"):
        assert "HIDDEN" not in desk.get(f"/staff/complaints/cause/{page}/").content.decode()


def test_every_table_of_a_case_that_the_admin_shows_is_narrowed_down():
    """A new model with a way to a case that forgets the duties is found here."""
    narrowed = {one.model for one in pages_of_cases()}
    for model, page in admin.site._registry.items():
        names = {field.name for field in model._meta.fields if field.related_model is Complaint}
        if names and model is not CaseTry:
            assert model in narrowed, page


def test_a_call_back_from_elsewhere_is_not_mine_to_make(signed_in, far):
    agent = limited(region="jingan-temple")
    survey = Survey.objects.create(
        complaint=close(make_complaint(far)), token=new_code(20), asked_at=timezone.now()
    )
    actions.rate(survey, 1, moment=timezone.now())
    call = CallBack.objects.get()
    with pytest.raises(NotForYou):
        actions.called_back(call, by=agent, outcome="打过了", moment=timezone.now())
    sent = {"outcome": "打过了"}
    address = f"/staff/complaints/callback/{call.pk}/change/"
    assert signed_in(agent).post(address, sent).status_code == 404
    assert standing(agent, timezone.now()).calls == 0


def test_managers_give_duties_and_an_empty_one_is_refused(signed_in):
    agent = make_agent()
    boss = signed_in(cast.make_user(is_staff=True, is_superuser=True), language="en")
    address = "/staff/complaints/duty/add/"
    assert boss.get(address).status_code == 200
    refused = boss.post(address, {"user": agent.pk})
    assert "Choose a region, a reason, or both." in refused.content.decode()
    assert (
        boss.post(address, {"user": agent.pk, "region": "jingan-temple", "reason": "card"}).status_code == 302
    )
    assert "Jing&#x27;an Temple" in boss.get("/staff/complaints/duty/").content.decode()
    assert signed_in(agent).post(address, {"user": agent.pk, "reason": "price"}).status_code == 404


def test_a_call_about_a_shop_elsewhere_is_written_down_and_given_to_colleagues(signed_in, far):
    desk = signed_in(limited(region="jingan-temple"), language="en")
    page = desk.get(f"{QUEUE}add/?shop={far.slug}")
    sent = {
        "key": page.context["form"]["key"].value(),
        "phone": "13800138000",
        "reason": "price",
        "said": "多收了",
    }
    told = desk.post(f"{QUEUE}add/?shop={far.slug}", sent, follow=True)
    complaint = Complaint.objects.get()
    assert f"Case {complaint.number_in_groups} is open; colleagues work on it." in told.content.decode()


def test_the_queue_costs_as_much_with_duties_at_ten_rows_and_at_sixty(signed_in, near):
    agent = limited(region="jingan-temple")
    Duty.objects.create(user=agent, reason_id="card")
    desk, counts = signed_in(agent, language="en"), []
    for rows in (10, 50):
        for _ in range(rows):
            make_complaint(near)
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(QUEUE).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 12


def test_duties_for_figures_are_written_as_sql_reads_them():
    agent = limited(region="jingan-temple", reason_id="card-points")
    assert json.loads(as_rows(agent)) == [
        {"reasons": ["card-points"], "lat": 31.223, "lon": 121.446, "metres": 3000}
    ]
    assert as_rows(make_agent()) is None
