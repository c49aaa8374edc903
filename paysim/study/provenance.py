"""What a result came from: versions, config and seed; nothing that differs between two equal runs."""

import platform
from dataclasses import asdict
from importlib.metadata import version

import paysim
from paysim.model.system import System
from paysim.study.settings import Settings

_PACKAGES = ("numba", "numpy", "pandas", "pyarrow", "scipy", "simpy")


def made_with(system: System) -> dict[str, object]:
    """Return the versions, the config's fingerprint and the system's own, which any result came from."""
    return {
        "paysim": paysim.__version__,
        "python": platform.python_version(),
        "packages": {package: version(package) for package in _PACKAGES},
        "config": {"title": system.title, "sha256": system.fingerprint, "altered": system.altered},
        "system": {"sha256": system.content},
    }


def provenance(system: System, settings: Settings) -> dict[str, object]:
    """Return the versions, the config's fingerprint and the settings that reproduce a result byte for byte."""
    return {**made_with(system), "settings": asdict(settings)}
