"""The frame: what it costs, whom it shows what, and where it says one is."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import resolve

from merchants import actions
from merchants.models import Role
from portal.home.context import CONSOLE, CONSUMER, navigation, tabs_for

pytestmark = pytest.mark.django_db


def nav(user=None, path="/nearby/", merchant=None, role=None):
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    if merchant:
        request.merchant, request.role = merchant, role
    return navigation(request)["nav"]


def test_a_visitor_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert [tab.icon for tab in nav().tabs] == ["pin", "ticket", "card", "user"]


def test_a_signed_in_person_costs_one_query(consumer, django_assert_num_queries):
    seen = nav(consumer)
    with django_assert_num_queries(1):
        assert seen.works is False
        assert seen.unread == 0


def test_a_page_piece_without_a_frame_costs_nothing(consumer, django_assert_num_queries):
    with django_assert_num_queries(0):
        nav(consumer)


def test_staff_find_the_way_to_their_shop(cashier):
    assert nav(cashier.user).works is True


def test_former_staff_do_not(cashier):
    actions.remove_staff(cashier)
    assert nav(cashier.user).works is False


@pytest.mark.parametrize(
    ("path", "icon"),
    [
        ("/nearby/", "pin"),
        ("/s/qinghe/", "pin"),
        ("/me/coupons/7/", "ticket"),
        ("/me/cards/", "card"),
        ("/me/inbox/", "user"),
        ("/accounts/login/", "user"),
    ],
)
def test_one_section_is_the_current_one(path, icon):
    assert [tab.icon for tab in tabs_for(path, CONSUMER) if tab.current] == [icon]


def test_no_section_is_current_on_the_front_page():
    assert [tab for tab in tabs_for("/", CONSUMER) if tab.current] == []


def test_the_front_page_of_the_console_is_only_itself():
    def current(path):
        return [tab.icon for tab in tabs_for(path, CONSOLE, "/m/qinghe/") if tab.current]

    assert current("/m/qinghe/") == ["home"]
    assert current("/m/qinghe/coupons/3/") == ["ticket"]
    assert current("/m/qinghe/jobs/") == []


def test_a_cashier_sees_only_what_a_cashier_may_open(cashier, merchant):
    rail = nav(cashier.user, f"/m/{merchant.slug}/", merchant, Role.CASHIER).rail
    assert [tab.icon for tab in rail] == ["home", "scan", "users"]


def test_the_phone_has_room_for_four_sections(owner, merchant):
    seen = nav(owner, f"/m/{merchant.slug}/", merchant, Role.OWNER)
    assert len(seen.tabs) == 4
    assert set(seen.tabs) < set(seen.rail)


@pytest.mark.parametrize("section", CONSUMER, ids=lambda section: section.path)
def test_every_tab_leads_somewhere(section):
    assert resolve(section.path)


@pytest.mark.parametrize("section", CONSOLE, ids=lambda section: section.icon)
def test_the_console_offers_a_section_to_those_whom_its_page_admits(section):
    match = resolve(f"/m/qinghe/{section.path}")
    assert match.func.access["GET"].name == f"{section.least.value} of the merchant"
