from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation

from portal.kernel import jobs
from portal.kernel.models import Job, JobState, User
from portal.kernel.web.jobs import words
from tests import cast
from tests.kernel import told
from tests.kernel.processes import start_worker, wait_for

assert told


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


def browser(person: User, language: str = "en") -> Client:
    return cast.client_of(person, language=language)


@pytest.mark.django_db
def test_a_job_runs_counts_and_leaves_a_file_for_its_starter_alone(owner: User, stranger: User):
    job = jobs.start_job("test.count", by=owner)
    assert jobs.run_due() == 1
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.note) == (JobState.DONE, 5, 5, "counted")

    mine = browser(owner).get(f"/jobs/{job.token}/result/")
    assert b"".join(mine.streaming_content) == b"1 2 3 4 5"
    assert mine.headers["Content-Disposition"] == 'attachment; filename="numbers.txt"'
    assert browser(stranger).get(f"/jobs/{job.token}/result/").status_code == 404
    assert browser(stranger).get(f"/jobs/{job.token}/").status_code == 404
    assert Client().get(f"/jobs/{job.token}/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.django_db
def test_the_page_refreshes_itself_until_the_work_is_over(owner: User):
    job = jobs.start_job("test.count", by=owner)
    page = browser(owner).get(f"/jobs/{job.token}/").content.decode()
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page
    assert "data-poll" in page
    assert "Queued" in page
    jobs.run_due()
    page = browser(owner).get(f"/jobs/{job.token}/").content.decode()
    assert 'http-equiv="refresh"' not in page
    assert "data-poll" not in page
    assert "5 of 5" in page


@pytest.mark.django_db
def test_htmx_gets_the_piece_alone(owner: User):
    job = jobs.start_job("test.count", by=owner)
    answer = browser(owner).get(f"/jobs/{job.token}/", headers={"HX-Request": "true", "HX-Target": "job"})
    assert answer.content.decode().lstrip().startswith('<div id="job"')
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.django_db
def test_a_job_that_waits_is_cancelled_at_once_and_twice_is_once(owner: User):
    job = jobs.start_job("test.count", by=owner)
    for _ in range(2):
        assert browser(owner).post(f"/jobs/{job.token}/cancel/").headers["Location"] == f"/jobs/{job.token}/"
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert jobs.run_due() == 0


@pytest.mark.django_db
def test_nobody_else_can_cancel_it(owner: User, stranger: User):
    job = jobs.start_job("test.count", by=owner)
    assert browser(stranger).post(f"/jobs/{job.token}/cancel/").status_code == 404
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


@pytest.mark.django_db
def test_a_job_that_runs_stops_at_its_next_step_and_keeps_what_it_did(
    owner: User, monkeypatch: pytest.MonkeyPatch
):
    def stopped(running: jobs.Running) -> None:
        running.progress(2, 5)
        jobs.cancel_job(running.job)
        running.progress(3, 5)

    monkeypatch.setitem(jobs._kinds, "test.count", jobs.Kind("test.count", "", stopped))
    job = jobs.start_job("test.count", by=owner)
    jobs.run_due()
    job.refresh_from_db()
    assert (job.state, job.done) == (JobState.CANCELLED, 3)


@pytest.mark.django_db
def test_a_fault_of_ours_becomes_a_sentence_and_a_refusal_its_own(owner: User):
    owner.language = "en"
    owner.save(update_fields=["language"])
    broken, refused = jobs.start_job("test.broken", by=owner), jobs.start_job("test.refused", by=owner)
    jobs.run_due()
    broken.refresh_from_db()
    refused.refresh_from_db()
    assert (broken.state, broken.note) == (
        JobState.FAILED,
        "Something went wrong on our side. Please start it again",
    )
    assert (refused.state, refused.note) == (JobState.FAILED, "No phone column found. Pick one below")


@pytest.mark.django_db
def test_rows_that_need_fixing_are_counted_in_words(owner: User):
    job = jobs.start_job("test.rows", by=owner)
    jobs.run_due()
    job.refresh_from_db()
    assert job.state == JobState.DONE_WITH_ERRORS
    assert "2 rows need fixing" in browser(owner).get(f"/jobs/{job.token}/").content.decode()


@pytest.mark.django_db
def test_progress_never_moves_backwards(owner: User):
    job = jobs.start_job("test.count", by=owner)
    leased = jobs._lease_one()
    assert leased
    running = jobs.Running(leased)
    running.progress(4, 5)
    running.progress(2, 5)
    job.refresh_from_db()
    assert job.done == 4


@pytest.mark.django_db
def test_a_run_that_was_overtaken_cannot_write_any_more(owner: User):
    job = jobs.start_job("test.count", by=owner)
    old = jobs._lease_one()
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    new = jobs._lease_one()
    assert old
    assert new
    with pytest.raises(jobs.Overtaken):
        jobs.Running(old).progress(5, 5)
    job.refresh_from_db()
    assert job.done == 0


@pytest.mark.django_db
def test_one_long_job_at_a_time_leaves_the_other_workers_free(owner: User, settings: Any):
    settings.JOBS_AT_ONCE = 1
    jobs.start_job("test.count", by=owner)
    jobs.start_job("test.count", by=owner)
    assert jobs._lease_one()
    assert jobs._lease_one() is None
    settings.JOBS_AT_ONCE = 2
    assert jobs._lease_one()


@pytest.mark.django_db
def test_a_job_that_breaks_off_each_time_is_given_up(owner: User):
    job = jobs.start_job("test.count", by=owner)
    Job.objects.update(tries=jobs.MOST_TRIES)
    jobs.run_due()
    job.refresh_from_db()
    assert job.state == JobState.FAILED


@pytest.mark.django_db
def test_a_job_that_has_not_moved_for_a_minute_says_so(owner: User):
    job = jobs.start_job("test.count", by=owner)
    jobs._lease_one()
    Job.objects.update(moved_at=timezone.now() - timedelta(seconds=61))
    assert "Stalled, we are looking at it" in browser(owner).get(f"/jobs/{job.token}/").content.decode()


@pytest.mark.django_db
def test_the_guess_comes_after_five_percent_and_five_seconds(owner: User):
    now = timezone.now()
    job = Job(by=owner, total=100, done=4, started_at=now - timedelta(seconds=20), state=JobState.RUNNING)
    assert "left" not in words(job, now)
    job.done = 20
    with translation.override("en"):
        assert words(job, now) == "20 of 100 · about 80 s left"
    job.started_at = now - timedelta(seconds=4)
    assert "·" not in words(job, now)


@pytest.mark.django_db
def test_results_are_kept_for_thirty_days(owner: User):
    job = jobs.start_job("test.count", by=owner)
    jobs.run_due()
    job.refresh_from_db()
    file = Path(job.result.path)
    assert file.exists()
    Job.objects.update(ended_at=timezone.now() - timedelta(days=31))
    jobs.forget_results()
    assert not file.exists()
    assert browser(owner).get(f"/jobs/{job.token}/result/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_job_survives_the_death_of_its_worker(tmp_path: Path):
    person = cast.make_user()
    marker = tmp_path / "begun"
    job = jobs.start_job("test.slow", by=person, params={"marker": str(marker)})
    worker = start_worker("run")
    wait_for(marker, worker)
    worker.kill()
    worker.wait()
    assert jobs.run_due() == 0  # the lease still holds: nobody runs it twice at the same time
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert jobs.run_due() == 1

    job.refresh_from_db()
    assert (job.state, job.done, job.tries) == (JobState.DONE, 3, 2)
