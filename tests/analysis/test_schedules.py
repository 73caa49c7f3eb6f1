"""How long a job by the clock may stay away."""

from datetime import timedelta

import pytest

from casemate.analysis.schedules import longest_wait


@pytest.mark.parametrize(
    ("schedule", "hours"),
    [
        ("*/5 * * * *", 1),
        ("0 3 * * *", 24),
        ("0 3 * * 1", 24 * 7),
        ("0 3 1 * *", 24 * 31),
        ("0 3 1 * 1", 24 * 7),
        ("0 3 1 1 ?", 24 * 366),
        ("TZ=Europe/Berlin 0 3 * * *", 24),
        ("CRON_TZ=UTC @monthly", 24 * 31),
        ("@Weekly", 24 * 7),
        ("@every 36h30m", 36.5),
    ],
)
def test_the_coarsest_field_decides(schedule: str, hours: float) -> None:
    assert longest_wait(schedule) == timedelta(hours=hours)


@pytest.mark.parametrize("schedule", ["", "@sometimes", "@every soon", "a b c", "0 0 3 * * *"])
def test_what_is_not_read_is_unknown(schedule: str) -> None:
    assert longest_wait(schedule) is None
