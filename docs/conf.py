"""Sphinx configuration."""

import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs" / "_ext"))
if find_spec("paysim") is None:
    sys.path.insert(0, str(ROOT))

import paysim  # noqa: E402

project = "paysim"
author = "The paysim authors"
copyright = author
version = release = paysim.__version__
language = "en-GB"

extensions = ["myst_nb", "sphinx.ext.autodoc", "generated"]
exclude_patterns = ["_build"]
default_role = "code"
smartquotes = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_preserve_defaults = True
python_maximum_signature_line_length = 88

html_theme = "furo"
html_title = f"paysim {release}"
html_static_path = ["_static"]

nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 600
nb_merge_streams = True
