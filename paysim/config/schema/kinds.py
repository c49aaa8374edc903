"""Tables of which a key `kind` says the form."""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler, TypeAdapter
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticKnownError, core_schema

from paysim.config.schema.base import Table, refusal
from paysim.config.wording import nearest, shown


class OfKind:
    """Says that a table has the form of its kind, of those that `kinds` returns when a config is read."""

    def __init__(self, what: str, kinds: Callable[[], Mapping[str, type[Table]]]) -> None:
        self.what = what
        self.kinds = kinds

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(self, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        forms: Any = reduce(or_, self.kinds().values())
        return handler(TypeAdapter(Annotated[forms, Field(discriminator="kind")]).core_schema)

    def _validated(self, value: Any) -> Table:
        if not isinstance(value, dict):
            raise PydanticKnownError("dict_type")
        if "kind" not in value:
            raise refusal("missing", f"expected the kind of the {self.what}", key="kind")
        kind, forms = value["kind"], self.kinds()
        if not isinstance(kind, str) or kind not in forms:
            raise refusal(f"unknown kind of {self.what} {shown(kind)}", nearest(str(kind), forms), key="kind")
        return forms[kind].model_validate(value)
