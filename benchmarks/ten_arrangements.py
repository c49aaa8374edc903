"""Ten arrangements for the hospital, community and mental health trusts of BHR: the same activity under each family."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.price import PriceTable
from paysim.model.system import System
from paysim.model.terms import Block, Capitation, ReadmissionRule, Tariff, Term
from paysim.model.terms.activity import MarginalRate
from paysim.model.terms.blended import AlignedPayment, Blended
from paysim.model.terms.limits import Band, Corridor
from paysim.model.terms.shared import GainLossShare, MedicareSharedSavings

EMERGENCY = ("non_elective", "non_elective_short")
ELECTIVE = ("elective", "day_case")
WITHIN_DAYS, YOUNGEST = 30, 4
EXEMPT_CODES = 5
"""The first so many codes: readmissions with these are paid all the same."""

LEAD = "bhrut"

Annual = Mapping[str, int]
"""What each contract of BHR's arrangement `activity` pays for a year, about, in pence."""


def price_lists(system: System) -> list[PriceTable]:
    """Return the national prices, local ones, and national ones with short stays, top-ups and best practice."""
    national = system.prices["tariff"]
    local = {unit: replace(price, pence=price.pence * 97 // 100) for unit, price in national.prices.items()}
    richer = {
        unit: replace(
            price,
            short_stay_pence=price.pence * 7 // 10 if unit[0] in EMERGENCY else None,
            top_up_pence=price.pence // 20 if unit[0] in ELECTIVE else 0,
            addition_pence=50_00 if unit[0] == "birth" else 0,
        )
        for unit, price in national.prices.items()
    }
    return [national, PriceTable("local", "Local prices", local), PriceTable("richer", "With additions", richer)]


def ten_arrangements(system: System, annual: Annual) -> list[Arrangement]:
    """Return 3 tariffs, 2 blocks with a corridor, 2 blends, 2 capitations with a gain share, and MSSP."""
    lists = price_lists(system)
    by_tariff = [_paid_by(system, f"tariff_{prices.id}", _tariff(system, annual, prices)) for prices in lists]
    return [
        *by_tariff,
        _paid_by(system, "narrow_corridor", _block_in_corridor(annual, lists[0], 0.01)),
        _paid_by(system, "wide_corridor", _block_in_corridor(annual, lists[1], 0.05)),
        _paid_by(system, "blended", lambda contract: [Blended("blended", annual[contract.id], lists[0], True)]),
        _paid_by(system, "aligned", _aligned(annual, lists[0])),
        _led(system, "gain_share", lists[0], annual, {LEAD: 1.0}),
        _led(system, "gain_and_loss_share", lists[1], annual, None),
        _shared_savings(system, lists[0], annual),
    ]


def paid_by_tariff(contract: Contract) -> bool:
    """Return whether BHR's arrangement `activity` pays a contract by tariff: those with the trusts."""
    return any(isinstance(term, Tariff) for term in contract.terms)


Terms = Callable[[Contract], list[Term]]


def _tariff(system: System, annual: Annual, prices: PriceTable) -> Terms:
    rest = tuple(currency for currency in system.currencies if currency not in EMERGENCY)
    exempt = system.codes[:EXEMPT_CODES]
    return lambda contract: [
        Tariff("other", prices, True, rest, top_ups=True),
        Tariff("emergency", prices, True, EMERGENCY, top_ups=True),
        MarginalRate("marginal_rate", ("emergency",), (annual[contract.id] // 5,), (0.7,)),
        ReadmissionRule("readmissions", "emergency", EMERGENCY, None, exempt, WITHIN_DAYS, YOUNGEST),
    ]


def _block_in_corridor(annual: Annual, prices: PriceTable, free: float) -> Terms:
    """Return terms that pay a block unless activity is worth more or less than it by over a `free` share."""
    bands = (Band(0.0, 0.0, free), Band(free, 0.5, 3 * free), Band(3 * free, 1.0))
    return lambda contract: [
        Tariff("value", prices, True),
        Corridor("corridor", ("value",), (annual[contract.id],), bands, bands),
    ]


def _aligned(annual: Annual, prices: PriceTable) -> Terms:
    def terms(contract: Contract) -> list[Term]:
        fixed = annual[contract.id]
        return [Block("rest", 0), AlignedPayment("aligned", fixed, prices, (fixed // 4,), 0.75, 0.5, True, ELECTIVE)]

    return terms


def _paid_by(system: System, id: str, terms: Terms) -> Arrangement:
    """Return BHR's arrangement `activity` with other terms for the trusts."""
    contracts = [
        replace(contract, terms=tuple(terms(contract))) if paid_by_tariff(contract) else contract
        for contract in system.arrangements["activity"].contracts
    ]
    return Arrangement(id, id, tuple(contracts))


def _led(system: System, id: str, prices: PriceTable, annual: Annual, losses: dict[str, float] | None) -> Arrangement:
    """Return capitation for a lead provider that pays the others by tariff and shares what it saves with them."""
    contracts = list(system.arrangements["activity"].contracts)
    with_trusts = [contract for contract in contracts if paid_by_tariff(contract)]
    heads = system.population.by_place()
    for number, place in enumerate(system.places):
        here = [contract for contract in with_trusts if contract.scope.places == (place,)]
        services = tuple(service for contract in here for service in contract.scope.services)
        per_head = sum(annual[contract.id] for contract in here) // int(heads[number])
        scope, payer = Scope(services, (place,)), here[0].payer
        contracts.append(Contract(f"heads.{place}", payer, LEAD, scope, (Capitation("heads", per_head),)))
    others = [contract for contract in with_trusts if contract.payee != LEAD]
    by_tariff = (Tariff("tariff", prices, True),)
    contracts += [replace(contract, id=f"sub.{contract.id}", payer=LEAD, terms=by_tariff) for contract in others]
    share = GainLossShare(
        id="share",
        spending_terms=("sub",),
        target=(sum(annual[contract.id] for contract in others),),
        shares={LEAD: 0.4, "barts": 0.3, "nelft": 0.3},
        loss_shares=losses,
        gain_cap=0.1,
    )
    contracts.append(Contract("share", LEAD, others[0].payee, Scope((), tuple(system.places)), (share,)))
    return Arrangement(id, id, tuple(contract for contract in contracts if contract not in with_trusts))


def _shared_savings(system: System, prices: PriceTable, annual: Annual) -> Arrangement:
    """Return payment by tariff, and shared savings between each commissioner and the accountable care organisation."""
    by_tariff = _paid_by(system, "shared_savings", lambda contract: [Tariff("tariff", prices, True)])
    contracts = list(by_tariff.contracts)
    for place in system.places:
        here = [contract for contract in contracts if paid_by_tariff(contract) and contract.scope.places == (place,)]
        savings = MedicareSharedSavings(
            id="savings",
            spending_terms=tuple(contract.id for contract in here),
            target=(sum(annual[contract.id] for contract in here) * 101 // 100,),
            track="ENHANCED",
            performance_year=2019,
        )
        contracts.append(Contract(f"savings.{place}", here[0].payer, LEAD, Scope((), (place,)), (savings,)))
    return replace(by_tariff, contracts=tuple(contracts))
