"""PEtab problems: a likelihood known in closed form, both versions, and three published problems."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import nadflux as nf
from nadflux.errors import ModelError, TableError, UnknownNameError
from nadflux.faces.cli import main
from nadflux.models.petab_problem import read_petab
from nadflux.models.petab_score import log_likelihood, score_petab

MODEL = "S -> ; k*S; S = 2; k = 1; x := 3*S; r = 0; -> R; r; R -> ; R; R = 0;"
PUBLISHED = {  # negative log-likelihood at the nominal values, as the benchmark collection states it
    "Boehm_JProteomeRes2014": 138.22199693517703,
    "Fujita_SciSignal2010": -53.08377736998929,
    "Brannmark_JBC2010": 141.88920437,
}


def write(folder: Path, **tables: str) -> Path:
    """Write a problem of version 1; columns are separated by two spaces or more."""
    files = {
        "parameters": "parameterId parameterScale lowerBound upperBound nominalValue estimate\n"
        "k log10 0.01 10 0.5 1\nscale lin 0 10 4 0\nsd lin 0 1 0.1 1",
        "conditions": "conditionId S\nlow 1\nhigh scale",
        "observables": "observableId observableFormula observableTransformation noiseFormula noiseDistribution\n"
        "a observableParameter1_a*S lin noiseParameter1_a normal\nb x log10 sd normal\nc S log sd laplace",
        "measurements": "observableId simulationConditionId measurement time observableParameters noiseParameters\n"
        "a low 2.5 1 scale 0.2\nb high 7.0 2 - -\nc high 1.2 2 - -",
        **tables,
    }
    for name, text in files.items():
        lines = ["\t".join("" if cell == "-" else cell for cell in line.split(" ")) for line in text.split("\n")]
        (folder / f"{name}.tsv").write_text("\n".join(lines) + "\n")
    nf.Model.load(MODEL).save(folder / "model.xml")
    problem = folder / "problem.yaml"
    problem.write_text(
        "format_version: 1\nparameter_file: parameters.tsv\nproblems:\n- condition_files: [conditions.tsv]\n"
        "  measurement_files: [measurements.tsv]\n  observable_files: [observables.tsv]\n  sbml_files: [model.xml]\n"
    )
    return problem


def wanted() -> float:
    """The log-likelihood of the problem above: S = S0 exp(-k t) with k = 0.5."""
    first = -0.5 * math.log(2 * math.pi * 0.2**2) - 0.5 * ((2.5 - 4 * math.exp(-0.5)) / 0.2) ** 2
    left = (math.log10(7.0) - math.log10(12 * math.exp(-1))) / 0.1
    second = -0.5 * math.log(2 * math.pi * 0.1**2) - math.log(7.0 * math.log(10)) - 0.5 * left**2
    third = -math.log(2 * 0.1) - math.log(1.2) - abs(math.log(1.2) - math.log(4 * math.exp(-1))) / 0.1
    return first + second + third


def test_version_1_in_closed_form(tmp_path: Path) -> None:
    problem = read_petab(write(tmp_path))
    found = score_petab(problem)
    assert found.log_likelihood == pytest.approx(wanted(), rel=1e-6)
    np.testing.assert_allclose(found.simulated, [4 * math.exp(-0.5), 12 * math.exp(-1), 4 * math.exp(-1)], rtol=1e-7)
    assert list(found.frame()["noise"]) == [0.2, 0.1, 0.1]
    assert score_petab(problem, {"k": 1.0}).log_likelihood != found.log_likelihood
    with pytest.raises(UnknownNameError, match="'kk'"):
        score_petab(problem, {"kk": 1.0})


def test_rest_before_the_start(tmp_path: Path) -> None:
    tables = {
        "conditions": "conditionId r\nrest 2\noff 0",
        "observables": "observableId observableFormula noiseFormula\na R 0.1",
        "measurements": "observableId preequilibrationConditionId simulationConditionId measurement time\n"
        "a rest off 2 0\na rest off 1 1\na rest rest 2 inf",
    }
    found = score_petab(read_petab(write(tmp_path, **tables)))
    np.testing.assert_allclose(found.simulated, [2.0, 2 * math.exp(-1), 2.0], rtol=1e-7)


def test_version_2_with_periods(tmp_path: Path) -> None:
    write(
        tmp_path,
        parameters="parameterId lowerBound upperBound nominalValue estimate\nk 0.01 10 0.5 true\nd 0 10 3 false",
        conditions="conditionId targetId targetValue\nfast k 2*k\ngive S d+1",
        experiments="experimentId time conditionId\ne 0 -\ne 1 fast\ne 1 give",
        observables="observableId observableFormula noiseFormula noiseDistribution observablePlaceholders\n"
        "a f*S 0.1 log-normal f\nc S 0.1 normal -",
        measurements="observableId experimentId measurement time observableParameters\n"
        "a e 2 0.5 10\nc e 1 2 -\nc e 4 1 -",
    )
    problem = tmp_path / "two.yaml"
    problem.write_text(
        "format_version: 2.0.0\nparameter_files: [parameters.tsv]\nmodel_files: {m: {location: model.xml, language: "
        "sbml}}\ncondition_files: [conditions.tsv]\nexperiment_files: [experiments.tsv]\n"
        "measurement_files: [measurements.tsv]\nobservable_files: [observables.tsv]\n"
    )
    found = score_petab(read_petab(problem))
    np.testing.assert_allclose(found.simulated, [20 * math.exp(-0.25), 4 * math.exp(-1), 4.0], rtol=1e-7)
    left = (math.log(2) - math.log(20 * math.exp(-0.25))) / 0.1
    assert found.frame()["residual"][0] == pytest.approx(left, rel=1e-6)


@pytest.mark.parametrize(
    ("tables", "kind", "said"),
    [
        ({"measurements": "observableId simulationConditionId measurement\na low 1"}, TableError, "no column 'time'"),
        ({"measurements": "observableId simulationConditionId measurement time\nq low 1 1"}, UnknownNameError, "'q'"),
        ({"measurements": "observableId simulationConditionId measurement time\nb lo 1 1"}, UnknownNameError, "'lo'"),
        ({"measurements": "observableId simulationConditionId measurement time\nb low x 1"}, TableError, "'x' is no"),
    ],
)
def test_faults_are_named(tmp_path: Path, tables: dict[str, str], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        read_petab(write(tmp_path, **tables))


def test_no_problem(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("a: 1\n")
    with pytest.raises(ModelError, match="format_version"):
        read_petab(tmp_path / "a.yaml")


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words, code in ((["--out", str(tmp_path / "a.csv")], 0), (["--set", "k=x"], 2)):
        with pytest.raises(SystemExit) as stopped:
            main(["petab", str(write(tmp_path)), *words])
        assert stopped.value.code == code
    assert f"log-likelihood {wanted():.6f}" in capsys.readouterr().out
    assert (tmp_path / "a.csv").read_text().startswith("observable,experiment,time,measurement")


def test_the_same_likelihood_as_the_library(tmp_path: Path) -> None:
    library = pytest.importorskip("petab.v1", reason="needs petab (extra 'petab')")
    calculate = pytest.importorskip("petab.v1.calculate")
    file = write(tmp_path)
    problem, found = library.Problem.from_yaml(str(file)), score_petab(read_petab(file))
    simulated = problem.measurement_df.rename(columns={"measurement": "simulation"}).assign(simulation=found.simulated)
    tables = (problem.measurement_df, simulated, problem.observable_df, problem.parameter_df)
    assert calculate.calculate_llh(*tables) == pytest.approx(found.log_likelihood, rel=1e-9)
    assert calculate.calculate_chi2(*tables) == pytest.approx(found.chi2, rel=1e-9)


def test_a_problem_written_here_scores_as_it_should(tmp_path: Path) -> None:
    times = np.array([0.5, 1.0, 2.0])
    data = pd.DataFrame({"time": times, "S": 2 * np.exp(-0.6 * times), "x": [5.0, np.nan, 2.0]})
    model = nf.Model.load(MODEL).set(k=0.5)
    file = model.write_petab(tmp_path / "p", data, {"k": (0.1, 10)}, error={"S": 0.05, "x": 0.2})
    found = score_petab(read_petab(file))
    exact = 2 * np.exp(-0.5 * times)
    wide = {"S": np.sqrt(np.log1p(0.05**2)), "x": np.sqrt(np.log1p(0.2**2))}
    total = 0.0
    for name, factor in (("S", 1.0), ("x", 3.0)):
        for value, mean in zip(data[name], factor * exact, strict=True):
            if np.isfinite(value):
                left = np.log(value / mean) / wide[name]
                total += -0.5 * math.log(2 * math.pi * wide[name] ** 2) - math.log(value) - 0.5 * left**2
    assert found.log_likelihood == pytest.approx(total, rel=1e-6)
    library = pytest.importorskip("petab.v1", reason="needs petab (extra 'petab')")
    assert not library.lint_problem(library.Problem.from_yaml(str(file)))


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_problems(name: str, shared_dir: Path) -> None:
    file = shared_dir / "petab" / name / f"{name}.yaml"
    if not file.exists():
        pytest.skip(f"needs {file.name} of the shared inputs")
    problem = read_petab(file)
    found = score_petab(problem)
    assert found.log_likelihood == pytest.approx(-PUBLISHED[name], abs=2e-5)
    assert log_likelihood(problem, found.simulated, found.noise) == found.log_likelihood
