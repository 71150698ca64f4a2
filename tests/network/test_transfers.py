"""How reactions carry a moiety, and what is refused."""

from __future__ import annotations

import pytest

from nadflux.errors import ModelError
from nadflux.network.expression import Symbol
from nadflux.network.infix import parse_infix, to_infix
from nadflux.network.read_antimony import read_antimony
from nadflux.network.transfers import replaced_factor, transfers

END = "; A=1; B=1; C=1; D=1; k=1; K=1;"


def found(text: str, **weights: float) -> list[tuple[str | None, str, str]]:
    model = read_antimony(text + END)
    return [
        (t.source, "+".join(f"{n:g} {s}" for s, n in t.targets), to_infix(t.law, units=False))
        for t in transfers(model, weights)
    ]


def test_one_way() -> None:
    assert found("A => B; k*A", A=1, B=1) == [("A", "1 B", "k * A")]


def test_a_net_rate_is_taken_apart() -> None:
    forward, backward = found("A -> B; k*(A - B)/(K + A + B)", A=1, B=1)
    assert forward == ("A", "1 B", "k * A / (K + A + B)")
    assert backward == ("B", "1 A", "k * B / (K + A + B)")


def test_a_dimer_gives_two() -> None:
    assert found("D => 2 A; k*D", A=1, D=2)[0][:2] == ("D", "2 A")


def test_two_sources_keep_their_share() -> None:
    assert [t[:2] for t in found("A + B => D; k*A*B", A=1, B=1, D=2)] == [("A", "0.5 D"), ("B", "0.5 D")]


def test_other_species_do_not_matter() -> None:
    assert found("A + C => B + D; k*A*C", A=1, B=1)[0][:2] == ("A", "1 B")


def test_from_nowhere() -> None:
    assert found("=> A; k", A=1)[0][:2] == (None, "1 A")


@pytest.mark.parametrize(
    ("text", "weights", "words"),
    [
        ("A + B => C + D; k*A*B", {"A": 1, "B": 1, "C": 1, "D": 1}, "which goes where"),
        ("A => B; k*A", {"A": 2, "B": 1}, "takes 2 moieties and gives 1"),
        ("A => ; k*A", {"A": 1}, "takes 1 moieties and gives 0"),
        ("A -> B; k*A/(1 + B)", {"A": 1, "B": 1}, "no difference"),
        ("species Z; $Z => B; k; Z := k", {"Z": 1, "B": 1}, "follows a rule"),
        ("n A => B; k*A; n := time", {"A": 1, "B": 1}, "stoichiometry"),
    ],
)
def test_what_is_not_determined_is_refused(text: str, weights: dict[str, float], words: str) -> None:
    with pytest.raises(ModelError, match=words):
        found(text, **weights)


@pytest.mark.parametrize(
    ("law", "result"),
    [
        ("V*A/(K + A)", "V * L / (K + A)"),
        ("V*(A/K)/(1 + A/K)", "V * (L / K) / (1 + A / K)"),
        ("k*A + K*A", "k * L + K * L"),
        ("k*A + K", None),
        ("V*A^2/(K + A^2)", None),
        ("V/A", None),
    ],
)
def test_one_factor_is_replaced(law: str, result: str | None) -> None:
    replaced = replaced_factor(parse_infix(law), "A", Symbol("L"))
    assert (None if replaced is None else to_infix(replaced, units=False)) == result
