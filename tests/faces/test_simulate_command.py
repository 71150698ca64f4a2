"""`nadflux simulate` and `describe` as a user meets them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

import nadflux as nf
from nadflux.faces.cli import main

WOMAN = "woman, 62 y, 70 kg"
PLAN = "NR 500 mg oral daily for 2 d"


def call(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    captured = capsys.readouterr()
    return int(stopped.value.code or 0), captured.out, captured.err


def test_the_table_says_what_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "simulate", WOMAN, "--plan", PLAN, "-n", "4")
    assert code == 0
    for words in (
        "whole blood", "PBMC", "plasma", "MNA excretion", "2PY excretion", "4PY excretion", "µM", "µmol/day",
        "baseline", "day 2", "change %", "range", "tier", "assumed", "range of 4 people is over", "screened",
        "not medical advice", "NR is read as NR chloride", "height not given", "moiety balance",
    ):  # fmt: skip
        assert words in out


def test_json_is_the_same_as_from_python(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "simulate", WOMAN, "--plan", PLAN, "-n", "4", "--seed", "3", "--json")
    assert code == 0
    document = json.loads(out)
    run = nf.simulate(WOMAN, PLAN, n=4, seed=3)
    row = next(row for row in document["rows"] if row["id"] == "pbmc_nad")
    assert row["end"]["median"] == pytest.approx(np.median(run["pbmc_nad"][:, -1]))
    assert row["unit"] == "µM" and row["matrix"] == "PBMC" and row["kind"] == "level"
    assert document["record"]["text_hash"] == run.record["text_hash"]


def test_values_at_times_and_over_a_window(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("simulate", WOMAN, "--plan", "endurance 45 min at 70% VO2max once", "-n", "2", "--show", "muscle_pAMPK")
    looks = ("--days", "6", "--at", "day 1 18:30,12 h", "--window", "day 1 18:00 to 19:00")
    code, out, _ = call(capsys, *words, *looks, "--json", "--out", str(tmp_path / "run.zarr"))
    assert code == 0
    document, run = json.loads(out), nf.Run.load(str(tmp_path / "run.zarr"))
    (row,), (at, later) = document["rows"], document["at"]
    assert row["window_h"] == [10.0, 11.0] and row["change_percent"]["median"] > 5.0
    assert (at["time_h"], later["time_h"]) == (10.5, 12.0) and at["asked_h"] == 10.5
    assert at["value"]["median"] == pytest.approx(np.median(run.at("muscle_pAMPK", 10.5)))
    assert np.isin(np.arange(0.0, 24.0, 0.25), run.times).all()
    code, out, _ = call(capsys, *words, *looks)
    assert code == 0 and "at the times asked for" in out and "plan, hours 10 to 11" in out


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [("--at", "80 h", "within the run"), ("--at", "noon", "not a time"), ("--window", "60-80 h", "make the run longer"),
     ("--window", "noon", "does not say from when")],
)  # fmt: skip
def test_times_that_the_run_does_not_reach(
    capsys: pytest.CaptureFixture[str], option: str, value: str, told: str
) -> None:
    code, _, err = call(capsys, "simulate", WOMAN, "--plan", PLAN, "-n", "1", option, value)
    assert code != 0 and told in err and "Traceback" not in err


def test_a_day_without_a_plan_is_no_change(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "simulate", "woman, 62 y, trains 3 times a week", "-n", "2", "--days", "2",
                        "--show", "body_J_deg")  # fmt: skip
    assert code == 0 and "change %" not in out and "from – to" in out and "not measurable" in out
    assert out.count("what this answer does not know") == 1


def test_a_peak_still_to_come_is_not_shown_as_one(capsys: pytest.CaptureFixture[str]) -> None:
    words = (
        "simulate",
        WOMAN,
        "--plan",
        "NR 500 mg oral twice daily for 2 days",
        "-n",
        "3",
        "--show",
        "red_cell_nad",
    )
    code, out, _ = call(capsys, *words)
    assert code == 0 and "not reached by 48 h (3 of 3)" in out
    code, out, _ = call(capsys, *words, "--json")
    (row,) = json.loads(out)["rows"]
    assert row["peak_not_reached"] == {"by_h": 48.0, "persons": 3, "of": 3}
    assert row["peak"]["median"] is None and row["peak_time_h"]["median"] is None


def test_how_many_people_and_what_their_bounds_are_is_always_said(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", WOMAN, "--days", "1", "--show", "whole_blood_nad", "-n")
    _, few, _ = call(capsys, *words, "4")
    assert (
        "·  4 people" in few and "median (range)" in few and "the range of 4 people is over" in few and "90" not in few
    )
    _, many, _ = call(capsys, *words, "20")
    assert "·  20 people" in many and "median (90%)" in many and "the 90 % interval of 20 people is over" in many
    for n, interval, bounds in (("4", None, "range of 4 people"), ("20", 0.9, "90 % interval of 20 people")):
        document = json.loads(call(capsys, *words, n, "--json")[1])
        assert (document["interval"], document["bounds"], document["persons"]) == (interval, bounds, int(n))


def test_lowest_and_highest_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "simulate", WOMAN, "--plan", "fast 16 h", "-n", "2", "--show", "plasma_glucose")
    assert "from – to: medians over people of each person's lowest and highest value in the run" in out


def test_data_of_what_is_shown_and_figure_are_written(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    import pandas as pd

    for ending in ("zarr", "csv", "parquet"):
        out, figure = tmp_path / f"run.{ending}", tmp_path / f"{ending}.png"
        code, _, err = call(
            capsys, "simulate", WOMAN, "--plan", PLAN, "-n", "2", "--out", str(out), "--plot", str(figure)
        )
        assert code == 0 and out.exists(), err
        assert figure.read_bytes().startswith(b"\x89PNG")
    stored = nf.Run.load(str(tmp_path / "run.zarr"))
    assert {"whole_blood_nad", "urine_mna", "urine_mna_total"} <= set(stored.data) and "plasma_nam" not in stored.data
    whole = nf.simulate(WOMAN, PLAN, n=2, peaks=("pbmc_nad",))
    assert all(np.array_equal(stored[quantity.id], whole[quantity.id]) for quantity in stored.quantities)
    code, _, _ = call(capsys, "simulate", WOMAN, "--plan", PLAN, "-n", "2", "--out", str(out), "--all")
    table = pd.read_parquet(out)
    assert code == 0 and set(table["quantity"]) == {quantity.id for quantity in whole.quantities}
    header = (tmp_path / "run.csv").read_text().splitlines()[0]
    assert "unit" in header and "matrix" in header and "tier" in header


def test_set_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "simulate", WOMAN, "--days", "1", "-n", "2", "--set", "liver.NAMPT.Km=0.3 µM")
    assert code == 0
    assert "set by hand: liver.NAMPT.Km = 0.3 µM" in out


def test_show_chooses_the_rows(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "simulate", WOMAN, "--days", "1", "-n", "2", "--show", "liver_nad", "--json")
    assert code == 0
    assert [row["id"] for row in json.loads(out)["rows"]] == ["liver_nad"]


BASE = ("simulate", WOMAN, "--plan", PLAN, "-n", "2")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("simulate", "womann, 62 y"), "'woman'"),
        (("simulate", "woman, 620 y"), "between 18 and 110"),
        (("simulate", WOMAN, "--plan", "NRR 500 mg oral"), "did you mean 'NR'"),
        (("simulate", WOMAN, "--plan", "NR 500 mg orral"), "did you mean 'oral'"),
        (("simulate", WOMAN, "--plan", "NR 500 mgg oral"), "did you mean 'mg'"),
        (("simulate", WOMAN, "--plan", "NR -500 mg oral"), "above 0"),
        (("simulate", WOMAN, "--plan", "NR nan mg oral"), "above 0"),
        (("simulate", WOMAN, "--plan", "NR 500 kg oral"), "at most 100 g"),
        (("simulate", WOMAN, "--plan", "NR 500 mg oral daily for 900 years"), "at most 100 years"),
        (("simulate", WOMAN, "--plan", "NR 500 mg sublingual"), "no human data"),
        (("simulate", WOMAN, "--plan", "NR 500 mg oral daily"), "does not end"),
        (("simulate", WOMAN, "--plan", ""), "empty"),
        ((*BASE, "--set", "livr.NAMPT.Km=0.3 µM"), "'liver.NAMPT.Km'"),
        ((*BASE, "--set", "liver.NAMPT.Km=0.3 kg"), "liver.NAMPT.Km"),
        ((*BASE, "--set", "liver.NAMPT.Km"), "NAME=VALUE"),
        ((*BASE, "--set", "liver.NAMPT.Km=1", "--set", "liver.NAMPT.Km=2"), "given twice"),
        ((*BASE, "--set", "kidney.NAMPT.activity=1e200"), "no person could be simulated"),
        ((*BASE, "--switch", "red_cells.NAA=plasma"), "red_cells.NA"),
        ((*BASE, "--seed", "-1"), "seed"),
        ((*BASE, "--days", "nan"), "days"),
        ((*BASE, "--out", "run.doc"), ".zarr"),
        ((*BASE, "--out", "no/such/folder/run.csv"), "does not exist"),
        ((*BASE, "--plot", "figure.bmp"), ".png"),
        ((*BASE, "--plot", "no/such/folder/f.png"), "does not exist"),
        ((*BASE, "--show", "pbmc_nadd"), "'pbmc_nad'"),
        (("simulate", WOMAN, "-n", "0"), "at least one"),
        (("simulate", WOMAN, "-n", "many"), "integer"),
        (("simulate",), "Missing argument"),
        (("simulat", WOMAN), "did you mean 'simulate'"),
        (("describe", "liver.NMPT.Km"), "'liver.NAMPT.Km'"),
    ],
)
def test_bad_input_exits_2_with_words(capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str) -> None:
    code, out, err = call(capsys, *words)
    assert code == 2
    assert says in err
    assert out == "" and "Traceback" not in err


def test_describe_one_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "describe", "liver.NAMPT.Km")
    assert code == 0
    for words in ("µM", "measured", "10.1021/bi801198m", "one draw for the whole person", "loguniform"):
        assert words in out


def test_describe_all(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "describe", "--json")
    assert code == 0
    entries = json.loads(out)
    known = {"observable", "covariate", "state", "parameter", "input", "derived parameter"}
    assert known == {entry["what"] for entry in entries}
    for entry in entries:
        assert entry["unit"]
        if entry["what"] == "parameter":
            assert entry["tier"] and entry["source"] and entry["value"] is not None


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("AMPK_ULK1", ("contested link", "inhibits (taken)", "Park 2023", "activates", "10.1126/science.1196371")),
        ("drugs.rapamycin", ("input", "µM", "time 0", "drugs.rapamycin.IC50")),
        ("liver.chain.stress", ("input",)),
        ("liver.ATP", ("ATP (liver)",)),
        ("liver.LC3_digest", ("lysosomal digestion of LC3-II", "GO:0006914")),
    ],
)
def test_describe_knows_inputs_and_contested_links(
    capsys: pytest.CaptureFixture[str], name: str, says: tuple[str, ...]
) -> None:
    code, out, _ = call(capsys, "describe", name)
    assert code == 0 and all(words in out for words in says)
    assert "GO:GO:" not in out


@pytest.mark.parametrize(("name", "says"), [("liver.NAMPT", "law"), ("liver.NAD", "at rest"), ("*.CD38.Km", "SABIO")])
def test_describe_parts(capsys: pytest.CaptureFixture[str], name: str, says: str) -> None:
    code, out, _ = call(capsys, "describe", name)
    assert code == 0
    assert says in out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom nadflux.faces.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'pandas', 'xarray', 'libsbml', 'antimony', 'pint', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip().endswith("[]")


def test_simulate_from_the_cache_imports_no_parser() -> None:
    nf.simulate(WOMAN, days=1, n=1)
    code = (
        "import sys, nadflux as nf\nnf.simulate('woman, 62 y, 70 kg', 'NR 500 mg oral', n=1)\n"
        "print(sorted({'pandas', 'xarray', 'libsbml', 'antimony', 'pint', 'matplotlib'} & set(sys.modules)))"
    )
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"


@pytest.mark.parametrize(
    ("plan", "flag"),
    [
        ("NAD+ 2000 mg IV over 1 h once", "beyond data"),
        ("NR 5 g oral once", "beyond data"),
        ("NAD+ 20 mg subcutaneous once", "beyond data; no PK data"),
        ("NR 500 mg oral once", ""),
    ],
)
def test_a_dose_or_rate_beyond_any_studied_is_flagged_everywhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], plan: str, flag: str
) -> None:
    import pandas as pd

    from nadflux.faces.plot.time_course import draw_time_course

    table, store = tmp_path / "a.csv", tmp_path / "a.zarr"
    words = ["simulate", WOMAN, "--plan", plan, "-n", "2", "--days", "1", "--research"]
    code, printed, _ = call(capsys, *words, "--out", str(table))
    assert code == 0
    code, out, _ = call(capsys, *words, "--out", str(store), "--json")
    assert code == 0
    record, run = json.loads(out), nf.Run.load(str(store))
    flags = flag.split("; ") if flag else []
    assert record["flags"] == record["record"]["flags"] == run.record["flags"] == flags
    assert set(pd.read_csv(table, keep_default_na=False)["flags"]) == {flag}
    drawn = " ".join(str(draw_time_course(run, ("whole_blood_nad",)).get_supxlabel()).split()).casefold()
    for said in ("beyond data", "no PK data"):
        assert (said in printed) == (said in flags)
        assert (said.casefold() in drawn) == (said in flags)


def test_a_lived_plan_is_told_against_usual_life(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    figure = tmp_path / "day.png"
    words = ("simulate", "man, 45 y, 80 kg", "--plan", "16:8 eating window for 5 d + NR 500 mg oral daily", "-n", "2")
    code, out, err = call(capsys, *words, "--output", "autophagy", "--plot", str(figure))
    assert code == 0 and figure.read_bytes().startswith(b"\x89PNG") and "figure" in err
    for told in (
        "usual life, day 5", "plan, day 5", "from – to", "last day", "flux", "marker", "whole body", "screened",
        "autophagic degradation", "such days repeat themselves", "difference from usual days",
    ):  # fmt: skip
        assert told in out


def test_autophagy_of_an_organ_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", "man, 45 y, 80 kg", "--plan", "fast 24 h", "-n", "2", "--output", "autophagy of muscle")
    code, out, _ = call(capsys, *words, "--json")
    document = json.loads(out)
    kinds = {row["id"]: row["kind"] for row in document["rows"]}
    assert code == 0 and document["compared_with"].startswith("usual life")
    assert {name for name, kind in kinds.items() if kind == "flux"} == {f"muscle_J_{j}" for j in ("init", "seq", "deg")}
    assert set(kinds.values()) == {"flux", "marker"}
    assert all(row["lowest"]["median"] <= row["highest"]["median"] for row in document["rows"])


@pytest.mark.parametrize(
    ("plan", "output", "says"),
    [
        ("fast 36 h", "autophagy of livr", "did you mean 'liver'"),
        ("fast 36 h + meal 600 kcal at 12:00 from day 1", "autophagy", "lies within a fast"),
        ("sleep 6 h irreglar for 1 week", "autophagy", "did you mean 'irregular'"),
    ],
)
def test_lived_mistakes(capsys: pytest.CaptureFixture[str], plan: str, output: str, says: str) -> None:
    code, out, err = call(capsys, "simulate", "man, 45 y, 80 kg", "--plan", plan, "--output", output)
    assert code == 2 and out == "" and says in err


def test_sources_of_spread_apart(capsys: pytest.CaptureFixture[str]) -> None:
    words = ("simulate", WOMAN, "--plan", PLAN, "-n", "6", "--posterior", "none", "--show", "whole_blood_nad")
    code, out, _ = call(capsys, *words, "--components")
    assert code == 0
    for header in ("a person", "parameters", "between people", "assay", "as measured"):
        assert header in out
    code, out, _ = call(capsys, *words, "--components", "--json")
    document = json.loads(out)
    assert document["record"]["posterior"] == "none (priors)"
    rows = {row["figure"]: row for row in document["components"]}
    assert set(rows) == {"baseline", "end", "change_percent"}
    low, high = rows["baseline"]["measured"]
    assert low < rows["baseline"]["person"][0] and high > rows["baseline"]["person"][1]


def test_a_scenario_of_a_saved_run_gives_the_same_bits_and_the_same_table(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    first, second = (str(tmp_path / name) for name in ("first.zarr", "second.zarr"))
    plan = "NR chloride 500 mg oral daily for 2 d"
    code, table, _ = call(capsys, "simulate", WOMAN, "--plan", plan, "-n", "3", "--seed", "4", "--out", first)
    assert code == 0
    code, again, _ = call(capsys, "simulate", "--scenario", first, "--out", second)
    assert code == 0 and again == table
    one, two = nf.Run.load(first), nf.Run.load(second)
    assert one.values.tobytes() == two.values.tobytes() and one.record == two.record


def test_a_scenario_file_runs_and_says_itself_what_it_says(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "question.yaml"
    file.write_text(f"version: 1\nwho: {WOMAN}\nplan: {PLAN}\npeople: 2\noutputs: [plasma_nam]\n", encoding="utf-8")
    code, out, _ = call(capsys, "simulate", "--scenario", str(file), "--json")
    assert code == 0 and [row["id"] for row in json.loads(out)["rows"]] == ["plasma_nam"]
    code, out, _ = call(capsys, "simulate", "--scenario", str(file), "--show", "pbmc_nad", "--json")
    assert code == 0 and [row["id"] for row in json.loads(out)["rows"]] == ["pbmc_nad"]
    for words, option in ((("--seed", "1"), "--seed"), ((WOMAN,), "person"), (("--set", "a=1"), "--set")):
        code, _, err = call(capsys, "simulate", *words, "--scenario", str(file))
        assert code == 2 and f"{option} is given beside --scenario" in err
    code, _, err = call(capsys, "simulate")
    assert code == 2 and "say who" in err and "--scenario" in err


def test_a_command_does_each_thing_once(capsys: pytest.CaptureFixture[str]) -> None:
    """The plan is scheduled once, the body prepared once, the biology folder hashed once; counted wherever called."""
    calls: dict[str, int] = {}

    def record(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_name
        if event == "call" and name in ("schedule", "prepare", "hash_of_folder"):
            calls[name] = calls.get(name, 0) + 1

    sys.setprofile(record)
    try:
        plan = "NR chloride 500 mg oral twice daily for 8 weeks"
        code, _, _ = call(capsys, "simulate", WOMAN, "--plan", plan, "-n", "2")
    finally:
        sys.setprofile(None)
    assert code == 0 and calls == {"schedule": 1, "prepare": 1, "hash_of_folder": 1}
