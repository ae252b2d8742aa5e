"""Every page of the staff's workplace, tried by those to whom it isn't open: nothing is there, once noted."""

import re
from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import Permission
from django.http import HttpResponseNotFound
from django.test import Client
from django.urls import URLResolver

from complaints.models import CaseTry, MisconductLook
from tests import cast
from tests.complaints.makers import make_agent, make_complaint, make_misconduct

pytestmark = pytest.mark.django_db
PARAMETER = re.compile(r"<(?:(\w+):)?\w+>")
APPS = sorted({model._meta.app_label for model in admin.site._registry})


@pytest.fixture(autouse=True)
def quick_and_unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person tries more doors here than are noted in an hour; how a 404 looks is tested elsewhere."""
    monkeypatch.setattr("complaints.actions.turning_away.take", lambda limit, who: True)
    bare = lambda *args, **kwargs: HttpResponseNotFound()  # noqa: E731
    monkeypatch.setattr(URLResolver, "resolve_error_handler", lambda *args: bare)


def doors_of(page: ModelAdmin) -> Iterator[str]:
    """The address of each page below that of a table; what is asked for doesn't exist."""
    meta = page.model._meta
    for pattern in page.get_urls():
        tail = PARAMETER.sub(lambda found: "abc" if found[1] == "slug" else "1", str(pattern.pattern))
        yield f"/staff/{meta.app_label}/{meta.model_name}/{tail}"


def worth_trying(app: str, path: str) -> list[str]:
    """Of other apps the lists, single rows and doors of their own; Django's are the same code everywhere."""
    if app == "complaints":
        return ["get"] if path.endswith(("/history/", "/delete/", "/1/")) else ["get", "post"]
    return [] if path.endswith(("/add/", "/delete/", "/1/")) else ["get"]


def pages_of(app: str) -> list[ModelAdmin]:
    return [page for model, page in admin.site._registry.items() if model._meta.app_label == app]


def finds_nothing(browser: Client, method: str, path: str) -> bool:
    before = CaseTry.objects.count()
    answer = getattr(browser, method)(path)
    last = CaseTry.objects.order_by("-pk").values_list("method", "path").first()
    noted = CaseTry.objects.count() - before
    return (answer.status_code, noted, last) == (404, 1, (method.upper(), path))


@pytest.mark.parametrize("app", APPS)
def test_staff_without_rights_find_no_page_of_any_table(app: str):
    browser, walked = cast.client_of(cast.make_user(is_staff=True)), 0
    assert finds_nothing(browser, "get", f"/staff/{app}/")
    for page in pages_of(app):
        for path in doors_of(page):
            for method in worth_trying(app, path):
                assert finds_nothing(browser, method, path), path
                walked += 1
    assert walked >= 3 * len(pages_of(app))


@pytest.mark.parametrize("app", APPS)
def test_consumers_and_merchants_find_none_either_and_visitors_are_asked_to_sign_in(app: str):
    people = [cast.client_of(who) for who in (cast.make_user(), cast.owner_of(cast.make_merchant()))]
    for page in pages_of(app)[: None if app == "complaints" else 1]:
        listing, *_others = doors_of(page)
        for browser in people:
            assert finds_nothing(browser, "get", listing), listing
        assert finds_nothing(people[0], "post", listing), listing
        assert Client().get(listing).headers["Location"] == f"/staff/login/?next={listing}"


def test_the_workplace_itself_is_nothing_to_a_consumer():
    for path in ("/staff/", "/staff/complaints/", "/staff/autocomplete/", "/staff/nonsense/"):
        assert finds_nothing(cast.client_of(cast.make_user()), "get", path), path


def test_one_right_opens_one_table_and_what_else_is_tried_there_is_noted():
    reader = cast.make_user(is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_macro"))
    browser = cast.client_of(reader)
    for path in ("reason/", "reason/add/", "duty/", "policy/", "graderules/", "workcalendar/", "mail/"):
        assert finds_nothing(browser, "get", f"/staff/complaints/{path}"), path
    agent = cast.client_of(make_agent())
    assert agent.get("/staff/complaints/macro/").status_code == 200
    for path in ("macro/add/", "reason/add/", "policy/add/", "graderules/add/", "caseimport/add/"):
        assert finds_nothing(agent, "post", f"/staff/complaints/{path}"), path


def test_whether_a_row_exists_is_told_to_nobody_without_the_right():
    complaint = make_complaint(cast.make_shop())
    browser = cast.client_of(cast.make_user(is_staff=True))
    for name in ("change", "history", "delete", "reply"):
        for pk in (complaint.pk, complaint.pk + 1000):
            path = f"/staff/complaints/complaint/{pk}/{name}/"
            assert finds_nothing(browser, "get", path), path


def test_tries_at_confidential_reports_stay_in_a_book_of_their_own():
    report, agent = make_misconduct(cast.make_user()), cast.client_of(make_agent())
    page = f"/staff/complaints/misconductreport/{report.pk}/change/"
    assert agent.get(page).status_code == 404
    assert (MisconductLook.objects.filter(was_shown=False).count(), CaseTry.objects.count()) == (1, 0)
    assert finds_nothing(agent, "get", "/staff/complaints/misconductreport/")
