"""Durations in days."""

from paysim.config.schema.numbers import Duration as WrittenDuration
from paysim.config.schema.numbers import TimeSpan
from paysim.model.calendar import DAYS_PER_WEEK, HOURS_PER_DAY, MINUTES_PER_DAY
from paysim.model.pathway import Duration


def days(span: TimeSpan) -> float:
    """Return a time span in days."""
    if span.minutes is not None:
        return span.minutes / MINUTES_PER_DAY
    if span.hours is not None:
        return span.hours / HOURS_PER_DAY
    if span.weeks is not None:
        return span.weeks * DAYS_PER_WEEK
    return span.days or 0.0


def duration(written: WrittenDuration) -> Duration:
    """Return a duration with its distribution spelt out."""
    mean = days(written)
    match written.distribution:
        case "exponential":
            return Duration("exponential", mean, 1.0)
        case None | "lognormal":
            return lognormal(mean, written.cv or 0.0)
        case "constant":
            return Duration("constant", mean, 0.0)
        case distribution:
            return Duration(distribution, mean, written.cv or 0.0)


def lognormal(mean: float, cv: float) -> Duration:
    """Return a lognormal duration, constant where it does not vary."""
    return Duration("lognormal", mean, cv) if cv and mean else Duration("constant", mean, 0.0)
