import time
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import MisconductReport
from portal.home.accounts.wiring import EmailAddress
from portal.kernel.looking import ReadOnlyAdmin
from portal.kernel.models import Delivery, OutboxEvent, Reveal, User
from tests import cast
from tests.accounts.codes import last_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db: None) -> User:
    return cast.make_user(name="平台", is_staff=True, is_superuser=True)


@pytest.fixture
def desk(boss: User) -> Client:
    return cast.client_of(boss, language="en")


def test_a_visitor_is_sent_to_the_portals_own_sign_in_and_comes_back(boss: User):
    visitor = Client()
    first = visitor.get("/staff/kernel/delivery/")
    assert first.headers["Location"] == "/staff/login/?next=/staff/kernel/delivery/"
    second = visitor.get(first.headers["Location"])
    assert second.headers["Location"] == "/accounts/login/?next=%2Fstaff%2Fkernel%2Fdelivery%2F"
    visitor.post("/accounts/login/", {"login": boss.phone, "next": "/staff/"})
    done = visitor.post("/accounts/login/code/confirm/", {"code": last_code(boss.phone), "next": "/staff/"})
    assert done.headers["Location"] == "/staff/"
    assert visitor.get("/staff/").status_code == 200


def test_the_admins_own_password_form_is_never_shown(boss: User):
    answer = Client().post("/staff/login/", {"username": str(boss.pk), "password": "x"})
    assert answer.headers["Location"].startswith("/accounts/login/")


def test_who_is_not_staff_gets_nowhere(consumer: User):
    assert cast.client_of(consumer).get("/staff/", follow=True).status_code == 404


