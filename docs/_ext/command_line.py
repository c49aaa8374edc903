"""The command line as a page, by Typer's own documentation of its programs."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def command_line() -> str:
    """Return every command with its arguments and options, in Markdown."""
    program = [sys.executable, "-m", "typer", "paysim.cli", "utils", "docs", "--name", "paysim"]
    text = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    # The page has its own title and says what the program is; it wants the commands.
    return text[text.index("## `paysim ") :]
