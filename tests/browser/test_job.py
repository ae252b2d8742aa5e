"""The page of a long piece of work asks by itself until the work is over."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal.kernel import jobs
from portal.kernel.models import Job, JobState, User
from tests.kernel import told

assert told
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_page_follows_the_work_to_its_end_and_then_asks_no_more(visit: Any, consumer: User) -> None:
    job = jobs.start_job("test.count", by=consumer)
    page = visit(f"/jobs/{job.token}/", user=consumer, language="en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.headers.get("hx-target", "")))
    expect(page.locator("#job")).to_contain_text("Queued")

    Job.objects.update(state=JobState.RUNNING, done=2, total=5, started_at=timezone.now())
    expect(page.locator("#job")).to_contain_text("2 of 5")
    Job.objects.update(state=JobState.QUEUED)
    jobs.run_due()
    expect(page.locator("#job")).to_contain_text("5 of 5", timeout=10_000)

    assert page.locator("[data-poll]").count() == 0
    seen = asked.count("job")
    assert seen >= 2
    page.wait_for_timeout(2500)
    assert asked.count("job") == seen


def test_the_work_is_stopped_by_its_button(visit: Any, consumer: User) -> None:
    job = jobs.start_job("test.count", by=consumer)
    page = visit(f"/jobs/{job.token}/", user=consumer, language="en")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#job")).to_contain_text("Cancelled")
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
