"""The rows of one file: what each cell says of the step that its row stands for."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from paysim.config.wording import nearest
from paysim.model.population import SEXES
from paysim.study.extract.clean import known, numbers
from paysim.study.extract.columns import Column
from paysim.study.extract.points import UNDECIDED, points_of_delivery
from paysim.study.extract.reader import Reader
from paysim.study.extract.times import lengths, times_of

NONE = -1

_UNDER_ONE = (7001, 7007)
"""Hospital Episode Statistics write the ages of infants under one year as these codes."""

_MALE, _FEMALE = SEXES.index("male"), SEXES.index("female")
_SEXES = {"1": _MALE, "M": _MALE, "MALE": _MALE, "2": _FEMALE, "F": _FEMALE, "FEMALE": _FEMALE}

_OF_OTHERS = "taken from other rows of the patient, as not known where none has it"


@dataclass(frozen=True, eq=False)
class Rows:
    """One row each: the step that it stands for, its numbers in the system (-1 where unknown) and its times in days.

    `usable` unless a problem leaves the row out; NaN for times and ages that are not known.
    """

    row: NDArray[np.int64]
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    place: NDArray[np.int16]
    code: NDArray[np.int16]
    start: NDArray[np.float64]
    stay: NDArray[np.floating]
    wait: NDArray[np.floating]
    age: NDArray[np.float64]
    sex: NDArray[np.int8]
    usable: NDArray[np.bool_]


def read_rows(reader: Reader) -> Rows:
    """Return the rows of a file, and note every problem with their cells."""
    start, stay = times_of(reader)
    step = _steps(reader, np.floor(start + stay) - np.floor(start))
    rows = Rows(
        row=reader.table.row,
        step=step,
        service=_services(reader, step),
        place=_places(reader),
        code=_codes(reader, step),
        start=start,
        stay=stay,
        wait=_waits(reader),
        age=_ages(reader),
        sex=_sexes(reader),
        usable=reader.usable,
    )
    for name in reader.map.only:
        if (column := reader.table.by_name.get(name.upper())) is not None:
            reader.refuse_empty(column, "expected a value: it says whether the row counts")
    for role in ("record", "person"):
        if (column := reader.role(role)) is not None:
            what = "the spell or attendance" if role == "record" else "the patient"
            reader.refuse_empty(column, f"expected what identifies {what}; taken as one of its own", left_out=False)
    return rows


def _steps(reader: Reader, midnights: NDArray[np.float64]) -> NDArray[np.int16]:
    """Return the step that each row stands for."""
    extract_map, columns = reader.map, reader.table.by_name
    point_column = reader.role("point_of_delivery")
    points = points_of_delivery(extract_map.rules, columns, midnights)
    of_rule = [extract_map.step_of.get(rule.point_of_delivery.upper(), NONE) for rule in extract_map.rules]
    step = np.array([*of_rule, NONE], dtype=np.int16)[points.rule]
    for number, name in enumerate(points.tested):
        expected = "expected a value: the point of delivery follows from it"
        reader.refuse(points.blank == number, columns[name], "empty cell", expected)
    open_rows = (points.rule == UNDECIDED) & (points.blank < 0)
    for number, rule in enumerate(extract_map.rules):
        if of_rule[number] == NONE:
            _refuse_without_step(reader, points.rule == number, rule.point_of_delivery.lower(), columns, points.tested)
    if point_column is not None:
        step = np.where(open_rows, known(point_column, extract_map.step_of), step).astype(np.int16)
        expected = nearest("", map(str.lower, extract_map.step_of), "expected a point of delivery of [step]")
        reader.refuse(open_rows & point_column.empty, point_column, "empty cell", expected)
        unknown = open_rows & (step == NONE) & ~point_column.empty
        reader.refuse(unknown, point_column, "unknown point of delivery", expected)
    elif open_rows.any():
        reader.refuse(
            open_rows,
            columns[points.tested[0]],
            "unknown point of delivery",
            "expected values that a rule for the point of delivery has",
            found=lambda at: _tested(columns, points.tested, at),
        )
    return step


def _refuse_without_step(
    reader: Reader, bad: NDArray[np.bool_], point: str, columns: Mapping[str, Column], tested: tuple[str, ...]
) -> None:
    expected = f"expected a step for point of delivery {point!r} in [step] of {reader.map.file}"
    reader.refuse(bad, columns[tested[0]], "no step", expected, found=lambda at: _tested(columns, tested, at))


def _tested(columns: Mapping[str, Column], tested: tuple[str, ...], at: NDArray[np.int64]) -> NDArray[np.object_]:
    text = np.full(len(at), "", dtype=np.object_)
    for number, name in enumerate(tested):
        text = text + (", " if number else "") + f"{name}=" + columns[name].texts(at)
    return text


def _services(reader: Reader, step: NDArray[np.int16]) -> NDArray[np.int16]:
    extract_map, column = reader.map, reader.table.by_role["provider"]
    codes = {code: number for number, code in enumerate(extract_map.services_of)}
    provider = known(column, codes, begins=3)
    reader.refuse_empty(column, "expected the code of a provider")
    unknown = (provider == NONE) & ~column.empty
    expected = nearest("", extract_map.services_of, f"expected a provider of {extract_map.file}")
    reader.refuse(unknown, column, "unknown organisation", expected)
    # One column and row more, so that -1 finds no service.
    table = np.full((len(codes) + 1, len(reader.system.steps) + 1), NONE, dtype=np.int16)
    for (code, number), able in extract_map.service_of.items():
        table[codes[code], number] = able
    service: NDArray[np.int16] = table[provider, step]
    for wanted in np.unique(step[(service == NONE) & (provider != NONE) & (step != NONE)]).tolist():
        bad = (service == NONE) & (provider != NONE) & (step == wanted)
        expected = f"expected a provider with a service that carries out step {reader.system.step_ids[wanted]!r}"
        reader.refuse(bad, column, "no service", expected)
    return service


def _places(reader: Reader) -> NDArray[np.int16]:
    extract_map, column = reader.map, reader.role("residence")
    if column is None:
        return np.full(len(reader.usable), extract_map.elsewhere, dtype=np.int16)
    place = known(column, extract_map.place_of).astype(np.int16)
    if extract_map.elsewhere is not None:
        return np.where(place == NONE, extract_map.elsewhere, place).astype(np.int16)
    reader.refuse_empty(column, "expected the code of an area")
    expected = nearest("", extract_map.place_of, f"expected an area of {extract_map.file}")
    reader.refuse((place == NONE) & ~column.empty, column, "unknown place", expected)
    return place


def _codes(reader: Reader, step: NDArray[np.int16]) -> NDArray[np.int16]:
    """Return the number of each row's code; a code that prices depend on must be there and known."""
    system, column = reader.system, reader.table.by_role["code"]
    code = known(column, {code.upper(): number for number, code in enumerate(system.codes)}).astype(np.int16)
    listed = {key for table in system.prices.values() for key in table.prices}
    by_code = {currency for currency, coded in listed if coded} - {currency for currency, coded in listed if not coded}
    needed = np.array([s.currency in by_code for s in system.steps.values()] + [True], dtype=np.bool_)[step]
    reader.refuse(column.empty & needed, column, "empty cell", "expected a code that a price list has")
    unknown = (code == NONE) & ~column.empty & needed & (step != NONE)
    reader.refuse(unknown, column, "unknown code", "expected a code that a price list or case mix has")
    return code


