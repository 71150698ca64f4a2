"""`nadflux simulate --plan A --plan B`, plans from files, labels and ids, and the first line of an answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.errors import PlanError
from nadflux.faces.cli import app as frame
from nadflux.faces.cli._plan_given import plan_given
from nadflux.plans import parse_plan, to_yaml

WOMAN = "62-year-old woman, 70 kg"


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        frame.main(words)
    shown = capsys.readouterr()
    return int(stopped.value.code or 0), shown.out, shown.err


def test_plans_side_by_side(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "plans.png"
    code, out, _ = call(
        capsys, "simulate", WOMAN, "--plan", "500 mg NR bid for 3 days", "--plan", "placebo", "-n", "3",
        "--show", "NAD+ in blood", "--ids", "--plot", str(figure),
    )  # fmt: skip
    assert code == 0 and figure.stat().st_size > 10_000
    first, a, b, *_ = out.splitlines()
    assert first.startswith("woman, 62 y, 70 kg")
    assert a.startswith("A: NR chloride 500 mg oral twice daily for 3 days (NR chloride oral, as no route is given)")
    assert b == "B: nothing taken"
    assert "whole_blood_nad" in out and "less A" in out and "screened" in out


def test_the_comparison_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--plan", "NR 1 g oral daily for 3 d", "--plan", "nothing", "-n", "3", "--show", "NAD+ in whole blood")
    code, out, _ = call(capsys, "simulate", WOMAN, *words, "--json")
    found = json.loads(out)
    assert code == 0 and found["compared_with"] == "A"
    assert found["plans"] == {"A": "NR chloride 1 g oral daily for 3 d", "B": "nothing taken"}
    assert [row["plan"] for row in found["rows"]] == ["A", "B"]
    assert found["rows"][0]["difference"] is None and found["rows"][1]["difference"]["median"] < 0


@pytest.mark.parametrize("option", [("--out", "x.zarr"), ("--components",), ("--at", "6 h")])
def test_options_of_one_plan_are_refused_beside_several(
    capsys: pytest.CaptureFixture[str], option: tuple[str, ...]
) -> None:
    plans = ("--plan", "NR 1 g daily for 3 d", "--plan", "nothing")
    code, _, err = call(capsys, "simulate", WOMAN, *plans, *option)
    assert code == 2 and f"{option[0]} belongs to one plan" in err


def test_a_plan_may_be_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    plan = parse_plan("16:8 eating window for 2 weeks + NR 500 mg oral daily for 2 weeks")
    for name, text in (("plan.yaml", to_yaml(plan)), ("plan.txt", f"{plan}\n")):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        assert plan_given(str(file)) == plan
    code, out, _ = call(capsys, "plans", str(tmp_path / "plan.yaml"))
    assert code == 0 and out.startswith(str(plan)[:40])
    code, out, _ = call(capsys, "plans", str(plan), "--yaml")
    assert code == 0 and plan_given(out) == plan
    with pytest.raises(PlanError, match=r"cannot read the plan .*none\.yaml"):
        plan_given(str(tmp_path / "none.yaml"))
    (tmp_path / "bad.yaml").write_text("- {compound: NRR, route: oral, phases: [{dose: 5 mg}]}", encoding="utf-8")
    with pytest.raises(PlanError, match=r"bad\.yaml: .*did you mean"):
        plan_given(str(tmp_path / "bad.yaml"))


def test_the_first_line_says_what_was_understood(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--plan", "NMN 10 mg/kg qd for 2 days + a cup of coffee", "-n", "2", "--show", "NAD+ in plasma")
    code, out, _ = call(capsys, "simulate", WOMAN, *words)
    first = out.splitlines()[0]
    assert code == 0
    assert "NMN 700 mg oral daily for 2 days" in first and "10 mg/kg is 700 mg at 70 kg" in first
    assert "NMN oral, as no route is given" in first and "coffee is without effect" in first
    assert out.count("as no route is given") == 1


def test_a_plan_of_nothing_is_usual_life(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = call(
        capsys, "simulate", WOMAN, "--plan", "coffee", "-n", "2", "--days", "1", "--show", "liver_nad"
    )
    assert code == 0 and "nothing taken" in out.splitlines()[0] and "coffee is without effect" in err


def test_doses_by_weight_are_printed_without_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "plans", "NMN 10 mg/kg daily for 4 weeks")
    assert code == 0 and "need a person" in out
