"""Extracts of real activity: read, cleaned, and settled with no simulation."""

from paysim.study.extract.reading import ENGINE, Extract, read_extract

__all__ = ["ENGINE", "Extract", "read_extract"]
