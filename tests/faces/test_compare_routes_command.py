"""`nadflux compare-routes` on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.faces.cli import app as frame
from nadflux.plans import catalogue
from nadflux.plans.catalogue import Catalogue


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two routes are enough to see the tables."""
    whole = catalogue.shipped()
    ways = {way: whole.routes[way] for way in (("NR chloride", "oral"), ("NMN", "IV"))}
    monkeypatch.setattr(
        "nadflux.studies.experiments.compare_routes.shipped", lambda: Catalogue(whole.compounds, ways, whole.names)
    )


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        frame.main(["compare-routes", *words])
    shown = capsys.readouterr()
    return int(stopped.value.code or 0), shown.out, shown.err


def test_tables_and_figure(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "routes.png"
    code, out, err = run(capsys, "--dose", "500mg", "-n", "4", "--days", "3", "--plot", str(figure))
    assert code == 0 and figure.stat().st_size > 10_000 and "figure" in err
    for words in (
        "time to half", "exposure", "ripple", "between people", "built in as NAM", "built in as NA",
        "built in intact, as NR or NMN", "may pass 100 %", "NMN IV (beyond data)", "not a recommendation",
        "screened", "assumed", "usual practice",
    ):  # fmt: skip
        assert words in out


def test_every_cell_of_the_json_has_interval_unit_and_tier(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "--dose", "500mg", "-n", "4", "--days", "3", "--json", "--equal-moles",
                       "--observable", "liver_nad", "--observable", "plasma_nam", "--research")  # fmt: skip
    document = json.loads(out)
    assert code == 0 and document["equal_moles"] is True
    for route in document["routes"]:
        assert set(route["observables"]) == {"liver_nad", "plasma_nam"}
        for cells in route["observables"].values():
            assert all({"median", "low", "high", "unit", "tier"} == set(cell) for cell in cells.values())
        assert route["tracer"]["tier"] == "assumed" and "liver" in route["tracer"]["organs"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dose", "much"], "dose 'much' cannot be read"),
        (["--dose", "500 h"], "mass or an amount"),
        (["--dose", "-5mg"], "above 0"),
        (["--dose", "0 mg"], "above 0"),
        (["--dose", "1e12mg"], "out of range"),
        (["--dose", "500mg", "--person", "somebody"], "somebody"),
        (["--dose", "500mg", "--organs", "livr", "-n", "2", "--days", "2"], "did you mean 'liver'"),
        (["--dose", "500mg", "--plot", "x.bmp"], "x.bmp"),
    ],
)
def test_bad_input(capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    code, _, err = run(capsys, *words)
    assert code == 2 and said in err
