"""The best of several levers of one owner is found though no single one of them pays."""

from games import lever, surface_of, system_of

from paysim.incentives.response.equilibrium import equilibria

MILLION = 1e6


def test_levers_that_pay_only_together_are_pulled_together() -> None:
    """`one` costs a million and pays two with `three`; `two` takes two away beside either."""
    system = system_of([lever(id, "first", 0.0, 1.0) for id in ("one", "two", "three")])

    def income(at: dict[str, float]) -> dict[str, float]:
        one, two, three = at["one"], at["two"], at["three"]
        return {"first": MILLION * (-one + 2 * one * three - 2 * one * two - 2 * two * three)}

    (rest,) = equilibria(surface_of(system, income), "pay").rests
    assert rest.intensities == {"one": 1.0, "two": 0.0, "three": 1.0}
    assert abs(rest.gains["first"] - MILLION) < 1.0
