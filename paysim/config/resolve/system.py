"""The whole system, resolved block by block."""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from paysim.config.defaults import defaults
from paysim.config.document import Document
from paysim.config.fingerprint import fingerprint
from paysim.config.parameters import parameters
from paysim.config.resolve import contracts, pathways
from paysim.config.resolve.choices import choices, provisions
from paysim.config.resolve.effects import EffectNames
from paysim.config.resolve.health import health
from paysim.config.resolve.levers import levers
from paysim.config.resolve.lists import listed
from paysim.config.resolve.measures import measures
from paysim.config.resolve.names import ContractNames
from paysim.config.resolve.need import need
from paysim.config.resolve.objectives import objectives
from paysim.config.resolve.population import population
from paysim.config.resolve.services import services
from paysim.config.resolve.tariff import case_mixes, price_tables
from paysim.config.schema.config import Config
from paysim.model.evidence import Source
from paysim.model.limits import MOST_NUMBERED
from paysim.model.organisation import Organisation
from paysim.model.pathway import CaseMix, Pathway, Timing
from paysim.model.population import Place
from paysim.model.price import Currency, PriceTable
from paysim.model.system import StudyDefaults, System


def resolve(document: Document, config: Config, own_terms: Sequence[Path] = ()) -> System:
    """Return the system that a config describes; raise InputError for names that nothing bears."""
    sources = {name: Source(name, s.citation, s.year, s.status, s.note) for name, s in config.source.items()}
    evidence = (*parameters(document, sources), *defaults(config))
    places = {name: Place(name, place.name) for name, place in config.place.items()}
    people = population(document, places)
    organisations = {
        name: Organisation(
            id=name,
            name=written.name,
            kind=written.kind,
            market_forces_factor=written.market_forces_factor,
            published=written.published.model_dump(exclude_none=True, exclude={"source"}),
        )
        for name, written in config.organisation.items()
    }
    all_services = services(document, config.service, organisations)
    currencies = {name: Currency(name, c.name, c.counted) for name, c in config.currency.items()}
    prices = price_tables(document, config.prices, currencies)
    mixes = case_mixes(document) if config.case_mixes else {}
    timings = {
        name: Timing(name, tuple(t.hours), tuple(t.weekdays), tuple(t.months)) for name, t in config.timing.items()
    }
    offered = choices(document, config.choice, people.places)
    provided = provisions(document, config.provision, all_services, offered, people.places)
    care = pathways.pathways(
        document,
        config.pathway,
        pathways.PathwayNames(
            population=people,
            services=all_services,
            currencies=currencies,
            case_mixes=mixes,
            timings=timings,
            choices=offered,
            provisions=provided,
            steps={name: pathway.step for name, pathway in config.pathway.items()},
        ),
    )
    steps = {step.id: step for pathway in care.values() for step in pathway.steps}
    codes = dict.fromkeys(sorted(_codes(care, mixes, prices)))
    _refuse_too_many(document, places=places, services=all_services, steps=steps, codes=codes)
    healthy = health(document, config.health, steps)
    decisions = levers(
        document,
        config.lever,
        organisations,
        EffectNames(
            population=people,
            pathways=care,
            steps=steps,
            services=all_services,
            choices=offered,
            case_mixes=mixes,
            codes=codes,
            arrangements=config.arrangement,
        ),
    )
    return System(
        title=config.title,
        question=config.question,
        start=config.start,
        price_year=config.price_year,
        population=people,
        places=places,
        organisations=organisations,
        services=all_services,
        currencies=currencies,
        prices=prices,
        case_mixes=mixes,
        timings=timings,
        pathways=care,
        measures=measures(document, config.measure, people, all_services, provided, care),
        arrangements=contracts.arrangements(
            document,
            config.arrangement,
            ContractNames(
                start=config.start,
                population=people,
                organisations=organisations,
                services=all_services,
                prices=prices,
                currencies=currencies,
                codes=codes,
                pathways=care,
                measures=config.measure,
                arrangements=config.arrangement,
            ),
        ),
        study=_study(document, config),
        sources=sources,
        parameters=evidence,
        fingerprint=fingerprint(document, own_terms),
        need=need(document, config.need, people),
        own_terms=tuple(str(file.resolve()) for file in own_terms),
        levers=decisions,
        health=healthy,
        objectives=objectives(document, config.objective, organisations, decisions, healthy),
    )


def _study(document: Document, config: Config) -> StudyDefaults:
    study = config.study
    chosen = tuple(config.arrangement)
    if study.arrangements is not None:
        chosen = listed(document, ("study", "arrangements"), "arrangement", study.arrangements, config.arrangement)
    return StudyDefaults(
        arrangements=chosen,
        years=study.years,
        replications=study.replications,
        seed=study.seed,
        sample=study.sample,
        warm_up_days=study.warm_up_days,
        calibration_replications=study.calibration_replications,
    )


def _refuse_too_many(document: Document, **numbered: Collection[str]) -> None:
    for what, names in numbered.items():
        if len(names) > MOST_NUMBERED:
            raise document.refuse((), f"found {len(names):,} {what}", f"expected at most {MOST_NUMBERED:,}")


def _codes(care: Mapping[str, Pathway], mixes: Mapping[str, CaseMix], prices: Mapping[str, PriceTable]) -> set[str]:
    codes = {entry.code for mix in mixes.values() for entry in mix.entries}
    codes |= {code for table in prices.values() for _, code in table.prices if code}
    return codes | {step.code for pathway in care.values() for step in pathway.steps if step.code}
