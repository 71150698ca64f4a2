"""A constant has one home: other modules import it."""

from __future__ import annotations

import ast
import operator
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

import pytest
from house_rooms import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from _code_measures import modules

# A number or text so particular that two modules cannot mean different things by it.
DIGITS, LETTERS = 5, 7
# Same name and value, yet not the same thing: each with its reason.
APART = {
    "SCHEMA": "versions of two files, which change apart",
    "ALL": "a word that users write: of organs, of states, of outputs",
    "DIET": "a kind of route, and what a plan calls the food of a day",
}
# A command must start without loading the room that answers it, so it has defaults of its own: they stay equal.
COPIES = {
    ("nadflux.faces.cli.validate", "PEOPLE"): ("nadflux.studies.published.validate_body", "PEOPLE"),
    ("nadflux.faces.cli.validate", "DRAWS"): ("nadflux.studies.published.validate_body", "DRAWS"),
    ("nadflux.faces.cli._options", "DRAWS"): ("nadflux.studies.experiments.cell_conditions", "DRAWS"),
}


@cache
def _trees() -> Mapping[str, ast.Module]:
    return modules(ROOT / "src")


def duplicates(trees: Mapping[str, ast.Module]) -> list[str]:
    """Return the constants that two modules define: by name and value, or by a particular value."""
    named, particular = defaultdict(set), defaultdict(set)
    for module, tree in trees.items():
        for name, value in _constants(tree):
            stem = name.strip("_").removesuffix("_H")
            if stem not in APART and (module, name) not in COPIES:
                named[f"{stem} = {_written(value)}"].add(module)
            if _is_particular(value):
                particular[_written(value)].add(module)
    every = [*named.items(), *particular.items()]
    return sorted(f"{what} in {', '.join(sorted(where))}" for what, where in every if len(where) > 1)


def _constants(tree: ast.Module) -> Iterator[tuple[str, object]]:
    """Yield name and value of each number, text, or group of them that a module binds."""
    for node in tree.body:
        for target, whole in _bindings(node):
            pairs = [(target, whole)]
            if isinstance(target, ast.Tuple) and isinstance(whole, ast.Tuple):
                pairs = list(zip(target.elts, whole.elts, strict=True))
            for name, value in pairs:
                literal = _literal(value)
                if isinstance(name, ast.Name) and not name.id.startswith("__") and literal is not None:
                    yield name.id, literal


def _bindings(node: ast.stmt) -> list[tuple[ast.expr, ast.expr]]:
    if isinstance(node, ast.Assign):
        return [(target, node.value) for target in node.targets]
    return [(node.target, node.value)] if isinstance(node, ast.AnnAssign) and node.value is not None else []


def _literal(node: ast.expr) -> object:
    """Return the value of a literal, of powers and products of numbers, and of ``frozenset(...)`` of one."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "frozenset" and len(node.args) == 1:
        inside = _literal(node.args[0])
        return None if inside is None else frozenset(inside)  # type: ignore[call-overload]
    if isinstance(node, ast.BinOp):
        sides = _literal(node.left), _literal(node.right)
        made = {ast.Mult: operator.mul, ast.Pow: operator.pow}.get(type(node.op))
        return made(*sides) if made and all(isinstance(side, int | float) for side in sides) else None
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError):
        return None
    return value if not isinstance(value, bool) else None


def _written(value: object) -> str:
    """Return one text for equal values; the order of a set is by chance."""
    return f"frozenset({sorted(value)})" if isinstance(value, frozenset) else repr(value)


def _is_particular(value: object) -> bool:
    if isinstance(value, float):
        return len(repr(value).split("e")[0].replace(".", "").strip("-0")) >= DIGITS
    if isinstance(value, str):
        return len(value) >= LETTERS
    if isinstance(value, tuple | list | frozenset):
        return len(value) > 1 and all(isinstance(one, str) for one in value)
    return False


def test_no_constant_is_defined_in_two_modules() -> None:
    found = duplicates(_trees())
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(("copy", "original"), COPIES.items())
def test_copies_of_defaults_stay_equal(copy: tuple[str, str], original: tuple[str, str]) -> None:
    trees = _trees()
    values = [dict(_constants(trees[module]))[name] for module, name in (copy, original)]
    assert values[0] == values[1]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("DAY = 24.0", "_DAY = 24.0", True),
        ("DAY_H = 24.0", "DAY: float = 24.0", True),
        ("A, DAY = 1, 24.0", "DAY = 24.0", True),
        ("Z = 1.6448536269514722", "QUANTILE = 1.6448536269514722", True),
        ("RED = '#c05621'", "READ = '#c05621'", True),
        ("A = frozenset({'lt', 'gt'})", "B = frozenset(('gt', 'lt'))", True),
        ("LIMIT = 2**20", "LIMIT = 1048576", True),
        ("MOST = 10", "LEAST = 10", False),
        ("HUGE = 1e300", "LARGEST = 1e300", False),
        ("DAY = 24.0", "DAY = 48.0", False),
        ("SHARE = 0.9", "SAFETY = 0.9", False),
        ("def f():\n    DAY = 24.0", "DAY = 24.0", False),
        ("DAY = 24.0", "from a import DAY", False),
    ],
)
def test_duplicates_are_found(one: str, other: str, found: bool) -> None:
    assert bool(duplicates({"a": ast.parse(one), "b": ast.parse(other)})) is found
