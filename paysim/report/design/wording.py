"""A contract design in plain words: the contract, what it brings, what binds, and how sure that is."""

import math
from collections.abc import Sequence

from paysim.incentives.design.candidate import Candidate, binding
from paysim.incentives.design.ranges import Free
from paysim.incentives.design.ranking import SURE
from paysim.incentives.expected import EXPECTED
from paysim.report.risk import unseen_risk
from paysim.report.rough import ROUGH, is_rough
from paysim.report.sampled import sampled_capacity
from paysim.report.wording import MILLIONS, THOUSANDS, MoneyUnit, counted, number, percent, sample_statement
from paysim.study.design.designed import Designed
from paysim.study.design.tables import check_table, surplus_checks

_AT_END = 1e-3
"""Share of a range: a value as near to an end is taken to be at it."""

LIMIT_NAMES = {"no worse off": "no worse off", "floor": "floor in a bad year"}


def design_unit(designed: Designed) -> MoneyUnit:
    """Return the unit that suits the gaps: £m from £10m on, else £k."""
    gaps = [designed.reference.ending.gap.mean(), *(each.gap for each in designed.candidates)]
    return MILLIONS if max(map(abs, gaps)) >= 10 * MILLIONS.pounds else THOUSANDS


def short_names(free: Sequence[Free]) -> list[str]:
    """Return the ends of the parameters' names, 'shares.nelft', as long as is needed to tell them apart."""
    parts = [each.name.split(".") for each in free]
    for length in range(2, max(map(len, parts)) + 1):
        names = [".".join(each[-length:]) for each in parts]
        if len(set(names)) == len(names):
            return names
    return [each.name for each in free]


def value_text(free: Free, value: float) -> str:
    """Return a value of a free parameter: pounds with their separators, other numbers to five digits."""
    return f"£{value:,.2f}".removesuffix(".00") if free.unit else f"{value:.5g}"


def values_text(designed: Designed, candidate: Candidate) -> str:
    """Return a contract's values, such as 'a.block.annual £1,200 and b.blended.variable_rate 0.25'."""
    pairs = zip(designed.free, candidate.values, strict=True)
    return _and([f"{free.name} {value_text(free, value)}" for free, value in pairs])


def design_sentences(designed: Designed) -> tuple[str, ...]:
    """Return what the design says: the contract, its gap, its limits, how sure it is, and what a reader must know."""
    return (
        *_answer(designed),
        *_limits(designed),
        *_sureness(designed),
        *_ends(designed),
        *_equilibria(designed),
        *_fit(designed),
        *_misjudged(designed),
        *unseen_risk(designed.system, designed.rules.objectives, designed.settings),
        *_sample(designed),
        *sampled_capacity(designed.system, designed.rules.design.levers, designed.settings),
    )


def _answer(designed: Designed) -> list[str]:
    unit, winner = design_unit(designed), designed.winner
    tried = counted(len(designed.candidates), "contract")
    lost = f"it loses {unit.amount(winner.gap)} a year of net benefit against the joint optimum"
    name = _name(designed, designed.asked.arrangement)
    beside = f"{name} as it is written loses {unit.amount(designed.written.gap)}"
    if designed.than != designed.asked.arrangement:
        than = unit.amount(float(designed.reference.ending.gap.mean()))
        beside += f", {_name(designed, designed.than)} {than}"
    beside += "."
    if winner.feasible:
        within = " that keeps to all limits" if winner.margins else ""
        return [
            f"Of {tried} the nearest to the joint optimum{within}: {values_text(designed, winner)}; {lost}. {beside}"
        ]
    return [
        f"No contract in these ranges keeps to all limits ({tried}). The one that misses them least:"
        f" {values_text(designed, winner)}; {lost}. {beside}"
    ]


def _limits(designed: Designed) -> list[str]:
    if not designed.winner.margins:
        return ["No limit was set: partners may be worse off."]
    system, bound = designed.system, binding(designed.winner, designed.candidates)
    sentences = [
        f"Limits: {_limits_asked(designed)}.",
        *(
            f"{system.organisations[margin.organisation].name} misses the limit “{LIMIT_NAMES[margin.limit]}” by"
            f" {_pounds(-margin.pounds)} a year."
            for margin in bound
            if margin.missed
        ),
    ]
    held = [m for m in bound if not m.missed]
    if held:
        names = _and(
            [f"“{LIMIT_NAMES[m.limit]}” for {system.organisations[m.organisation].name}" for m in held],
        )
        sentences.append(f"What binds: {names}.")
    elif designed.winner.feasible:
        sentences.append("No limit binds.")
    return sentences


