"""Every TOML snippet of the pages on payment terms is read and checked as part of a config, and pays."""

import re
import shutil
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import paysim
from paysim.config import load

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "payment").glob("*.md"))

PARTIES = {"sub_capitation": ("trust", "community_trust"), "divided_among": ("trust", "community_trust")}
"""Payer and payee of terms that read what their payer received; the commissioner pays the trust otherwise."""

BLOCKS = {
    "claims": ("ccg", "trust"),
    "lead": ("ccg", "trust"),
    "alliance": ("ccg", "trust"),
    "acute": ("ccg", "trust"),
    "community": ("ccg", "community_trust"),
    "practices": ("ccg", "practice"),
    "home_care": ("council", "charity"),
    "community_beds": ("council", "charity"),
}
"""Payer and payee of the earlier contracts that snippets name."""

EARLIER = {"of", "received", "after", "pays", "premium", "paid_elsewhere", "spending_terms", "target_terms", "tariff"}


class Snippet(NamedTuple):
    page: str
    number: int
    text: str


SNIPPETS = [
    Snippet(page.stem, number, text)
    for page in PAGES
    for number, text in enumerate(re.findall(r"^```toml\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M))
]


def named(value: Any, keys: set[str]) -> list[str]:
    """Return the names under these keys anywhere in a snippet."""
    found: list[str] = []
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in keys and isinstance(inner, str | list):
                found += [inner] if isinstance(inner, str) else inner
            else:
                found += named(inner, keys)
    elif isinstance(value, list):
        found = [name for each in value for name in named(each, keys)]
    return found


def contracts_of(snippet: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the contracts that a snippet writes, with payer, payee and earlier terms where it leaves these out."""
    if "arrangement" in snippet:
        (arrangement,) = snippet["arrangement"].values()
        written = arrangement["contract"]
    else:
        written = {"under_test": {"terms": snippet["terms"]}}
    contracts = {}
    for id, contract in written.items():
        payer, payee = PARTIES.get(contract["terms"][-1]["kind"], ("ccg", "trust"))
        ids = {term.get("id") for term in contract["terms"]}
        missing = [name for name in dict.fromkeys(named(contract, EARLIER)) if name not in {*ids, *written, *BLOCKS}]
        standing = [{"kind": "block", "id": name, "annual": 1_000} for name in [*missing, "standing"]]
        terms = contract["terms"] if "payer" in contract else [*standing, *contract["terms"]]
        contracts[id] = {"payer": payer, "payee": payee, **contract, "terms": terms}
    return contracts


def arrangement_of(snippet: Mapping[str, Any]) -> dict[str, Any]:
    """Return an arrangement that pays for all care, with the snippet's contracts after what they read."""
    contracts = contracts_of(snippet)
    pays_trust = any(each["payee"] == "trust" for each in contracts.values())
    earlier: dict[str, Any] = {
        "others": {"payer": "ccg", "payee": ["practice", "other_hospital"], "terms": [block(1_000)]},
        **({} if pays_trust else {"care": {"payer": "ccg", "payee": "trust", "terms": [block(1_000)]}}),
        **{
            id: {"payer": payer, "payee": payee, "scope": {"services": []}, "terms": [block(1_000)]}
            for id, (payer, payee) in BLOCKS.items()
            if id not in contracts
        },
    }
    return {"name": "Snippet", "contract": earlier | contracts}


def block(pounds: int) -> dict[str, Any]:
    return {"kind": "block", "annual": pounds}


def toml(value: Any) -> str:
    """Return a value as TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml(inner)}" for key, inner in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else repr(value)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the example's tables and a town that has what the pages' snippets name."""
    shutil.copytree(ROOT / "configs" / "how-to" / "one_hospital", tmp_path / "one_hospital")
    town = (ROOT / "configs" / "how-to" / "one_hospital.toml").read_text(encoding="utf-8")
    before, _ = town.split("[arrangement.activity]")
    before = before.replace("[organisation.hospital]", "[organisation.trust]")
    before = before.replace('organisation = "hospital"', 'organisation = "trust"')
    before = before.replace('arrangements = ["block", "activity", "capitation"]', 'arrangements = ["snippet"]')
    more = (Path(__file__).parent / "named_in_snippets.toml").read_text(encoding="utf-8")
    (tmp_path / "town.toml").write_text(before.replace("[measure.readmission]", "[measure.again]") + more)
    prices = tmp_path / "one_hospital" / "prices.csv"
    currencies = re.findall(r"^\[currency\.(\w+)\]", more, re.M)
    prices.write_text(prices.read_text() + "".join(f"{each},,100,,,made up,assumed\n" for each in currencies))
    (tmp_path / "carr_hill.csv").write_text("age_band,weight,source,status\n0-64,1,x,assumed\n65+,2,x,assumed\n")
    return tmp_path


@pytest.mark.parametrize("snippet", SNIPPETS, ids=lambda each: f"{each.page}-{each.number}")
def test_a_snippet_is_checked_and_pays(snippet: Snippet, folder: Path) -> None:
    written = tomllib.loads(snippet.text)
    measures = next(each.text for each in SNIPPETS if each.page == "quality")
    arrangement = arrangement_of({"terms": [block(1)]} if "measure" in written else written)
    contracts = "".join(
        f"\n[arrangement.snippet.contract.{id}]\n" + "".join(f"{key} = {toml(inner)}\n" for key, inner in each.items())
        for id, each in arrangement["contract"].items()
    )
    config = folder / "snippet.toml"
    config.write_text(f'extends = "town.toml"\n{measures}\n[arrangement.snippet]\nname = "Snippet"\n{contracts}')
    system = load(config)
    kinds = {term.KIND for contract in system.arrangements["snippet"].contracts for term in contract.terms}
    assert set(named(written.get("terms", written.get("arrangement")), {"kind"})) <= kinds
    activity = paysim.simulate(system, years=2, sample=0.05)
    assert len(paysim.settle(activity, system.arrangements["snippet"]))
