"""Price lists and case mixes, read from their tables."""

from collections.abc import Mapping
from dataclasses import replace

from paysim.config.document import Document
from paysim.config.resolve.durations import lognormal
from paysim.config.schema.numbers import CV_EXPECTED
from paysim.config.schema.payment import Prices
from paysim.config.table import Row
from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_CV, LARGEST_PRICE, SHARE_TOLERANCE
from paysim.model.money import to_pence
from paysim.model.pathway import CaseMix, CaseMixEntry
from paysim.model.price import Currency, Price, PriceTable

_OF_SPELLS = (
    "trim_point_days",
    "long_stay_payment_per_day",
    "short_stay_price",
    "top_up",
    "best_practice_payment",
)


def price_tables(
    document: Document, written: Mapping[str, Prices], currencies: Mapping[str, Currency]
) -> dict[str, PriceTable]:
    """Return the price lists by id; raise InputError for unknown currencies and prices given twice."""
    tables = {}
    for name, prices in written.items():
        table = document.table(("prices", name))
        table.require(("currency", "code", "price"), _OF_SPELLS)
        listed: dict[tuple[str, str], Price] = {}
        for row in table.rows:
            key = (row.known("currency", "currency", currencies), row.cells["code"])
            if key in listed:
                raise row.refuse("code", f"found the price of {' '.join(key).strip()!r} again", "expected each once")
            listed[key] = _price(row, currencies[key[0]])
        tables[name] = PriceTable(name, prices.name, listed)
    return tables


def _price(row: Row, currency: Currency) -> Price:
    given = [column for column in _OF_SPELLS if row.cells.get(column, "")]
    if given and currency.counted != "spell":
        found = f"found {row.cells[given[0]]!r} for {currency.id!r}, which is counted by the {currency.counted}"
        raise row.refuse(given[0], found, f"expected {given[0]} for spells only")
    if "long_stay_payment_per_day" in given and "trim_point_days" not in given:
        raise row.refuse("trim_point_days", "found a long stay payment without trim point", "expected both or none")
    if "trim_point_days" in given and "long_stay_payment_per_day" not in given:
        found = "found a trim point without long stay payment"
        raise row.refuse("long_stay_payment_per_day", found, "expected both or none")

    def pence(column: str) -> int | None:
        return _pence(row, column) if column in given else None

    return Price(
        pence=_pence(row, "price"),
        trim_point_days=row.count("trim_point_days") if "trim_point_days" in given else None,
        long_stay_pence_per_day=pence("long_stay_payment_per_day") or 0,
        short_stay_pence=pence("short_stay_price"),
        top_up_pence=pence("top_up") or 0,
        addition_pence=pence("best_practice_payment") or 0,
    )


def _pence(row: Row, column: str) -> int:
    pounds = row.number_from(column)
    if pounds > LARGEST_PRICE:
        raise row.refuse(column, f"found {row.cells[column]!r}", f"expected at most {LARGEST_PRICE:,.0f} pounds")
    return to_pence(pounds)


def case_mixes(document: Document) -> dict[str, CaseMix]:
    """Return the case mixes by id; raise InputError for codes given twice, and shares that do not add up to 1."""
    table = document.table(("case_mixes",))
    table.require(("case_mix", "code", "share"), ("stay_days", "stay_cv"))
    mixes: dict[str, dict[str, CaseMixEntry]] = {}
    for row in table.rows:
        entries = mixes.setdefault(row.text("case_mix"), {})
        code = row.text("code")
        if code in entries:
            raise row.refuse("code", f"found {code!r} again", "expected each code once in a case mix")
        entries[code] = _entry(row, code)
    resolved = {}
    for name, entries in mixes.items():
        total = sum(entry.share for entry in entries.values())
        if abs(total - 1) > SHARE_TOLERANCE:
            found = f"found shares of {name!r} that add up to {total:.6g}"
            raise InputError(str(table.file), "column 'share'", found, "expected 1")
        resolved[name] = CaseMix(name, tuple(replace(entry, share=entry.share / total) for entry in entries.values()))
    return resolved


def _entry(row: Row, code: str) -> CaseMixEntry:
    days, cv = row.cells.get("stay_days", ""), row.cells.get("stay_cv", "")
    if cv and not days:
        raise row.refuse("stay_days", "found a stay_cv without stay_days", "expected both or none")
    variation = row.number_from("stay_cv") if cv else 0.0
    if variation > LARGEST_CV:
        raise row.refuse("stay_cv", f"found {cv!r}", CV_EXPECTED)
    stay = lognormal(row.number_from("stay_days"), variation) if days else None
    return CaseMixEntry(code, row.number_from("share", 0.0, 1.0), stay)