def _limits_asked(designed: Designed) -> str:
    asked, than = designed.asked, _name(designed, designed.than)
    texts: list[str] = []
    if math.isfinite(asked.tolerance):
        texts.append(
            f"no partner keeps less than under {than}, give or take {percent(asked.tolerance, 2)} of what it receives"
        )
    if asked.floor is not None:
        texts.append(
            f"in a year as bad as one in twenty every surplus is at least {_signed(asked.floor)} beside its average"
            f" under {than}"
        )
    return " and ".join(texts)


def _sureness(designed: Designed) -> list[str]:
    sure = designed.confidence
    if sure.probability is None:
        exact = designed.settings.engine == EXPECTED
        return [] if exact else ["A single replication does not say how sure that is."]
    if designed.winner.feasible:
        keeps = "it keeps to all limits and " if designed.winner.margins else ""
        what = f"{keeps}no contract tried is better, give or take {_pounds(sure.zone)} a year"
    else:
        what = "none of them keeps to all limits"
    if sure.probability >= SURE:
        more = ""
    elif sure.replications_needed is None:
        more = f"; no number of replications within reason makes it {percent(SURE)}"
    else:
        more = f"; about {counted(sure.replications_needed, 'replication')} would make it {percent(SURE)}"
    behind = counted(sure.replications, "replication")
    return [f"From {behind} it is {percent(sure.probability)} sure that {what}{more}.", *_as_good(designed)]


def _as_good(designed: Designed) -> list[str]:
    """Return how far parameters range among contracts tried whose gap is within the indifference zone."""
    if not designed.winner.feasible:
        return []
    most = designed.winner.gap + designed.confidence.zone
    columns = zip(*(each.values for each in designed.candidates if each.feasible and each.gap <= most), strict=True)
    spans = [
        f"{free.name} from {value_text(free, min(values))} to {value_text(free, max(values))}"
        for free, values in zip(designed.free, columns, strict=True)
        if min(values) < max(values)
    ]
    return [f"As good, of the contracts tried: {_and(spans)}."] if spans else []


def _ends(designed: Designed) -> list[str]:
    sentences = []
    for free, value in zip(designed.free, designed.winner.values, strict=True):
        share = free.share(value)
        if min(share, 1.0 - share) < _AT_END:
            end = "lower" if share < 0.5 else "upper"
            sentences.append(f"{free.name} is at the {end} end of its range: a wider one may hold a better contract.")
    return sentences


def _equilibria(designed: Designed) -> list[str]:
    ending, sentences = designed.winner.ending, []
    if ending.equilibria > 1:
        sentences.append(f"Under it there are {ending.equilibria} equilibria; the worst counts.")
    if not ending.converged:
        sentences.append("Under it responses go round in circles in the worst case; the middle of the circle counts.")
    return sentences


def _fit(designed: Designed) -> list[str]:
    table, unit = check_table(designed), design_unit(designed)
    row = table[(table["place"] == "winner") & (table["quantity"] == "gap")].iloc[0]
    interval = (
        "" if math.isnan(row["low"]) else f" (95% interval {unit.number(row['low'])} to {unit.number(row['high'])})"
    )
    return [
        f"Gaps are read off surfaces fitted to {counted(len(designed.rules.design.points), 'simulated point')};"
        f" simulated at the winner's equilibrium the gap is {unit.amount(row['simulated'])}{interval}, fitted"
        f" {unit.amount(row['fitted'])}."
    ]


def _misjudged(designed: Designed) -> list[str]:
    """Return whose surplus simulation puts elsewhere: owners who may not stay, partners who may keep something else."""
    exact, unit = designed.settings.engine == EXPECTED, design_unit(designed)
    rough = [who for who, check in surplus_checks(designed).items() if is_rough(*check, unit, exact)]
    if not rough:
        return []
    owners = {lever.owner for lever in designed.rules.design.levers}
    names = [designed.system.organisations[who].name for who in rough]
    staying = ", and it may not be where they would stay" if owners & set(rough) else ""
    return [
        f"What these are expected to keep at the winner's equilibrium is off by more than {percent(ROUGH)} of how it"
        f" moves{staying}: {', '.join(names)}. Both are in the tables; a contract with a threshold is a common cause."
    ]


def _sample(designed: Designed) -> list[str]:
    settings = designed.settings
    told = "" if settings.engine == EXPECTED else sample_statement(settings.sample)
    return [told] if told else []


def _name(designed: Designed, arrangement: str) -> str:
    return f"“{designed.system.arrangements[arrangement].name}”"


def _pounds(pounds: float) -> str:
    return f"£{number(pounds, 0)}"


def _signed(pounds: float) -> str:
    return f"{'-' if pounds < 0 else '+'}£{number(abs(pounds), 0)}"


def _and(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
