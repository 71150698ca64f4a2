"""Conserved sums."""

from __future__ import annotations

import pytest

from nadflux.network.moieties import conserved_moieties, moiety_report
from nadflux.network.read_antimony import read_antimony


def found(text: str) -> set[str]:
    return {str(moiety) for moiety in conserved_moieties(read_antimony(text))}


CYCLE = "S + ATP -> P + ADP; k*S; ADP -> ATP; k*ADP; P -> S; k*P; k = 1; S=1;P=1;ATP=1;ADP=1;"


def test_cofactor_cycle() -> None:
    assert found(CYCLE) == {"S + P", "ATP + ADP"}


def test_open_chain_conserves_nothing() -> None:
    assert found("-> S; 1; S -> P; S; P -> ; P; S=1; P=1;") == set()


def test_dimer_counts_twice() -> None:
    assert found("2 S -> D; S; D -> 2 S; D; S=1; D=1;") == {"S + 2 D"}


def test_fractions_become_whole_numbers() -> None:
    assert found("0.5 S -> D; S; S=1; D=1;") == {"2 S + D"}


def test_boundary_and_rule_species_are_left_out() -> None:
    assert found("$B -> S; B; S -> P; S; B=1; S=1; P=1;") == set()
    assert found("S -> P; S; at time > 1: S = 3; S=1; P=1;") == set()


def test_varying_stoichiometry_conserves_nothing() -> None:
    assert found("n S -> P; S; n := time; S=1; P=1;") == set()


@pytest.mark.parametrize(("text", "expected"), [(CYCLE, "2 conserved moieties"), ("a = 1;\n", "no conserved")])
def test_report(text: str, expected: str) -> None:
    assert moiety_report(read_antimony(text)).startswith(expected)


def test_complex_shares_two_moieties() -> None:
    assert found("E + S -> C; E*S; C -> E + P; C; P -> S; P; E=1;S=1;C=1;P=1;") == {"E + C", "S + C + P"}


def test_what_left_the_system_is_written_last() -> None:
    text = "species eaten, S, P; -> eaten + S; 1; S -> P; S; S = 1; P = 1; eaten = 0;"
    assert found(text) == {"S + P - eaten"}