def test_staff_without_a_second_step_is_sent_to_add_one(settings: Any, boss: User, desk: Client):
    settings.STAFF_MFA_REQUIRED = True
    answer = desk.get("/staff/", follow=True)
    assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "Staff pages need a second step" in answer.content.decode()
    Authenticator.objects.create(user=boss, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert desk.get("/staff/").status_code == 200


@pytest.mark.parametrize(("entered", "seen"), [(13 * 3600, 60), (3 * 3600, 2 * 3600 + 60)])
def test_a_staff_session_ends_after_two_idle_hours_or_twelve(
    boss: User, desk: Client, entered: int, seen: int
):
    session = desk.session
    User.objects.filter(pk=boss.pk).update(last_login=timezone.now() - timezone.timedelta(seconds=entered))
    session["staff_seen_at"] = time.time() - seen
    session.save()
    answer = desk.get("/staff/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert "_auth_user_id" not in desk.session


def test_a_busy_staff_session_goes_on(boss: User, desk: Client):
    session = desk.session
    User.objects.filter(pk=boss.pk).update(last_login=timezone.now() - timezone.timedelta(hours=3))
    session["staff_seen_at"] = time.time() - 3600
    session.save()
    assert desk.get("/staff/").status_code == 200
    assert desk.session["staff_seen_at"] > time.time() - 60


def test_contacts_are_masked_on_every_page_until_somebody_says_why(desk: Client, boss: User):
    person = cast.make_user(phone="+8613812345678", name="张女士")
    User.objects.filter(pk=person.pk).update(is_active=True)
    person.email = "canary@example.com"
    person.save(update_fields=["email", "email_index"])
    one = reverse("admin:kernel_user_change", args=[person.pk])
    for page in (reverse("admin:kernel_user_changelist"), one):
        body = desk.get(page).content.decode()
        assert "13812345678" not in body
        assert "canary@" not in body
        assert "+86 ••• •••• 5678" in body
    reveal = reverse("admin:kernel_user_reveal", args=[person.pk])
    assert "13812345678" not in desk.get(reveal).content.decode()
    assert desk.post(reveal, {"reason": ""}).status_code == 422
    assert "+8613812345678" in desk.post(reveal, {"reason": "case 12, call back"}).content.decode()
    look = Reveal.objects.get()
    assert (look.person, look.by, look.reason) == (person, boss, "case 12, call back")


def test_the_fifty_first_look_of_the_day_is_refused(desk: Client):
    person = cast.make_user()
    reveal = reverse("admin:kernel_user_reveal", args=[person.pk])
    answers = [desk.post(reveal, {"reason": "case 12"}).status_code for _ in range(51)]
    assert answers == [200] * 50 + [422]
    assert Reveal.objects.count() == 50


@pytest.mark.parametrize("typed", ["+8613812345678", "+86 138 1234 5678"])
def test_a_person_is_found_by_the_whole_number_but_not_by_a_part(desk: Client, typed: str):
    person = cast.make_user(phone="+8613812345678", name="张女士")
    listing = reverse("admin:kernel_user_changelist")
    assert person.name in desk.get(listing, {"q": typed}).content.decode()
    assert person.name not in desk.get(listing, {"q": "5678"}).content.decode()


def test_rights_are_given_by_superusers_alone_and_only_changed_columns_are_written(desk: Client, boss: User):
    helper = cast.make_user(is_staff=True)
    page = reverse("admin:kernel_user_change", args=[helper.pk])
    sealed = (
        User.objects.filter(pk=helper.pk).extra(select={"raw": "phone::text"}).values_list("raw", flat=True)
    )
    before = sealed[0]
    form = {"language": "en", "time_zone": "Asia/Shanghai", "is_active": "on"}
    assert desk.post(page, form).status_code == 302
    helper.refresh_from_db()
    assert (helper.language, helper.is_staff) == ("en", False)
    assert sealed[0] == before


def test_parked_deliveries_are_seen_and_tried_again(desk: Client):
    event = OutboxEvent.objects.create(title="kernel.Test", facts={})
    row = Delivery.objects.create(event=event, subscriber="x", attempts=10, parked_at=timezone.now())
    listing = reverse("admin:kernel_delivery_changelist")
    assert "kernel.Test" in desk.get(listing, {"state": "parked"}).content.decode()
    assert "0 of 1" not in desk.get(listing, {"state": "done"}).content.decode()
    desk.post(listing, {"action": "try_again", "_selected_action": [row.pk]})
    row.refresh_from_db()
    assert (row.parked_at, row.attempts) == (None, 0)


def test_allauths_tables_stay_out_of_the_staffs_sight():
    for model in (EmailAddress, Authenticator, apps.get_model("usersessions", "UserSession")):
        assert not admin.site.is_registered(model)


def adds_by_a_verb(page: Any) -> bool:
    """A page of its own starts such a row; whoever may is asked there."""
    return type(page).has_add_permission is not ReadOnlyAdmin.has_add_permission


# Misconduct answers 404 to the platform's owner too: see tests/complaints/test_misconduct.py.
READ_ONLY = [
    model
    for model, page in admin.site._registry.items()
    if isinstance(page, ReadOnlyAdmin) and not adds_by_a_verb(page) and model is not MisconductReport
]


@pytest.mark.parametrize("model", READ_ONLY, ids=lambda m: m._meta.label)
def test_nobody_edits_what_is_only_to_be_read(model: Any, desk: Client):
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert desk.get(reverse(f"{base}_changelist")).status_code == 200
    assert desk.post(reverse(f"{base}_add"), {}).status_code == 404
    removed = desk.post(reverse(f"{base}_delete", args=["1"]), {"post": "yes"})
    assert removed.status_code in (302, 404)  # led away: such a row may be removed, and isn't there


def test_the_front_page_shows_what_people_work_on_and_each_group_its_history(desk: Client):
    history = reverse("admin:complaints_reasonevent_changelist")
    front = desk.get("/staff/").content.decode()
    assert reverse("admin:complaints_reason_changelist") in front
    assert history not in front
    assert history in desk.get(reverse("admin:app_list", args=["complaints"])).content.decode()


def test_nothing_can_be_deleted_in_bulk(desk: Client):
    for page in admin.site._registry.values():
        assert "delete_selected" not in page.actions


def test_the_history_of_a_person_says_who_when_and_from_where(signed_in: Callable[..., Client], boss: User):
    person = cast.make_user(phone="+8613812345678", language="zh-hans")
    browser = Client(REMOTE_ADDR="10.9.8.7")
    browser.force_login(person, backend="portal.home.accounts.backends.PortalBackend")
    browser.post("/preferences/", {"language": "en"}, headers={"X-Request-Id": "abc-12345678"})
    desk = cast.client_of(boss, language="en")
    body = desk.get(reverse("admin:kernel_userevent_changelist")).content.decode()
    assert f"user: {person.pk} · address: 10.9.8.7 · request: abc-12345678 · path: /preferences/" in body
    assert "13812345678" not in body
