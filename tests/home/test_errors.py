"""Pages for what goes wrong: in the person's language, with a way on, never a bare code."""

import pytest
from django.test import Client, RequestFactory

from portal.home.web.errors import server_fault


def broken(language="en", **cookies):
    request = RequestFactory().get("/nearby/")
    request.id = "7k3m9p2q"
    request.COOKIES |= cookies
    return server_fault(request)


def test_a_fault_of_ours_costs_no_query_and_names_its_number(django_assert_num_queries, db):
    with django_assert_num_queries(0):
        response = broken(theme="dark")
    assert response.status_code == 500
    html = response.content.decode()
    assert "7k3m9p2q" in html
    assert 'data-theme="dark"' in html


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "这个地址没有内容"), ("en", "There is nothing at this address")]
)
def test_an_unknown_address_leads_back_to_what_is_nearby(language, words):
    response = Client(headers={"accept-language": language}).get("/no/such/page/")
    assert response.status_code == 404
    assert words in response.content.decode()
    assert 'href="/nearby/"' in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_says_that_nothing_was_saved():
    response = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post(
        "/preferences/", {"theme": "dark"}
    )
    assert response.status_code == 403
    assert "Nothing was saved" in response.content.decode()
    assert "theme" not in response.cookies
