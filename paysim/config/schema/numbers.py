"""Numbers and durations: written plainly, or read from a table by kind of resident."""

from typing import Annotated, Literal

from pydantic import Field, Tag, model_validator

from paysim.config.schema.base import Amount, Positive, Share, Table, Text, by_table, refusal
from paysim.model.limits import LARGEST_CV, WIDEST_NORMAL

UNITS = ("minutes", "hours", "days", "weeks")

_NUMBER = "a number or a table { file, column }"
_COLUMN = "{ file, column }"

CV_EXPECTED = f"expected a ratio of at most {LARGEST_CV:g}, such as 0.5: standard deviation over mean"
"""Of a coefficient of variation, which is not in per cent."""


class ColumnOfTable(Table):
    """A column of a CSV table."""

    file: Text = Field(description="CSV file, relative to the config that names it.")
    column: Text = Field(description="Column that holds the values.")


ByResident = Annotated[
    Annotated[Amount, Tag(_NUMBER)] | Annotated[ColumnOfTable, Tag(_COLUMN)], by_table(_COLUMN, _NUMBER)
]
"""A number of at least 0 for all residents, or a table by place, age band, sex and quintile."""

ProbabilityByResident = Annotated[
    Annotated[Share, Tag(_NUMBER)] | Annotated[ColumnOfTable, Tag(_COLUMN)], by_table(_COLUMN, _NUMBER)
]
"""A probability for all residents, or a table by place, age band, sex and quintile."""


class TimeSpan(Table):
    """A fixed length of time, in exactly one unit."""

    minutes: Amount | None = Field(None, description="Length in minutes.")
    hours: Amount | None = Field(None, description="Length in hours.")
    days: Amount | None = Field(None, description="Length in days.")
    weeks: Amount | None = Field(None, description="Length in weeks.")

    @model_validator(mode="after")
    def _one_unit(self) -> "TimeSpan":
        given = [unit for unit in UNITS if getattr(self, unit) is not None]
        if len(given) != 1:
            raise refusal(f"found {' and '.join(given) or 'no unit'}", f"expected one of {', '.join(UNITS)}")
        return self


class Duration(TimeSpan):
    """A random length of time: its mean in one unit, and its distribution.

    With `cv` alone it is lognormal, with neither `cv` nor `distribution` constant.
    """

    cv: Amount | None = Field(
        None, description="Coefficient of variation: standard deviation over mean, a ratio such as 0.5; at most 10."
    )
    distribution: Literal["constant", "exponential", "lognormal", "normal", "uniform"] | None = Field(
        None,
        description="Family of the distribution; lognormal where only cv is given. `normal`, with a cv of at most 0.5, "
        "is cut off at zero, which adds 0.4% to its mean at most; `uniform` has a cv of at most 0.577, so that no time "
        "is negative.",
    )

    @model_validator(mode="after")
    def _cv_fits_the_distribution(self) -> "Duration":
        if self.cv is not None and self.cv > LARGEST_CV:
            raise refusal(f"found {self.cv:g}", CV_EXPECTED, key="cv")
        implied = {"constant": 0.0, "exponential": 1.0}
        if self.distribution in implied and self.cv not in (None, implied[self.distribution]):
            found = f"found cv {self.cv:g} with distribution {self.distribution!r}"
            raise refusal(found, f"expected no cv: it is {implied[self.distribution]:g}", key="cv")
        if self.distribution in ("lognormal", "normal", "uniform") and self.cv is None:
            raise refusal(f"found distribution {self.distribution!r} without cv", "expected a cv", key="cv")
        if self.distribution == "uniform" and self.cv is not None and self.cv**2 * 3 > 1:
            raise refusal(f"found cv {self.cv:g}", "expected at most 0.577, so that no time is negative", key="cv")
        if self.distribution == "normal" and self.cv is not None and self.cv > WIDEST_NORMAL:
            expected = f"expected at most {WIDEST_NORMAL:g}, so that cutting off at zero hardly moves the mean"
            raise refusal(f"found cv {self.cv:g}", expected, key="cv")
        return self


__all__ = [
    "CV_EXPECTED",
    "UNITS",
    "ByResident",
    "ColumnOfTable",
    "Duration",
    "Positive",
    "ProbabilityByResident",
    "TimeSpan",
]
