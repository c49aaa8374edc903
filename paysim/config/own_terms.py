"""The kinds of term that a config brings: Python files, run before it is validated."""

from pathlib import Path

from paysim.config.document import Document
from paysim.config.paths import inside
from paysim.model.errors import InputError, dotted
from paysim.model.terms.own import forget_own_terms, load_own_terms


def own_terms(document: Document) -> list[Path]:
    """Return the files that a config names in `own_terms`, after making the kinds of term known that they register.

    Those of other configs are known no more. Raises InputError for files that are missing, outside the folder, or
    cannot be used.
    """
    forget_own_terms()
    written = document.data.get("own_terms", [])
    if not isinstance(written, list) or not all(isinstance(name, str) for name in written):
        return []
    files: list[Path] = []
    for number, name in enumerate(written):
        path = ("own_terms", number)
        file = inside(document.origin(path).file, name, dotted(path))
        if file in files:
            raise document.refuse(path, f"found {name!r} again", "expected each file once")
        try:
            load_own_terms(file)
        except InputError as refusal:
            where = "".join(f"{part}: " for part in (name, refusal.key_path) if part)
            raise document.refuse(path, f"{where}{refusal.found}", refusal.expected) from refusal.__cause__
        files.append(file)
    return files
