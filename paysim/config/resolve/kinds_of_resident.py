"""Kinds of residents in words."""

from paysim.model.population import Population

ALL = "all"
"""What a table's key column says where a row holds for everybody."""


def kind_of_resident(population: Population, place: int, profile: int) -> str:
    """Return the name of a place and profile: 'hill, 65+, female, quintile 1'."""
    band, sex, quintile, segment = population.profile_labels()[profile]
    need = f", segment {segment}" if len(population.segments) > 1 else ""
    return f"{population.places[place]}, {band}, {sex}, quintile {quintile}{need}"
