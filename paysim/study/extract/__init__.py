"""Extracts of real activity: read, cleaned, and settled with no simulation."""

from paysim.study.extract.reading import Extract, read_extract
from paysim.study.extract.settling import Reason, SettledExtract, settle_extract
from paysim.study.extract.written import read_written

__all__ = ["Extract", "Reason", "SettledExtract", "read_extract", "read_written", "settle_extract"]
