"""The rows of one file: what each cell says of the step that its row stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from paysim.config.wording import nearest
from paysim.model.calendar import period_starts
from paysim.model.extract import ExtractMap
from paysim.model.system import System
from paysim.study.extract.clean import EARLIEST, days, known, numbers, time_of_day
from paysim.study.extract.columns import Column, Table
from paysim.study.extract.points import UNDECIDED, points_of_delivery
from paysim.study.extract.problems import Batch, Problems, Reason

NONE = -1

_MINUTES_PER_DAY = 1440
_TICKS = 2**14
_EXACT_STAY = 1000.0
"""Days up to which a stay in 32 bits is exact to the clock tick; longer ones are kept in whole days."""

_UNDER_ONE = (7001, 7007)
"""Hospital Episode Statistics write the ages of infants under one year as these codes."""

_SEXES = {"1": 1, "M": 1, "MALE": 1, "2": 0, "F": 0, "FEMALE": 0}
_SEX_NOT_KNOWN = frozenset({"0", "9", "X", "I", "U"})


@dataclass(frozen=True, eq=False)
class Rows:
    """One row each: the step that it stands for, its numbers in the system (-1 where unknown) and its times in days.

    `usable` unless a problem leaves the row out. `provider`, `record` and `patient` are positions in what `texts` keeps
    of them, -1 where empty.
    """

    row: NDArray[np.int64]
    step: NDArray[np.int16]
    service: NDArray[np.int16]
    place: NDArray[np.int16]
    code: NDArray[np.int16]
    start: NDArray[np.float64]
    stay: NDArray[np.float64]
    wait: NDArray[np.float64]
    age: NDArray[np.float64]
    sex: NDArray[np.int8]
    usable: NDArray[np.bool_]


class Reader:
    """What is known while the rows of a file are read: its columns, and the problems found so far."""

    def __init__(self, system: System, extract_map: ExtractMap, table: Table, months: int, problems: Problems) -> None:
        self.system = system
        self.map = extract_map
        self.table = table
        self.run_days = float(period_starts(system.start, months)[-1])
        self.problems = problems
        self.usable = np.ones(len(table.row), dtype=np.bool_)

    def role(self, role: str) -> Column | None:
        """Return the file's column for a role, if it has one."""
        return self.table.by_role.get(role)

    def refuse(
        self,
        bad: NDArray[np.bool_],
        column: Column,
        reason: Reason,
        expected: str,
        *,
        left_out: bool = True,
        found: Callable[[NDArray[np.int64]], NDArray[np.object_]] | None = None,
    ) -> None:
        """Note a problem of some rows, each with its text in a column unless told otherwise."""
        at = np.flatnonzero(bad)
        texts = column.texts(at) if found is None else found(at)
        self.problems.add(
            Batch(self.table.file, reason, column.name, expected, left_out, self.table.row[at], at, texts)
        )
        if left_out:
            self.usable[at] = False

    def refuse_empty(self, column: Column, expected: str, *, left_out: bool = True) -> None:
        """Note the rows whose cell is empty."""
        self.refuse(column.empty, column, "empty cell", expected, left_out=left_out)


def read_rows(reader: Reader) -> Rows:
    """Return the rows of a file, and note every problem with their cells."""
    start, stay = _times(reader)
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
    for role in ("record", "person"):
        if (column := reader.role(role)) is not None:
            what = "the spell or attendance" if role == "record" else "the patient"
            reader.refuse_empty(column, f"expected what identifies {what}; taken as one of its own", left_out=False)
    return rows


