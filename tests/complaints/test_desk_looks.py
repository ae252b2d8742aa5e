"""What the desk shows at first sight: the reader's words, and something to say when there is nothing."""

import re

import pytest
from django.utils import timezone

from complaints import actions
from complaints.states import ComplaintState, state_at_desk
from tests.complaints.makers import begin, make_agent, make_complaint

pytestmark = pytest.mark.django_db
QUEUE = "/staff/complaints/complaint/"


def test_a_row_of_the_queue_says_how_the_report_begins_and_how_grave_it_is(signed_in, shop):
    case = make_complaint(shop, said="烫发后\n头皮红肿" + "很疼" * 60)
    agent = make_agent()
    actions.regrade(case, "critical", by=agent, why="有伤情", moment=timezone.now())
    page = signed_in(agent, language="en").get(QUEUE).content.decode()
    assert "烫发后 头皮红肿很疼" in page
    assert "很疼" * 30 not in page
    assert "Critical</b>" in page


def test_saved_filters_stand_above_the_list_and_the_chosen_one_is_marked(signed_in, shop):
    page = signed_in(make_agent(), language="en").get(f"{QUEUE}?queue=critical").content.decode()
    above, _list, _beside = page.partition("changelist-filter-header")
    assert '<a href="?queue=critical" aria-current="page">Critical</a>' in above


def test_an_empty_list_says_so_and_an_empty_filter_leads_out_of_it(signed_in, shop):
    desk = signed_in(make_agent(), language="en")
    assert "There is nothing here so far." in desk.get("/staff/complaints/macro/").content.decode()
    make_complaint(shop)
    assert "Nothing matches." in desk.get(f"{QUEUE}?queue=critical").content.decode()
    assert "in all" in desk.get(QUEUE).content.decode()


def test_the_desk_waits_for_the_person_where_the_person_reads_that_we_wait_for_them(signed_in, shop):
    agent = make_agent()
    begin(make_complaint(shop), agent, "consumer", why="哪一天？", moment=timezone.now())
    page = signed_in(agent, language="en").get(QUEUE).content.decode()
    assert "Waiting for the person" in page
    assert "Waiting for you" not in page
    assert state_at_desk(ComplaintState.RESOLVED) == str(ComplaintState.RESOLVED.label)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_figures_open_with_their_days_filled_in_for_the_browser(signed_in, shop, language):
    page = signed_in(make_agent(), language=language).get(f"{QUEUE}figures/").content.decode()
    assert len(re.findall(r'<input type="date" name="(?:begins|until)" value="\d{4}-\d\d-\d\d"', page)) == 2
