"""Study files, models and folders of results: right ones, and the edits that damage them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import yaml
from grammar import ODD_NUMBERS, STRAY, clause, damaged, person, pick, plan, quantity

ROOT = Path(__file__).resolve().parents[2]
STUDY = """\
id: Trial2024
citation: {doi: 10.1000/xyz, text: a trial}
population: {n: 20, age: {mean: 51, sd: 8}, sex: {female: 0.5}, bmi: {low: 20, high: 30}, habits: [sleep 6 h]}
arms:
  - {id: NR, plan: NR chloride 500 mg oral twice daily for 8 weeks, n: 10}
  - {id: placebo, plan: none, set: {liver.NAMPT.activity: 0.5}}
observations:
  - {arm: NR, observable: NAD+, matrix: whole blood, kind: change, value: 60, unit: '%', at: 56 d, from: baseline,
     sd: 20, tier: read}
  - {arm: NR, observable: NR, matrix: plasma, kind: peak, value: 0.2, unit: µM, window: 0 h to 12 h, tier: recalled}
  - {arm: NR, observable: NAD+, matrix: whole blood, kind: sign, value: up, at: 56 d, from: placebo, tier: read}
use: validation
"""
SHORT_STUDY = STUDY.replace("8 weeks", "2 d").replace("56 d", "2 d")
ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**400, 1e308, float("nan"), float("inf"), "", " ", "x", [], [[]], {}, {"a": {"b": 1}},
    [1, "a", None], "\u202e", "1e999", "0 h to 0 h", "12 h to 1 h", "-5 d", "NaN", "no such", "A/B", "NAD+ + NR", "%",
    "(µM", "1:2", ["sleep 6 h", 3],
)  # fmt: skip
YAML_ODDITIES = (
    "&a [*a]", "*nobody", "!!python/object/apply:os.system [ls]", "!!binary x", "!!int x", "!!timestamp 99-99-99",
    "2001-99-99", "? [1, 2]", "<<: 3", "<<: [1]", "0o99", "1:60:99", "0x", "---\na: 1\n---\nb: 2", "\tx: 1",
    "%YAML 9.9\n---\n", "{" * 400, "[" * 2000, "- " * 1500 + "x", "'", '"\\x"', '"\\ud800"',
    "!<tag:yaml.org,2002:bool> x", "!!float x", "!!set {a, b}", "!!pairs [a: 1]", "@x", "`x",
)  # fmt: skip
ANTIMONY = (
    "model m\n  compartment c = 1\n  species A in c = 10, B in c = 0\n  k = 0.3\n  J: A -> B; k*A\n"
    "  at (time > 5): A = A + 3\nend\n",
    "function f(x, y)\n  x^2 / (x + y)\nend\nmodel n()\n  S1 = 4; S2 = 0; V = 2; K = 0.5\n"
    "  J0: S1 -> S2; f(S1, K)*V\n  J1: S2 -> ; piecewise(0.1, S2 > 1, 0.2)*S2\n  x := S1 + S2\nend\n",
    "model o\n  x = 1; y = 0\n  x' = -0.5*x + sin(time)\n  y' = x - sqrt(y + 1)\n"
    "  at x < 0.5 after 1: y = 2, x = 1\nend\n",
)
SBML = """\
<?xml version="1.0" encoding="UTF-8"?>
<sbml xmlns="http://www.sbml.org/sbml/level3/version1/core" level="3" version="1">
  <model id="m" timeUnits="second">
    <listOfCompartments><compartment id="c" size="1" spatialDimensions="3" constant="true"/></listOfCompartments>
    <listOfSpecies>
      <species id="A" compartment="c" initialAmount="10" hasOnlySubstanceUnits="false" boundaryCondition="false" \
constant="false"/>
    </listOfSpecies>
    <listOfParameters><parameter id="k" value="0.4" constant="true"/></listOfParameters>
    <listOfReactions>
      <reaction id="J" reversible="false" fast="false">
        <listOfReactants><speciesReference species="A" stoichiometry="1" constant="true"/></listOfReactants>
        <kineticLaw><math xmlns="http://www.w3.org/1998/Math/MathML"><apply><times/><ci>k</ci><ci>A</ci></apply></math>\
</kineticLaw>
      </reaction>
    </listOfReactions>
  </model>
