"""The walk from a quantity to all that it is computed from."""

from __future__ import annotations

from nadflux.network.dependencies import Dependencies
from nadflux.network.infix import parse_infix
from nadflux.network.read_antimony import read_antimony

MODEL = read_antimony("""
model m
  compartment c = 1
  species S in c, P in c
  a = 2; b = a * 3; S = b; P = 0; k = 1; idle = 4
  J: S -> P; k * S
  r := a + k
  x' = r; x = 0
end
""")


def test_at_rest_the_start_counts_and_the_laws_of_a_pool_do_not() -> None:
    at_rest = Dependencies.at_rest(MODEL)
    assert at_rest.behind(["S"]) == {"S", "b", "a"}
    assert at_rest.behind(["J"]) == {"J", "k", "S", "b", "a"}
    assert at_rest.behind(["P"]) == {"P"}
    assert at_rest.behind(["x"]) == {"x"}


def test_over_time_a_pool_follows_from_the_laws_that_fill_it() -> None:
    over_time = Dependencies.over_time(MODEL)
    assert over_time.behind(["P"]) == {"P", "k", "S", "b", "a"}
    assert over_time.behind(["x"]) == {"x", "r", "a", "k"}


def test_a_name_without_a_formula_stands_for_itself_and_nothing_for_nothing() -> None:
    over_time = Dependencies.over_time(MODEL)
    assert over_time.behind(["idle", "no_such_name"]) == {"idle", "no_such_name"}
    assert over_time.behind([]) == set()


def test_a_walk_ends_at_what_it_may_not_enter() -> None:
    over_time = Dependencies.over_time(MODEL)
    assert over_time.behind(["P"], within=over_time.names - {"S"}) == {"P", "k", "S"}


def test_circles_end() -> None:
    circle = read_antimony(
        "model m\n  compartment c = 1; species A in c, B in c; A = 1; B = 1\n  J: A -> B; A * B\nend\n"
    )
    assert Dependencies.over_time(circle).behind(["A"]) == {"A", "B"}


def test_what_leads_from_a_name_is_the_walk_the_other_way() -> None:
    walk = Dependencies({"a": [parse_infix("b * k")], "b": [parse_infix("c + 1")], "d": [parse_infix("k")]})
    assert walk.leading_from(["c"]) == {"c", "b", "a"}
    assert walk.leading_from(["k"]) == {"k", "a", "d"}
    for name in ("a", "b", "c", "d", "k"):
        assert walk.leading_from([name]) == {one for one in ("a", "b", "c", "d", "k") if name in walk.behind([one])}
