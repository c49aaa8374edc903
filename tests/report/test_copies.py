"""What a user does to a table that a result returned changes nothing of the result."""

from types import SimpleNamespace

import pandas as pd
import pytest

from paysim.report.incentives.result import Incentives
from paysim.report.response.result import Response
from paysim.report.result import Result
from paysim.study.comparison import Comparison

COMPARED = ("accounts", "flows", "surplus", "risk", "cash", "activity_summary", "reconciliation", "neutral")
HELD = {"lack_of_fit": "fit", "table": "table"}


@pytest.mark.parametrize("name", COMPARED)
def test_a_table_of_a_comparison(name: str, comparison: Comparison) -> None:
    result = Result(comparison)
    before = getattr(result, name)()
    changed = getattr(result, name)()
    changed.insert(0, "number", range(len(changed)))
    pd.testing.assert_frame_equal(getattr(result, name)(), before)


@pytest.mark.parametrize(
    ("result", "names"),
    [(Incentives, ("table", "verdicts")), (Response, ("path", "runs", "equilibria", "gap", "lack_of_fit"))],
)
def test_a_table_of_incentives_or_a_response(result: type, names: tuple[str, ...]) -> None:
    for name in names:
        held = SimpleNamespace(**{HELD.get(name, name): pd.DataFrame({"mean": [1.0, 2.0]})})
        changed = getattr(result(held), name)()
        changed["mean"] = 0.0
        assert getattr(result(held), name)()["mean"].tolist() == [1.0, 2.0]
