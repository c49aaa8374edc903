"""Measures: published figures that a run is held against."""

from typing import Literal

from pydantic import Field, model_validator

from paysim.config.schema.base import Amount, Table, Text, refusal
from paysim.config.schema.numbers import ByResident, ColumnOfTable, TimeSpan
from paysim.model.measure import PARTS_OF_A_WHOLE

_NEEDS = {
    "rate": {"steps"},
    "stay": {"steps"},
    "share": {"steps", "base"},
    "within": {"steps", "until", "limit"},
    "readmission": {"steps", "base", "limit"},
    "occupancy": {"services"},
    "delayed": {"steps", "base"},
}
_PARTS = ("steps", "base", "until", "services", "limit")


class Measure(Table):
    """One quantity taken from activity, with the published value that it should meet."""

    name: Text = Field(description="Name for people.")
    kind: Literal["rate", "stay", "share", "within", "readmission", "occupancy", "delayed"] = Field(
        description="rate: steps per resident and year. stay: mean midnights of spells with any of `steps`. share: "
        "`steps` over `base` steps. within: share of episodes from the request of `steps` to the end of `until` in "
        "`limit`. readmission: share of spells with `base` followed in `limit` by one that begins with `steps` and is "
        "no transfer. "
        "occupancy: servers in use over open capacity of `services`. delayed: bed days (midnights) of `steps` over "
        "those of `steps` and `base`."
    )
    steps: list[Text] = Field([], description="Steps that are counted, as 'pathway.step'.")
    base: list[Text] = Field([], description="Steps that they are held against.")
    until: list[Text] = Field([], description="Steps at whose end the clock stops.")
    services: list[Text] = Field([], description="Services whose occupancy is taken, and provisions for all of theirs.")
    limit: TimeSpan | None = Field(None, description="Limit of time, in one unit.")
    target: ByResident | None = Field(None, description="Published value; for a rate also by kind of resident.")
    tolerance: Amount | None = Field(
        None, description="Allowed difference: a share of the target, or in its unit where absolute; none: shown only."
    )
    absolute: bool = Field(
        False, description="Whether the tolerance is in the unit of the target rather than a share of it."
    )
    balanced_by: Text | None = Field(None, description="Pathway whose demand is set so that the rate meets its target.")
    explanation: str = Field("", description="Why figure and target differ, where they do.")

    @model_validator(mode="after")
    def _parts_fit_the_kind(self) -> "Measure":
        for part in _PARTS:
            needed, given = part in _NEEDS[self.kind], bool(getattr(self, part))
            if needed and not given:
                raise refusal(f"found nothing for kind {self.kind!r}", f"expected `{part}`", key=part)
            if given and not needed:
                raise refusal(f"found `{part}` with kind {self.kind!r}", "expected none", key=part)
        return self

    @model_validator(mode="after")
    def _target_fits(self) -> "Measure":
        if isinstance(self.target, ColumnOfTable) and self.kind != "rate":
            raise refusal(f"found a table with kind {self.kind!r}", "expected a number", key="target")
        is_part = self.kind in PARTS_OF_A_WHOLE
        if is_part and isinstance(self.target, float) and self.target > 1:
            expected = f"expected at most 1: kind {self.kind!r} is a share"
            raise refusal(f"found {self.target:g}", expected, key="target")
        if self.tolerance is not None and self.tolerance >= 1 and (is_part or not self.absolute):
            expected = (
                "expected a share below 1" if is_part else "expected a share of the target below 1, or `absolute`"
            )
            raise refusal(f"found {self.tolerance:g}", expected, key="tolerance")
        if self.tolerance is not None and self.target is None:
            raise refusal("found a tolerance without target", "expected a target", key="tolerance")
        if self.balanced_by and (self.kind != "rate" or self.target is None):
            raise refusal("found no rate with a target", "expected kind 'rate' and a target", key="balanced_by")
        return self
