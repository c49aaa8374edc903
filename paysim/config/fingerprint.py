"""The fingerprint of a system: what its config and tables say, in one hash."""

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path

from paysim.config.document import Document


def fingerprint(document: Document, own_terms: Iterable[Path] = ()) -> str:
    """Return the SHA-256, in hexadecimal, of the merged config as canonical JSON and the bytes of its files.

    These are its tables and its own terms. They come in the order of their paths below the config's folder, so a config
    moved with its files keeps its fingerprint.
    """
    digest = hashlib.sha256()
    text = json.dumps(document.data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    digest.update(text.encode())
    folder = document.file.parent
    for name, file in sorted((file.relative_to(folder).as_posix(), file) for file in {*document.tables, *own_terms}):
        digest.update(b"\0" + name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
