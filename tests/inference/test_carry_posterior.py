"""The test by which a posterior may be carried over: programs are compared operation by operation."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from nadflux.kernel import lower
from nadflux.network.infix import parse_infix
from nadflux.network.read_antimony import read_antimony

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from carry_posterior import operations_of

TEXT = "model m\n  compartment c = 1; species S in c = 3\n  PARAMETERS\n  J: S -> ; LAW\nend\n"


def _meaning(law: str, parameters: str = "k = 2; Km = 5") -> Mapping[str, str]:
    program = lower(read_antimony(TEXT.replace("PARAMETERS", parameters).replace("LAW", law)), {"S": parse_infix("S")})
    found = operations_of(program)
    return {"rate": found[program.derivatives[0]], "output": found[program.output_nodes[0]]}


def test_neither_the_order_of_parameters_nor_of_two_operands_counts() -> None:
    law = "k * S / (Km + S)"
    assert _meaning(law) == _meaning(law, "Km = 5; k = 2") == _meaning("S * k / (S + Km)")


@pytest.mark.parametrize("law", ["Km * S / (k + S)", "k * (S / (Km + S))", "k * S / (Km - S)", "k * S / (Km + S + S)"])
def test_another_operation_operand_or_nesting_counts(law: str) -> None:
    before, after = _meaning("k * S / (Km + S)"), _meaning(law)
    assert before["rate"] != after["rate"]
    assert before["output"] == after["output"]