</sbml>
"""
WORDS_OF_MODELS = (
    "->", "=>", ":=", "'", ";", "at", "piecewise", "end", "model", "function", "import", "\"x\"", "time", "1e400",
    "nan", "inf", "log(0)", "x/0", "A^B^C", "delay(A,1)", "const", "var", "$A", "in c", "identical", "is",
    "deleted A", "unit u = 1e3 mole", "exp(exp(9))", "factorial(-1)", "root(0, 2)", "2 A", "A + A", "<ci>",
    "</apply>", "<cn>", "&amp;", "&", "<!--", "]]>", "<piecewise/>", "<lambda>",
)  # fmt: skip


def study(rng: Random) -> str:
    """Return a study file: wrong values at places of its tree, odd YAML, or a damaged text."""
    text = STUDY if rng.random() < 0.7 else pick(rng, _shipped_studies())
    kind = rng.randrange(5)
    if kind <= 1:
        tree = yaml.safe_load(text)
        for _ in range(1 + rng.randrange(2)):
            _put(rng, tree, _odd_value(rng))
        return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    if kind == 2:
        return _at_some_value(rng, text, pick(rng, YAML_ODDITIES))
    if kind == 3:
        return _at_some_value(rng, text, pick(rng, ("\udcff", "\udc80abc", "\x00", "\ufeff", "\x85", "\ud800")))
    return damaged(rng, text)


def plan_document(rng: Random) -> str:
    """Return a plan as YAML, damaged as a study is."""
    from nadflux.plans import parse_plan, to_yaml

    text = to_yaml(parse_plan("NR chloride 500 mg oral twice daily for 8 weeks + sleep 23:00-07:00 for 2 weeks"))
    if rng.random() < 0.5:
        tree = yaml.safe_load(text)
        _put(rng, tree, pick_value(rng, (*ODD_VALUES, quantity(rng), clause(rng), plan(rng))))
        return yaml.safe_dump(tree, allow_unicode=True, sort_keys=False)
    return _at_some_value(rng, text, pick(rng, YAML_ODDITIES)) if rng.random() < 0.5 else damaged(rng, text)


def model(rng: Random) -> str:
    """Return a small model in Antimony or SBML with words misplaced, missing or odd."""
    text = pick(rng, ANTIMONY) if rng.random() < 0.6 else SBML
    for _ in range(1 + rng.randrange(2)):
        if rng.random() < 0.5:
            words = text.split(" ")
            at = rng.randrange(len(words))
            words[at : at + rng.randrange(2)] = [pick(rng, (*WORDS_OF_MODELS, *STRAY, *ODD_NUMBERS))]
            text = " ".join(words)
        else:
            text = damaged(rng, text)
    return text


def pick_value(rng: Random, values: Sequence[Any]) -> Any:
    """Return one of the values."""
    return values[rng.randrange(len(values))]


def _put(rng: Random, tree: Any, value: Any) -> None:
    """Put a value at some place of a tree, or take the place away."""
    places = [(parent, key) for parent, key in _places(tree)]
    parent, key = places[rng.randrange(len(places))]
    chance = rng.random()
    if chance < 0.15:
        del parent[key]
    elif chance < 0.25 and isinstance(parent, dict):
        parent[pick(rng, ("extra", "", "Id", "plann", "٣"))] = value
    else:
        parent[key] = value


def _places(tree: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for key, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        found.append((tree, key))
        if isinstance(value, dict | list):
            found += _places(value)
    return found


def _odd_value(rng: Random) -> Any:
    made = (plan(rng), person(rng), quantity(rng), clause(rng), damaged(rng, quantity(rng)), damaged(rng, plan(rng)))
    return pick_value(rng, ODD_VALUES) if rng.random() < 0.6 else pick_value(rng, made)


def _at_some_value(rng: Random, text: str, odd: str) -> str:
    """Put an odd piece after one of the colons, or at the start or the end."""
    ends = [0, len(text), *(at + 2 for at in range(len(text)) if text.startswith(": ", at))]
    at = ends[rng.randrange(len(ends))]
    return text[:at] + odd + pick(rng, ("", " ", "\n")) + text[at:]


@lru_cache(maxsize=1)
def _shipped_studies() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted((ROOT / "studies").glob("*.yaml")))
