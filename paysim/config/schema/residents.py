"""Which residents something holds for."""

from pydantic import Field

from paysim.config.schema.base import Ids, Table, Text
from paysim.config.schema.numbers import ColumnOfTable


class Residents(Table):
    """Residents who meet all that is given; all of them where nothing is."""

    places: Ids[Text] | None = Field(None, description="Residents of these places.")
    ages: list[Text] | None = Field(
        None, min_length=1, description="Residents of these age bands, or unions of them, such as '65+'."
    )
    segments: Ids[Text] | None = Field(None, description="Residents of these segments of need.")
    residents: ColumnOfTable | None = Field(
        None, description="Residents by a table: 1 for kinds of residents whom it holds for, 0 for others."
    )
