"""How long a job that runs by the clock may stay away.

Source: the standard format of github.com/robfig/cron/v3, which the CronJob controller reads.
"""

import re
from datetime import timedelta

_HOUR, _DAY, _WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
_MONTH, _YEAR = timedelta(days=31), timedelta(days=366)
_WORDS = {
    "@yearly": _YEAR,
    "@annually": _YEAR,
    "@monthly": _MONTH,
    "@weekly": _WEEK,
    "@daily": _DAY,
    "@midnight": _DAY,
    "@hourly": _HOUR,
}
_EVERY = re.compile(r"([0-9]+)(h|m|s)")
_UNITS = {"h": _HOUR, "m": timedelta(minutes=1), "s": timedelta(seconds=1)}


def longest_wait(schedule: str) -> timedelta | None:
    """A time within which the job runs at least once, by the coarsest field that is set; None if not read."""
    words = schedule.split()
    if words and words[0].startswith(("TZ=", "CRON_TZ=")):
        words = words[1:]
    if len(words) == 1:
        return _WORDS.get(words[0].lower())
    if len(words) == 2 and words[0] == "@every":
        return sum((int(n) * _UNITS[unit] for n, unit in _EVERY.findall(words[1])), timedelta()) or None
    if len(words) != 5:
        return None
    _, hour, day, month, weekday = words
    if not _is_any(month):
        return _YEAR
    if not _is_any(weekday):
        return _WEEK
    if not _is_any(day):
        return _MONTH
    return _HOUR if _is_any(hour) else _DAY


def _is_any(field: str) -> bool:
    """Whether a field sets nothing; `*/2` does, though only within the next coarser field."""
    return field in {"*", "?"}