def _times(reader: Reader) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return start and stay in days, NaN where unknown."""
    column = reader.table.by_role["start"]
    began = _dates(reader, column)
    clock = _clock(reader, "start_time")
    start = began + np.nan_to_num(clock)
    end, told_by = _ends(reader, start)
    late = end < start
    reader.refuse(
        late,
        told_by,
        "end before start",
        "expected an end at or after the start",
        found=lambda at: _pairs(told_by.texts(at), " after ", column.texts(at)) if told_by is not column else column.texts(at),
    )
    outside = ~((end >= 0) & (end < reader.run_days)) & ~np.isnan(end)
    last = date.fromordinal(reader.system.start.toordinal() + int(reader.run_days) - 1)
    within = f"expected an end from {reader.system.start.isoformat()} to {last.isoformat()}"
    reader.refuse(outside & ~late, told_by, "outside the months", within)
    stay = np.where(late, np.nan, end - start)
    long = stay > _EXACT_STAY
    start = np.where(long, np.floor(start), start)
    return start, np.where(long, np.floor(end) - start, stay)


def _dates(reader: Reader, column: Column) -> NDArray[np.float64]:
    form = reader.map.dates if column.form is None else "%Y-%m-%d"
    reader.refuse_empty(column, f"expected a date {form}")
    moments = days(column, reader.map.dates, reader.system.start)
    bad = np.isnan(moments) & ~column.empty
    reader.refuse(bad, column, "bad date", f"expected a date {form} from {EARLIEST.year} on")
    return moments


def _clock(reader: Reader, role: str) -> NDArray[np.float64]:
    """Return the time of day in a column of times, NaN where there is none."""
    column = reader.role(role)
    if column is None:
        return np.full(len(reader.usable), np.nan)
    clock = time_of_day(column)
    reader.refuse(
        np.isnan(clock) & ~column.empty, column, "bad time", "expected HHMM or HH:MM; taken as midnight", left_out=False
    )
    return clock


def _ends(reader: Reader, start: NDArray[np.float64]) -> tuple[NDArray[np.float64], Column]:
    """Return the end of each row, and the column that it is known by."""
    end_column, clock = reader.role("end"), _clock(reader, "end_time")
    timed = ~np.isnan(clock)
    if end_column is not None:
        day = _dates(reader, end_column)
        same_day = np.floor(day) == np.floor(start)
        # A date alone does not say that a day's end came before its start.
        dated = (day == np.floor(day)) & ~timed
        return np.where(dated & same_day, start, day + np.nan_to_num(clock)), end_column
    for role, per_day in (("days", 1), ("minutes", _MINUTES_PER_DAY)):
        if (column := reader.role(role)) is not None:
            length = _lengths(reader, column, role, left_out=role == "days")
            length = np.where(np.isnan(length) & (role == "minutes"), 0.0, length) / per_day
            return start + np.floor(length * _TICKS) / _TICKS, column
    if (end_time := reader.role("end_time")) is not None:
        end = np.floor(start) + clock
        return np.where(timed, end + (end < start), start), end_time
    return start, reader.table.by_role["start"]


def _lengths(reader: Reader, column: Column, unit: str, *, left_out: bool) -> NDArray[np.float64]:
    length = numbers(column)
    otherwise = "" if left_out else "; taken as 0"
    reader.refuse_empty(column, f"expected a number of {unit}{otherwise}", left_out=left_out)
    bad = np.isnan(length) & ~column.empty
    reader.refuse(bad, column, "bad number", f"expected a number of {unit} of at least 0{otherwise}", left_out=left_out)
    return length


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


def _pairs(one: NDArray[np.object_], between: str, other: NDArray[np.object_]) -> NDArray[np.object_]:
    return np.asarray(one + between + other)


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
    for (code, number), service in extract_map.service_of.items():
        table[codes[code], number] = service
    service = table[provider, step]
    for number in np.unique(step[(service == NONE) & (provider != NONE) & (step != NONE)]).tolist():
        bad = (service == NONE) & (provider != NONE) & (step == number)
        expected = f"expected a provider with a service that carries out step {reader.system.step_ids[number]!r}"
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
    return np.nan_to_num(_lengths(reader, column, "days", left_out=False))


def _ages(reader: Reader) -> NDArray[np.float64]:
    column = reader.role("age")
    if column is None:
        return np.full(len(reader.usable), np.nan)
    age = numbers(column)
    age = np.where((age >= _UNDER_ONE[0]) & (age <= _UNDER_ONE[1]), 0.0, age)
    age = np.where(age <= 130, age, np.nan)
    bad = np.isnan(age) & ~column.empty
    reader.refuse_empty(column, "expected an age in years; taken as not known", left_out=False)
    reader.refuse(bad, column, "bad number", "expected an age in years; taken as not known", left_out=False)
    return age


def _sexes(reader: Reader) -> NDArray[np.int8]:
    column = reader.role("sex")
    if column is None:
        return np.full(len(reader.usable), NONE, dtype=np.int8)
    sex = known(column, _SEXES).astype(np.int8)
    reader.refuse_empty(column, "expected 1 or 2, M or F; taken as not known", left_out=False)
    not_known = column.each(np.array([text.upper() in _SEX_NOT_KNOWN for text in column.values], dtype=np.bool_), True)
    reader.refuse((sex == NONE) & ~not_known, column, "bad number", "expected 1 or 2, M or F; taken as not known", left_out=False)
    return sex
