"""A file that cannot be run."""

import paysim

paysim.register_term(Missing, None)
