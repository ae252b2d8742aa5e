"""Opening hours as people really write them: understood or left out with a sentence, never a crash."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from merchants.importing.judging import _hours
from merchants.importing.judging import _tidied as tidied
from merchants.opening.hours import HoursNotUnderstood, opening, shown, understood

ODD = (Path(settings.ROOT) / "data" / "odd_hours.txt").read_text("utf-8").splitlines()
MOMENT = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)  # the night in which New York's clocks go forward


@pytest.mark.parametrize("text", ODD)
def test_each_is_understood_or_refused_with_its_own_words(text: str) -> None:
    notes: list[Any] = []
    kept = _hours(text, notes)
    assert bool(kept) != bool(notes)
    if notes:
        assert text.strip()[:10] in str(notes[0])
        with pytest.raises(HoursNotUnderstood):
            understood(text)
        return
    for hours in range(0, 24 * 8, 7):
        moment = MOMENT + timedelta(hours=hours)
        door = opening(kept, "America/New_York", moment)
        assert (door.opens_at is None) == (door.closes_at is None)
        assert shown(kept, "America/New_York", door.opens_at, door.closes_at, moment).state


def test_most_of_them_are_understood() -> None:
    refused = [text for text in ODD if not _hours(text, [])]
    assert len(ODD) == 80
    assert len(refused) == 19
    assert {"Mon-Sat !0:30-8:30", "Everyday 11AM-9PM", "11:00-:15:00; 17:00-22:00"} <= set(refused)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mo - Th 10:30-22:00, Fr - Sa 10:30-22:30", "Mo-Th 10:30-22:00, Fr-Sa 10:30-22:30"),
        ("Mo-Sa 11:30-21:00,Su 12:00-21:00", "Mo-Sa 11:30-21:00, Su 12:00-21:00"),
        ("Mo closed,Tu-Fr 11:00-21:00", "Mo closed, Tu-Fr 11:00-21:00"),
        ("Mo,We 11:00-21:00", "Mo,We 11:00-21:00"),
    ],
)
def test_slips_that_leave_no_doubt_are_put_right(written: str, meant: str) -> None:
    assert tidied(written) == meant
