"""The terms of a contract as a config writes them: a table for each kind, made from the forms of its parameters."""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, Tag, create_model

from paysim.config.schema.base import Amount, ById, Ids, Table, Text, resting_on, told_apart
from paysim.config.schema.kinds import OfKind
from paysim.config.schema.numbers import ByResident
from paysim.model import terms as model
from paysim.model.money import PENCE_PER_POUND
from paysim.model.terms import form
from paysim.model.terms.form import Form, Parameter, parameters

_BY_PLACE = "{ by_place }"
_NEUTRAL = "{ neutral_to }"

_by_id: Any = ById
_kinds: dict[str, Any] = model.KINDS


class NeutralTo(Table):
    """An amount set so that the payer expects to pay what another arrangement would have it pay."""

    neutral_to: Text = Field(description="The other arrangement.")


class PoundsByPlace(Table):
    """A number of pounds for each place."""

    by_place: ById[Amount] = Field(description="Pounds by place.")


class Term(Table):
    """A payment rule: its kind, its name, and the parameters of its kind."""

    kind: str = Field(description="The kind of term.")
    id: Text | None = Field(None, description="Name of the term in the ledger; its kind unless given.")


def _forms() -> dict[str, type[Term]]:
    return {name: form_of(kind) for name, kind in _kinds.items()}


AnyTerm = Annotated[Term, OfKind("term", _forms)]


@cache
def form_of(kind: Any) -> type[Term]:
    """Return the table that a config writes for a kind of term."""
    keys: dict[str, Any] = {"kind": (Literal[kind.KIND], Field(description=repr(kind.KIND)))}
    table: type[Term] = _table(f"{kind.__name__}Term", kind, Term, keys)
    return table


def _table(name: str, described: type, base: type[Table], keys: dict[str, Any]) -> Any:
    """Return a table with a key for each parameter of a term or of a row of one."""
    for parameter in parameters(described):
        keys[parameter.name] = (_annotation(name, parameter), _field(parameter))
    meaning = (described.__doc__ or name).strip().partition("\n")[0]
    return create_model(name, __base__=base, __module__=described.__module__, __doc__=meaning, **keys)


def _annotation(owner: str, parameter: Parameter) -> Any:
    annotation = _type(owner, parameter.form)
    return annotation if parameter.required or parameter.default is not None else annotation | None


def _field(parameter: Parameter) -> Any:
    if parameter.required:
        return Field(description=parameter.meaning)
    written, source = _as_written(parameter.form, parameter.default), parameter.default_source
    if source is None:
        return Field(written, description=parameter.meaning)
    said = resting_on(source, parameter.stands_for)
    return Field(written, description=parameter.meaning, json_schema_extra=said)


def _type(owner: str, of: Form) -> Any:
    """Return the type that a config's value must have; `owner` is the table that it stands in."""
    match of:
        case form.Pounds(neutral):
            return _pounds(neutral)
        case form.Number(least, most):
            return Annotated[float, Field(ge=least, le=most)]
        case form.Whole(least, most):
            return Annotated[int, Field(ge=least, le=most)]
        case form.Flag():
            return bool
        case form.OneOf(words):
            return Literal[words]
        case form.ByKind():
            return ByResident
        case form.PriceList() | form.Named(several=False) | form.Earlier(several=False):
            return Text
        case form.Named() | form.Earlier():
            return _one_or_list(Text, Ids[Text], "an id or a list of ids", "a list of ids")
        case form.ByYear(each):
            one, some = _type(owner, each), f"a list of {_in_words(each, several=True)} by year"
            listed = Annotated[list[one], Field(min_length=1)]  # type: ignore[valid-type]
            return _one_or_list(one, listed, f"{_in_words(each)} or {some}", some)
        case form.ByOrganisation(each):
            return _by_id[_type(owner, each)]
        case form.Rows(row):
            return Annotated[list[_row(owner.removesuffix("Term"), row)], Field(min_length=1)]  # type: ignore[misc]


@cache
def _row(owner: str, row: type) -> Any:
    return _table(f"{owner}{row.__name__}", row, Table, {})


def _pounds(neutral: bool) -> Any:
    number, by_place = _in_words(form.Pounds(neutral)), Annotated[PoundsByPlace, Tag(_BY_PLACE)]
    if not neutral:
        tell = told_apart(lambda value: _BY_PLACE if isinstance(value, dict) else number)
        return Annotated[Annotated[Amount, Tag(number)] | by_place, tell]

    def tag_of(value: Any) -> str:
        if isinstance(value, dict):
            return _BY_PLACE if "by_place" in value else _NEUTRAL
        return number

    return Annotated[
        Annotated[Amount, Tag(number)] | Annotated[NeutralTo, Tag(_NEUTRAL)] | by_place, told_apart(tag_of)
    ]


def _one_or_list(one: Any, several: Any, either: str, listed: str) -> Any:
    tell = told_apart(lambda value: listed if isinstance(value, list) else either)
    return Annotated[Annotated[one, Tag(either)] | Annotated[several, Tag(listed)], tell]


def _in_words(of: Form, several: bool = False) -> str:
    """Return what a value of this form is called; refusals quote it."""
    match of:
        case form.Pounds(neutral=True) if not several:
            return "a number of pounds, { neutral_to } or { by_place }"
        case form.Pounds() if not several:
            return "a number of pounds or { by_place }"
        case form.Pounds():
            return "numbers of pounds"
        case form.Whole():
            return "whole numbers" if several else "a whole number"
        case form.Number():
            return "numbers" if several else "a number"
        case _:
            return "values" if several else "one value"


def _as_written(of: Form, value: Any) -> Any:
    """Return a default as a config would write it."""
    match of:
        case _ if value is None:
            return None
        case form.Pounds():
            return value / PENCE_PER_POUND
        case form.ByYear(each):
            years = [_as_written(each, one) for one in value]
            return years[0] if len(years) == 1 else years
        case form.ByOrganisation(each):
            return {name: _as_written(each, one) for name, one in value.items()}
        case form.Rows(row):
            forms = {parameter.name: parameter.form for parameter in parameters(row)}
            return [{name: _as_written(each, getattr(one, name)) for name, each in forms.items()} for one in value]
        case _:
            return list(value) if isinstance(value, tuple) else value
