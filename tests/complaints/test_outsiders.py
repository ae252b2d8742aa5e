"""Every page, answer, note, file and export of cases, tried by everybody who has nothing to do there."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone

from complaints.admin import desk
from complaints.models import CaseTry, Complaint, FileLook, InternalNote, Remedy, Reply, Step
from portal.kernel.access import Route, routes
from tests import cast, routes_values
from tests.complaints.makers import make_agent, make_attachment, make_complaint
from tests.kernel.test_routes import path_of
from tests.routes_values import World

pytestmark = pytest.mark.django_db
routes_values.load()
#: Pages that are everybody's own, and links that are the right by themselves.
OPEN = {
    "complaints:report",
    "complaints:mine",
    "complaints:misconduct",
    "complaints:survey",
    "complaints:linked",
    "complaints:linked_decide",
    "complaints:linked_file",
    "complaints:misconduct_case",  # keeps its own book; see test_misconduct.py
}
DESK = "/staff/complaints/"
FIGURES = f"{DESK}complaint/figures/"
EXPORTS = [f"{FIGURES}?format={kind}" for kind in ("csv", "xlsx", "pdf")]
READS = [f"{DESK}{page}" for page in ("complaint/", "remedy/goodwill/", "cause/costs/", "cause/alike/")]


@pytest.fixture
def world(settings, tmp_path) -> World:
    settings.MEDIA_ROOT = tmp_path
    return World()


def closed() -> list[Route]:
    return [route for route in routes() if route.name.startswith("complaints:") and route.name not in OPEN]


def written() -> list[int]:
    return [kind.objects.count() for kind in (Complaint, Step, Reply, InternalNote, Remedy)]


def noted() -> int:
    return CaseTry.objects.count() + FileLook.objects.filter(was_shown=False).count()


def turned_away(browser, method: str, path: str, body: dict | None = None) -> bool:
    """404, noted once, and nothing else was written."""
    before, tries = written(), noted()
    answer = getattr(browser, method.lower())(path, body or {})
    return (answer.status_code, written(), noted()) == (404, before, tries + 1)


def doors_of(complaint: Complaint) -> Iterator[str]:
    for name in (*desk.DOORS, "contacts"):
        yield reverse(f"admin:complaints_complaint_{name}", args=[complaint.pk])


def test_the_pages_of_cases_are_nothing_to_another_consumer_and_another_merchant(world):
    browser, walked = world.browsers["stranger"], 0
    for route in closed():
        path, body = path_of(route, world), routes_values.posts.get(route.name, lambda world: {})(world)
        for method in ("GET", "POST"):
            if method in (route.access or {}):
                assert turned_away(browser, method, path, body if method == "POST" else None), path
                walked += 1
    assert walked >= 14


def test_a_merchants_own_address_opens_no_case_of_another(world):
    mine = cast.make_shop(cast.make_merchant(name="别家洗衣")).merchant
    browser = cast.client_of(cast.owner_of(mine))
    for route in closed():
        if "<slug:merchant>" in route.path and route.name not in (
            "complaints:of_merchant",
            "complaints:remedies",
        ):
            path = path_of(route, world).replace(world.merchant.slug, mine.slug)
            method = "GET" if "GET" in (route.access or {}) else "POST"
            if route.name != "complaints:file_at_shop":
                assert turned_away(browser, method, path), path
            assert browser.get(path).status_code in (404, 405), path


def test_staff_without_the_right_find_neither_desk_nor_export(world):
    complaint = make_complaint(world.shop, world.consumer)
    browser = cast.client_of(cast.make_user(is_staff=True))
    file = make_attachment(world.consumer, world.shop)
    case = reverse("admin:complaints_complaint_change", args=[complaint.pk])
    paths = [*READS, *EXPORTS, FIGURES, f"{DESK}complaint/add/", case]
    for path in [*paths, reverse("complaints:file", args=[file.complaint.token, file.code])]:
        assert turned_away(browser, "GET", path), path
    for path in doors_of(complaint):
        assert turned_away(browser, "POST", path, {"said": "x"}), path


def test_auditors_read_and_write_nothing(world):
    complaint, browser = (
        make_complaint(world.shop, world.consumer),
        cast.client_of(make_agent(reads_only=True)),
    )
    case = reverse("admin:complaints_complaint_change", args=[complaint.pk])
    for path in (f"{DESK}complaint/", case, *EXPORTS):
        assert browser.get(path).status_code == 200, path
    for path in doors_of(complaint):
        assert turned_away(browser, "POST", path, {"said": "x"}), path
    assert turned_away(browser, "GET", f"{DESK}complaint/add/")


def test_tries_are_read_by_the_desk_and_stay_as_written(world):
    complaint, agent = make_complaint(world.shop, world.consumer), world.browsers["stranger"]
    agent.get(reverse("complaints:case", args=[complaint.token]))
    kept = CaseTry.objects.get()
    assert (kept.complaint, kept.method, kept.by) == (complaint, "GET", world.stranger)
    boss = cast.client_of(cast.make_user(is_staff=True, is_superuser=True))
    page = boss.get(f"{DESK}casetry/").content.decode()
    assert complaint.number_in_groups in page
    assert kept.at <= timezone.now()


def test_a_flood_of_tries_fills_no_table(world, monkeypatch):
    monkeypatch.setattr("complaints.actions.turning_away.take", lambda limit, who: False)
    complaint = make_complaint(world.shop, world.consumer)
    answer = world.browsers["stranger"].get(reverse("complaints:case", args=[complaint.token]))
    assert (answer.status_code, CaseTry.objects.count()) == (404, 0)
