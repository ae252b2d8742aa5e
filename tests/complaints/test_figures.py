"""Figures over cases are what plain Python counts in the file they came from."""

import csv
import statistics
from collections import Counter, defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from complaints import actions, figures
from complaints.figures import Grain, Scope, Side
from complaints.models import CaseImport, Clock, PastCase
from portal.kernel.refused import Refused
from tests import cast
from tests.complaints.makers import answer, ask_shop, close, make_agent, make_complaint

pytestmark = pytest.mark.django_db
FILE = Path(__file__).parents[2] / "data" / "cases_sample.csv"
NEW_YORK = ZoneInfo("America/New_York")
WINTER = Scope(date(2025, 1, 1), date(2025, 3, 1), source="nyc311")


def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def take(content: bytes | None = None, **fields):
    settings = {"source": "nyc311", "zone": NEW_YORK, "columns": {}, "reasons": {}, "by": None}
    settings |= {"moment": timezone.now()} | fields
    return actions.import_cases(FILE.read_bytes() if content is None else content, **settings)


def csv_of(*lines: str) -> bytes:
    return "\n".join(["number,reported,closed,category,merchant", *lines]).encode()


def hours_of(row: dict[str, str]) -> float:
    """Between two wall-clock times of New York."""
    began, ended = (
        datetime.strptime(row[name], "%Y-%m-%d %H:%M").replace(tzinfo=NEW_YORK).astimezone(UTC)
        for name in ("Created Date", "Closed Date")
    )
    return (ended - began) / timedelta(hours=1)


def nine_of_ten(hours: list[float]) -> float:
    """Between the two nearest, as percentile_cont does it."""
    ordered, place = sorted(hours), 0.9 * (len(hours) - 1)
    low, part = int(place), place - int(place)
    return ordered[low] + part * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


def test_the_whole_file_is_counted_as_plain_python_counts_it():
    take()
    file = rows()
    hours = [hours_of(row) for row in file if row["Closed Date"]]
    told = figures.whole(WINTER)
    assert (told.filed, told.ended, told.open) == (len(file), len(hours), len(file) - len(hours))
    assert told.open > 0
    assert told.half == pytest.approx(statistics.median(hours))
    assert told.most == pytest.approx(nine_of_ten(hours))


@pytest.mark.parametrize(("grain", "length"), [(Grain.DAY, 10), (Grain.MONTH, 7)])
def test_each_period_holds_what_the_file_reports_in_it(grain, length):
    take()
    counted = Counter(row["Created Date"][:length] for row in rows())
    told = figures.by_period(Scope(WINTER.begins, WINTER.ends, grain, source="nyc311"))
    assert {line.key.isoformat()[:length]: line.filed for line in told if line.filed} == counted
    assert len(told) == (59 if grain == Grain.DAY else 2)  # days without a case stand there, too


def test_weeks_begin_on_monday():
    take()
    counted: Counter[date] = Counter()
    for row in rows():
        day = date.fromisoformat(row["Created Date"][:10])
        counted[day - timedelta(days=day.weekday())] += 1
    told = figures.by_period(Scope(WINTER.begins, WINTER.ends, Grain.WEEK, source="nyc311"))
    assert {line.key: line.filed for line in told if line.filed} == counted


def test_each_category_has_its_cases_and_its_times():
    take()
    hours = defaultdict(list)
    for row in rows():
        if row["Closed Date"]:
            hours[row["Complaint Type"]].append(hours_of(row))
    told = {line.key: line for line in figures.by(Side.CATEGORY, WINTER)}
    assert {key: line.filed for key, line in told.items()} == Counter(row["Complaint Type"] for row in rows())
    for category, spent in hours.items():
        assert told[category].ended == len(spent)
        assert told[category].half == pytest.approx(statistics.median(spent))


def test_a_word_of_the_file_can_mean_one_of_our_reasons():
    take(reasons={"Animal-Abuse": "conduct", "Pet Shop": "quality"})
    counted = Counter(
        {"Animal-Abuse": "conduct", "Pet Shop": "quality"}.get(row["Complaint Type"], "other")
        for row in rows()
    )
    assert {line.key: line.filed for line in figures.by(Side.REASON, WINTER)} == counted


def test_a_second_run_changes_nothing_and_a_trial_keeps_nothing():
    tried = take(is_trial=True)
    assert tried.added == len(rows())
    assert not PastCase.objects.exists()
    assert not CaseImport.objects.exists()
    take()
    again = take()
    assert (again.added, again.changed, again.unchanged) == (0, 0, len(rows()))
    assert CaseImport.objects.count() == 2


