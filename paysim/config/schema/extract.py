"""The map of an extract: which columns of real activity hold what, and what their values stand for here."""

from typing import Annotated, Any, Literal

from pydantic import Field, Tag

from paysim.config.schema.base import AtLeastOne, ById, Strict, Text, told_apart
from paysim.config.usual_extract import COLUMNS, RULES

_ONE = "an organisation or a service"
_SEVERAL = "a list of services"

Values = Annotated[list[Text], Field(min_length=1)]


def _column(meaning: str) -> Any:
    return Field(None, description=meaning)


class Columns(Strict):
    """The names of columns in the file, where they are not the usual ones of this kind of extract."""

    record: Text | None = _column("Identifies the spell or attendance; the same at its organisation is a duplicate.")
    provider: Text | None = _column("Code of the provider, or of its site.")
    residence: Text | None = _column("Code of the area that the patient lives in.")
    person: Text | None = _column("Pseudonym of the patient.")
    age: Text | None = _column("Age in years at the start.")
    sex: Text | None = _column("1 or M for male, 2 or F for female.")
    code: Text | None = _column("What is priced: HRG, treatment function or another code of price lists.")
    start: Text | None = _column("Date (or date and time) of admission, appointment or arrival.")
    start_time: Text | None = _column("Time of day of the start, where its date has none: HHMM, HH:MM or HH:MM:SS.")
    end: Text | None = _column("Date (or date and time) of discharge or departure.")
    end_time: Text | None = _column(
        "Time of day of the end, where its date has none; without a date of the end, the next one after the start."
    )
    days: Text | None = _column("Length of stay in days, where there is no date of the end.")
    minutes: Text | None = _column("Minutes from start to end, where there is no date of the end.")
    wait_days: Text | None = _column("Days waited before the start.")
    point_of_delivery: Text | None = _column("Point of delivery, where the extract has it: no rule is needed then.")


class Rule(Strict):
    """Rows of one point of delivery."""

    name: Text = Field(description="The point of delivery: a key of [step].")
    where: ById[Values] = Field(description="The values that columns of the file must have, by column.")
    shorter_than_days: AtLeastOne | None = Field(None, description="Only stays of fewer midnights than this.")


def _form_of_provider(value: Any) -> str:
    return _SEVERAL if isinstance(value, list) else _ONE


Provider = Annotated[
    Annotated[Text, Tag(_ONE)] | Annotated[Values, Tag(_SEVERAL)],
    told_apart(_form_of_provider),
]


class ExtractMap(Strict):
    """How an extract of real activity is read as activity of a system."""

    extends: Text | list[Text] | None = Field(
        None,
        description="A map in the same folder or below that this one differs from, or several; keys here win.",
    )
    kind: Literal["admitted", "outpatients", "emergency"] = Field(
        description="admitted: a row a spell. outpatients: a row an appointment. emergency: a row an A&E attendance."
    )
    columns: Columns = Field(Columns(), description="Columns whose names are not the usual ones.")
    dates: Text = Field("%Y-%m-%d", description="Form of the dates in a CSV file, in the codes of strftime.")
    separator: Text = Field(",", description="Character between the cells of a CSV file.", max_length=1)
    only: ById[Values] | None = Field(
        None,
        description="Only rows with these values, by column; the others are counted and left out. In place of what "
        "this kind of extract leaves out unless told.",
    )
    point_of_delivery: list[Rule] = Field(
        [], description="Rules that decide the point of delivery before the usual ones: the first that holds counts."
    )
    step: ById[Text] = Field(description="The step, as 'pathway.step', by point of delivery.")
    provider: ById[Provider] = Field(
        {},
        description="Organisation or services by provider code; a code of three characters stands for all that begin "
        "with it. Unless given, the column holds ids of the config.",
    )
    place: ById[Text] = Field(
        {},
        description="Place by code of the area of residence. Unless given, the column holds ids of the config.",
    )
    elsewhere: Text | None = Field(
        None, description="Place for residents of areas that [place] does not name; without it they are not priced."
    )


def map_json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a map; examples are what columns and points of delivery usually are."""
    schema = ExtractMap.model_json_schema(by_alias=True)
    for role, column in schema["$defs"]["Columns"]["properties"].items():
        column["examples"] = list(dict.fromkeys(name for kind in COLUMNS.values() for name in kind.get(role, ())))
    points = [rule.point_of_delivery for rules in RULES.values() for rule in rules]
    schema["properties"]["step"]["propertyNames"]["examples"] = list(dict.fromkeys(points))
    return schema
