"""Terms: emergency readmissions that are not paid."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.evidence import assumption, published
from paysim.model.terms.form import earlier, named, share, whole
from paysim.model.terms.term import Term

_THE_RULE = published(
    "National Tariff Payment System 2017/18 and 2018/19, 30-day readmission rule: children under four are excluded",
    "2017-19",
)
_NONE_PAID = assumption(
    "No readmission is paid, as in 2011/12 after an elective stay; since 2012/13 a local clinical review sets the share"
)


@dataclass(frozen=True, slots=True)
class ReadmissionRule(Term):
    """Takes back what a tariff paid for emergency readmissions within some days of a discharge."""

    KIND: ClassVar[str] = "readmission_rule"
    tariff: str = earlier(
        "The tariff, an earlier term of this contract, that paid for the readmissions.", several=False
    )
    currencies: tuple[str, ...] = named("Currencies of emergency spells, the readmissions.", "currency", several=True)
    after: tuple[str, ...] | None = named(
        "Currencies of the spells that are followed; any unless given.", "currency", several=True, default=None
    )
    exempt: tuple[str, ...] = named(
        "Codes of readmissions that are paid all the same.", "code", several=True, default=()
    )
    within_days: int = whole("Days from discharge to readmission.", default=30, default_source=_THE_RULE)
    youngest: int = whole(
        "Age in years from which residents count; an age band counts unless at least half of its ages are below.",
        default=4,
        default_source=_THE_RULE,
    )
    unpaid: float = share(
        "Share of the readmissions that is not paid, by local clinical review.", default=1.0, default_source=_NONE_PAID
    )

    def follows_residents(self) -> bool:
        """Return that it does."""
        return True
