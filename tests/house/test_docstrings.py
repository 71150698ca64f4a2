"""Docstrings open with a verb or a noun, state the shape and unit of every array, and name the errors raised."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest
from house_rooms import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

from _code_measures import (
    Function,
    array_arguments,
    first_word,
    functions,
    modules,
    opens_with_clause,
    raises_without_section,
)

# Add a verb where one is missing; ruff's D401 lets many nouns pass.
VERBS = frozenset(Path(__file__).with_name("opening_verbs.txt").read_text(encoding="utf-8").split())


@cache
def _trees() -> dict[str, ast.Module]:
    return modules(ROOT / "src")


@cache
def _functions() -> tuple[Function, ...]:
    return tuple(functions(_trees()))


def _one(text: str) -> Function:
    (found, *_) = functions({"a": ast.parse(text)})
    return found


def test_no_docstring_opens_with_a_clause() -> None:
    found = [function.place for function in _functions() if _asks(function)]
    for name, tree in _trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef) and opens_with_clause(ast.get_docstring(node) or ""):
                found.append(f"{name}.{getattr(node, 'name', '')}")
    assert not found, "\n".join(["", *found])


def test_every_function_opens_with_a_verb() -> None:
    found = [
        f"{function.place}: {first_word(function.docstring)}"
        for function in _functions()
        if function.docstring and not function.is_property and first_word(function.docstring) not in VERBS
    ]
    assert not found, "\n".join(["", *found])


def test_every_public_array_states_shape_and_unit() -> None:
    found = [
        f"{function.place}: {argument}"
        for function in _functions()
        if function.public
        for argument, stated in array_arguments(function).items()
        if not stated
    ]
    assert not found, "\n".join(["", *found])


def test_every_public_raiser_names_its_errors() -> None:
    found = [function.place for function in _functions() if function.public and raises_without_section(function)]
    assert not found, "\n".join(["", *found])


def _asks(function: Function) -> bool:
    return opens_with_clause(function.docstring)


@pytest.mark.parametrize("opening", ["What is left.", "When it ends.", "Whether it holds.", "How far it is."])
def test_a_clause_is_found(opening: str) -> None:
    assert _asks(_one(f'def f() -> int:\n    """{opening}"""\n'))


@pytest.mark.parametrize(
    ("docstring", "verb"),
    [("Return it.", True), ("``begin(x)``: print it.", False), ("The sum.", False), ("Returns it.", False)],
)
def test_a_verb_opens(docstring: str, verb: bool) -> None:
    assert (first_word(docstring) in VERBS) is verb


@pytest.mark.parametrize(
    ("docstring", "stated"),
    [
        ("Sum the amounts.", False),
        (
            "Sum the amounts.\n\n    Parameters\n    ----------\n    x : ndarray, shape (person,)\n        Amounts.\n",
            False,
        ),
        ("Sum the amounts.\n\n    Parameters\n    ----------\n    x : ndarray\n        Amounts, µmol.\n", False),
        ("Sum the amounts.\n\n    Parameters\n    ----------\n    x : ndarray, shape (person,), µmol\n", True),
        ("Sum the amounts.\n\n    Parameters\n    ----------\n    x : ndarray, (person, time)\n        In mg.\n", True),
        ("Sum `x`, of shape (person, time) in µM.", True),
    ],
)
def test_an_array_argument_needs_shape_and_unit(docstring: str, stated: bool) -> None:
    function = _one(f'def f(x: np.ndarray) -> float:\n    """{docstring}"""\n')
    assert array_arguments(function) == {"x": stated}


@pytest.mark.parametrize(
    ("docstring", "stated"),
    [
        ("Return the sum.", False),
        ("Return the sum, shape (person,), µmol.", True),
        ("Return it.\n\n    Returns\n    -------\n    ndarray, shape (person,)\n        In mg.\n", True),
        ("Return it.\n\n    Returns\n    -------\n    ndarray\n        The person's sum.\n", False),
    ],
)
def test_an_array_returned_needs_shape_and_unit(docstring: str, stated: bool) -> None:
    assert array_arguments(_one(f'def f() -> np.ndarray:\n    """{docstring}"""\n')) == {"return": stated}


@pytest.mark.parametrize(("docstring", "silent"), [("Refuse it.", True), ("Raise `PlanError` for it.", False)])
def test_an_error_raised_is_named(docstring: str, silent: bool) -> None:
    assert (
        raises_without_section(_one(f'def f() -> None:\n    """{docstring}"""\n    raise PlanError("no")\n')) is silent
    )


def test_a_function_inside_another_is_not_public() -> None:
    outer, inner = functions({"a": ast.parse("def f():\n    def g(): ...\n")})
    assert outer.public
    assert not inner.public
