"""`nadflux simulate` with units, measured values and people, event tables, sources and parameters of levels."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nadflux.faces.cli import main

WOMAN, PLAN = "woman, 62 y, 70 kg", ("--plan", "NAM 500 mg oral once", "--show", "plasma_nam,urine_mna", "-n", "4")


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(("simulate", *words))
    captured = capsys.readouterr()
    return int(stopped.value.code or 0), captured.out, captured.err


def test_units_of_the_table_and_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, WOMAN, *PLAN, "--unit", "ng/mL", "--unit", "urine_mna=mg/day")
    assert code == 0 and "ng/mL" in out and "mg/day" in out and "µmol/day" not in out
    rows = [json.loads(call(capsys, WOMAN, *PLAN, "--json", *more)[1])["rows"] for more in ((), ("--unit", "ng/mL"))]
    ratio = rows[1][0]["end"]["median"] / rows[0][0]["end"]["median"]
    assert ratio == pytest.approx(122.12) and rows[1][0]["unit"] == "ng/mL" and rows[1][1] == rows[0][1]
    code, _, err = call(capsys, WOMAN, *PLAN, "--unit", "plasma_nam=mg/day")
    assert code == 2 and "'mg/day' does not fit NAM" in err


def test_a_measured_person(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = (WOMAN, *PLAN[:4], "-n", "24", "--measured", "whole blood NAD+ 24 uM", "--draws", "200")
    code, out, err = call(capsys, *words, "--out", str(tmp_path / "run.zarr"))
    assert code == 0 and "effective sample size" in out and "NAD+ in whole blood 24 uM" in out
    assert (tmp_path / "run.zarr").is_dir() and "data:" in err
    code, _, err = call(capsys, WOMAN, *PLAN, "--measured", "plasma NAM 1.5 uM", "--draws", "100")
    assert code == 2 and "people would be needed" in err
    code, _, err = call(capsys, WOMAN, *PLAN, "--draws", "100")
    assert code == 2 and "--measured" in err


def test_measured_values_over_the_figure_and_a_predictive_check(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    table = tmp_path / "observed.csv"
    lines = [f"{k},3,NAM in plasma,{50 + 20 * k},µM" for k in range(6)]
    table.write_text("\n".join(["id,time,quantity,value,unit", *lines]), encoding="utf-8")
    figure, check = tmp_path / "run.png", tmp_path / "vpc.png"
    code, _, err = call(capsys, WOMAN, *PLAN, "--observed", str(table), "--plot", str(figure), "--vpc", str(check))
    assert code == 0 and figure.stat().st_size > 10_000 and check.stat().st_size > 10_000 and str(check) in err
    code, _, err = call(capsys, WOMAN, *PLAN, "--observed", str(table))
    assert code == 2 and "--plot FILE.png" in err
    code, _, err = call(capsys, WOMAN, *PLAN, "--vpc", str(check))
    assert code == 2 and "--observed FILE.csv" in err
    table.write_text("time,quantity,value,unit\n3,NAM in plasma,much,µM\n", encoding="utf-8")
    code, _, err = call(capsys, WOMAN, *PLAN, "--observed", str(table), "--plot", str(figure))
    assert code == 2 and "row 2, column value = 'much'" in err


def test_parameters_of_levels_and_sources(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, WOMAN, *PLAN, "--nca", "--cite")
    assert code == 0 and "AUCinf_obs" in out and "linear trapezoids" in out and "https://doi.org/10." in out
    code, _, err = call(capsys, WOMAN, *PLAN, "--nca", "--json")
    assert code == 2 and "--nca does not go with --json" in err


def test_an_event_table_is_a_run_for_each_id(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table = tmp_path / "events.csv"
    table.write_text("ID,TIME,AMT,EVID,CMT,SEX,AGE\nA,0,500,1,1,F,62\nB,0,1000,1,1,M,40\n", encoding="utf-8")
    words = ("--events", str(table), "--show", "plasma_nam", "-n", "2")
    code, out, err = call(capsys, *words, "--cmt", "1=NAM oral", "--out", str(tmp_path / "run.csv"))
    assert code == 0 and "ID A" in out and "man, 40 y" in out and "NAM 1000 mg oral once" in out
    assert (tmp_path / "run-A.csv").exists() and (tmp_path / "run-B.csv").exists() and "run-B.csv" in err
    code, out, _ = call(capsys, *words, "--cmt", "1=NAM oral", "--json")
    assert code == 0 and list(json.loads(out)) == ["A", "B"]
    code, _, err = call(capsys, *words)
    assert code == 2 and "row 2, column CMT = '1'" in err
    code, _, err = call(capsys, *words, "--plan", "NAM 1 g oral once")
    assert code == 2 and "--plan does not go with --events" in err


def test_plans_side_by_side_have_units_and_measured_values(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    table, figure = tmp_path / "observed.csv", tmp_path / "plans.png"
    table.write_text("time,quantity,value,unit,arm\n3,NAM in plasma,50,µM,B\n", encoding="utf-8")
    words = (WOMAN, *PLAN, "--plan", "NAM 1 g oral once", "--days", "1", "--unit", "ng/mL", "--observed", str(table))
    code, out, _ = call(capsys, *words, "--plot", str(figure))
    assert code == 0 and "ng/mL" in out and figure.stat().st_size > 10_000
    code, _, err = call(capsys, WOMAN, *PLAN, "--plan", "NAM 1 g oral once", "--nca")
    assert code == 2 and "--nca does not go with several --plan" in err
