import pytest
from django.urls import reverse

from portal.home.accounts.onward import WHY, why_sign_in
from tests import cast
from tests.accounts.doors import LOGIN

pytestmark = pytest.mark.django_db
PLACES = {"complaints:report": ["a-shop"], "coupons:offer": ["ABCDEFGH"]}


@pytest.mark.parametrize("name", WHY)
def test_each_reason_belongs_to_a_page_that_there_is(name):
    assert why_sign_in(reverse(name, args=PLACES.get(name, ["a-shop"])) + "?via=poster") == WHY[name]


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "You report a problem: we need a way to send you our answer."), ("zh-hans", "您要反映问题")],
)
def test_who_reports_a_problem_reads_why_they_sign_in(shop, language, words):
    visitor = cast.client_of(language=language)
    page = visitor.get(reverse("complaints:report", args=[shop.slug]), follow=True)
    assert page.redirect_chain[-1][0].startswith(LOGIN)
    assert words in page.content.decode()


@pytest.mark.parametrize("onward", [None, "", "/me/cards/", "/nowhere/", "http://["])
def test_elsewhere_nothing_is_said(onward):
    assert why_sign_in(onward) == ""
