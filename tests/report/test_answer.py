from dataclasses import replace

from paysim.intervals import Interval
from paysim.model.terms import Block
from paysim.report.answer import answer, excludes_zero, limits

NAN = float("nan")


def passages(comparison):
    return {passage.heading: " ".join(passage.sentences) for passage in answer(comparison)}


def with_difference(comparison, organisation, mean, low, high):
    surplus = comparison.surplus.copy()
    mine = (surplus["organisation"] == organisation) & (surplus["arrangement"] == "capitation")
    surplus.loc[mine, ["difference", "difference_low", "difference_high"]] = [mean, low, high]
    return replace(comparison, surplus=surplus)


def test_one_passage_an_arrangement_and_one_for_the_risk(comparison):
    assert list(passages(comparison)) == [
        "Who bears the activity risk",
        "Activity-based tariff against Block",
        "Capitation against Block",
    ]


def test_the_greatest_gain_and_loss_are_named_with_their_intervals(comparison):
    study = with_difference(comparison, "gp_bd", 25e6, 20e6, 30e6)
    study = with_difference(study, "barts", -31e6, -33.5e6, -28.5e6)
    told = passages(study)["Capitation against Block"]
    assert "Barking & Dagenham gains most: it keeps £25.0m a year more (95% interval £20.0m to £30.0m more)." in told
    assert "Trust loses most: it keeps £31.0m a year less (95% interval £28.5m to £33.5m less)." in told


def test_an_interval_around_zero_is_called_chance(comparison):
    told = passages(with_difference(comparison, "barts", -31e6, -70e6, 8e6))["Capitation against Block"]
    assert "keeps £31.0m a year less (95% interval £70.0m less to £8.0m more, so chance alone may explain it)" in told


def test_the_count_of_clear_differences(comparison):
    surplus = comparison.surplus[comparison.surplus["arrangement"] == "capitation"]
    care = surplus[~surplus["organisation"].str.contains("ccg|nhs_england|taxation")]
    clear = ((care["difference_low"] > 0) | (care["difference_high"] < 0)) & (care["difference"].abs() >= 50_000)
    expected = f"excludes zero for {clear.sum()} of 9 organisations that provide care"
    assert expected in passages(comparison)["Capitation against Block"]


def test_payers_of_fixed_sums_pay_the_same_and_a_changed_one_is_named(comparison):
    assert (
        "What commissioners and funders pay is the same to £0.1m." in passages(comparison)["Capitation against Block"]
    )
    told = passages(with_difference(comparison, "ccg_bd", -3e6, -4e6, -2e6))["Capitation against Block"]
    assert (
        "NHS Barking & Dagenham CCG changes most: it pays £3.0m a year more (95% interval £2.0m to £4.0m more)" in told
    )


def test_the_widest_spread_bears_the_risk(comparison):
    told = passages(comparison)["Who bears the activity risk"]
    assert "Activity-based tariff: " in told
    assert "for Barts Health NHS Trust, the most of any organisation that provides care" in told
    assert "Block: " in told
    assert "no commissioner or funder moves by £0.1m." in told


def test_nobody_gains_where_nothing_differs(comparison):
    zero = dict.fromkeys(("difference", "difference_low", "difference_high"), 0.0)
    told = passages(replace(comparison, surplus=comparison.surplus.assign(**zero)))["Capitation against Block"]
    assert told.startswith("Sums were set so that payers expect to pay the same")
    assert "No organisation that provides care keeps £0.1m more or less." in told


def stated(comparison, *stated):
    """Return the comparison with stated sums in place of the neutral ones of some arrangements."""
    arrangements = dict(comparison.system.arrangements)
    for id in stated:
        contracts = tuple(replace(each, terms=(Block("sum", 1_00),)) for each in arrangements[id].contracts)
        arrangements[id] = replace(arrangements[id], contracts=contracts)
    return replace(comparison, system=replace(comparison.system, arrangements=arrangements))


def test_payers_are_said_to_pay_the_same_only_where_sums_were_set_so(comparison):
    """Block and capitation are neutral to the tariff."""
    built_in = "Sums were set so that payers expect to pay the same"
    tariff, capitation = "Activity-based tariff against Block", "Capitation against Block"

    def told(*of):
        return {heading for heading, text in passages(stated(comparison, *of)).items() if built_in in text}

    assert told("activity") == {tariff, capitation}
    assert told("activity", "capitation") == {tariff}
    assert told("activity", "block") == set()


def test_where_all_lose_nobody_gains(comparison):
    loss = dict(zip(("difference", "difference_low", "difference_high"), (-2e6, -3e6, -1e6), strict=True))
    told = passages(replace(comparison, surplus=comparison.surplus.assign(**loss)))["Capitation against Block"]
    assert "loses most" in told
    assert "gains most" not in told


def test_a_single_replication_says_that_it_cannot_tell(other):
    told = passages(other(replications=1))
    assert "A single replication gives no interval" in told["Capitation against Block"]
    assert "95% interval" not in told["Capitation against Block"]
    assert "A single replication shows no spread" in told["Who bears the activity risk"]


def test_one_arrangement_has_nothing_to_be_compared_with(other):
    assert list(passages(other(arrangements=("block",), replications=2))) == ["Who bears the activity risk"]


def test_what_is_held_still_is_said():
    assert any("do not react" in sentence for sentence in limits())


def test_zero_is_excluded_only_by_an_interval():
    assert excludes_zero(Interval(2.0, 1.0, 3.0))
    assert excludes_zero(Interval(-2.0, -3.0, -1.0))
    assert not excludes_zero(Interval(2.0, -1.0, 5.0))
    assert not excludes_zero(Interval(2.0, NAN, NAN))
