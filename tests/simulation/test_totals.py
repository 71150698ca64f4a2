"""Outputs that grow with totals, and those that may not be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from nadflux.kernel import lower
from nadflux.network.expression import Expression
from nadflux.network.infix import parse_infix as parse
from nadflux.network.model import Model, Parameter
from nadflux.simulation.compiled import prepare
from nadflux.simulation.totals import growing, totals_of


@dataclass(frozen=True, eq=False)
class Lowered:
    """The part of a prepared body that is looked at."""

    program: Any


def lowered(formula: str) -> Any:
    model = Model(
        "total",
        parameters={
            "x": Parameter("x", 1.0, constant=False), "total": Parameter("total", 0.0, constant=False),
            "k": Parameter("k", 0.5),
        },
        rate_rules={"x": parse("-k*x"), "total": parse("k*x")},
    )  # fmt: skip
    outputs: dict[str, Expression] = {"found": parse(formula)}
    return Lowered(lower(model, outputs))


@pytest.mark.parametrize(
    ("formula", "grows"),
    [
        ("x", [False]), ("total", [True]), ("k*total + x", [True]), ("-total/k", [True]), ("x - total", [True]),
        ("x*total", None), ("x/total", None), ("total*total", None), ("sqrt(total)", None), ("time*total", None),
    ],
)  # fmt: skip
def test_an_output_grows_in_proportion_or_is_refused(formula: str, grows: list[bool] | None) -> None:
    found = growing(lowered(formula), ["found"])
    assert (None if found is None else found.tolist()) == grows


def test_body_fat_and_what_is_excreted_are_totals_of_the_whole_body() -> None:
    body = prepare(body="whole")
    names = [body.program.states[k] for k in totals_of(body)]
    assert {"fuels__body_fat", "urine__PY2"} <= set(names) and "liver__NAD" not in names
    found = growing(body, ["body_fat", "urine_2py_total", "urine_2py", "liver_nad"])
    assert found is not None and found.tolist() == [True, True, False, False]