def test_a_case_that_ended_since_is_put_right():
    take(csv_of("1,2025-01-01 10:00,,noise,"))
    report = take(csv_of("1,2025-01-01 10:00,2025-01-02 10:00,noise,"))
    assert (report.added, report.changed) == (0, 1)
    assert figures.whole(WINTER).half == 24


def test_rows_that_make_no_sense_are_refused_with_their_reason(merchant):
    report = take(
        csv_of(
            "1,2025-01-01 10:00,2025-01-01 09:00,a,",
            "2,yesterday,,a,",
            ",2025-01-01 10:00,,a,",
            "4,2125-01-01 10:00,,a,",
            "5,2025-01-01 10:00,,a,nobody-has-this",
            f"6,2025-01-01 10:00,,a,{merchant.slug}",
            "6,2025-01-01 11:00,,a,",
        )
    )
    assert (report.read, report.added, len(report.refused)) == (7, 1, 6)
    assert [trouble.row for trouble in report.refused] == [2, 3, 4, 5, 6, 8]
    assert PastCase.objects.get().merchant == merchant


def test_a_file_without_the_columns_needed_is_refused_by_their_names():
    with pytest.raises(Refused, match="Where"):
        take(b"Where,When\nhere,2025-01-01")
    with pytest.raises(Refused, match="Opened at"):
        take(csv_of("1,2025-01-01 10:00,,a,"), columns={"filed": "Opened at"})


def test_our_own_cases_stand_beside_the_old_ones(shop):
    take()
    mine = make_complaint(shop)
    close(make_complaint(shop))
    today = timezone.localdate()
    both = Scope(date(2025, 1, 1), today + timedelta(days=2))
    assert figures.whole(both).filed == len(rows()) + 2
    assert {line.key: line.filed for line in figures.by(Side.SOURCE, both)} == {
        "nyc311": len(rows()),
        figures.OURS: 2,
    }
    told = {line.key: line.filed for line in figures.by(Side.MERCHANT, both)}
    assert told == {mine.merchant_id: 2, None: len(rows())}
    narrowed = Scope(both.begins, both.ends, merchant=mine.merchant_id)
    assert (figures.whole(narrowed).filed, figures.whole(narrowed).open) == (2, 1)


def test_promises_are_kept_late_or_still_running(shop):
    agent, now = make_agent(), timezone.now()
    answered, missed = make_complaint(shop), make_complaint(shop, cast.make_user())
    answer(answered, agent)
    Clock.objects.filter(complaint=missed, kind="answer").update(
        started_at=now - timedelta(days=3), warn_at=now - timedelta(days=2), due_at=now - timedelta(days=1)
    )
    scope = Scope(timezone.localdate() - timedelta(days=2), timezone.localdate() + timedelta(days=2))
    told = {kept.kind: (kept.kept, kept.late, kept.running) for kept in figures.timeliness(scope)}
    assert told["answer"] == (1, 1, 0)
    assert told["resolution"] == (0, 0, 2)


def test_the_shops_answer_keeps_the_shops_promise_and_not_ours(shop, owner):
    complaint = ask_shop(make_complaint(shop))
    answer(complaint, owner, "在查")
    scope = Scope(timezone.localdate() - timedelta(days=2), timezone.localdate() + timedelta(days=2))
    told = {kept.kind: (kept.kept, kept.late, kept.running) for kept in figures.timeliness(scope)}
    assert (told["merchant"], told["answer"]) == ((1, 0, 0), (0, 0, 1))
    answer(complaint, make_agent(), "店家说明如下")
    assert next(kept.kept for kept in figures.timeliness(scope) if kept.kind == "answer") == 1


def test_the_command_tells_what_became_of_the_rows(tmp_path, capsys):
    broken = tmp_path / "old.csv"
    broken.write_bytes(csv_of("1,2025-01-01 10:00,,=cmd(),", "=2,never,,a,"))
    call_command("import_cases", broken, source="town", report=tmp_path / "refused.csv")
    assert "2 read: 1 added, 0 changed, 0 unchanged, 1 refused." in capsys.readouterr().out
    assert "'=2" in (tmp_path / "refused.csv").read_text()
    with pytest.raises(CommandError, match="column"):
        call_command("import_cases", broken, "--column", "colour=red", source="town")