def _waits(reader: Reader) -> NDArray[np.float64]:
    column = reader.role("wait_days")
    if column is None:
        return np.zeros(len(reader.usable))
    return np.nan_to_num(lengths(reader, column, "days", left_out=False))


def _ages(reader: Reader) -> NDArray[np.float64]:
    column = reader.role("age")
    if column is None:
        return np.full(len(reader.usable), np.nan)
    age = numbers(column)
    age = np.where((age >= _UNDER_ONE[0]) & (age <= _UNDER_ONE[1]), 0.0, age)
    age = np.where(age <= 130, age, np.nan)
    bad = np.isnan(age) & ~column.empty
    expected = f"expected an age in years; {_OF_OTHERS}"
    reader.refuse_empty(column, expected, left_out=False)
    reader.refuse(bad, column, "bad number", expected, left_out=False)
    return age


def _sexes(reader: Reader) -> NDArray[np.int8]:
    column = reader.role("sex")
    if column is None:
        return np.full(len(reader.usable), NONE, dtype=np.int8)
    sex, expected = known(column, _SEXES).astype(np.int8), f"expected 1 or 2, M or F; {_OF_OTHERS}"
    reader.refuse_empty(column, expected, left_out=False)
    reader.refuse((sex == NONE) & ~column.empty, column, "unknown value", expected, left_out=False)
    return sex
