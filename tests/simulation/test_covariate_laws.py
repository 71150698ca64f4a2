"""Laws of covariates: they reach the numbers of a body, by the kernel, and what they name must be there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from nadflux import units
from nadflux.errors import TableError
from nadflux.kernel.at_rest import AtRest
from nadflux.network.names import to_id
from nadflux.people import Covariates
from nadflux.people.covariate_table import CovariateTable
from nadflux.people.read_covariates import FILE, read_covariates, shipped_covariates
from nadflux.shipped import BIOLOGY
from nadflux.simulation import covariate_laws
from nadflux.simulation.compiled import Prepared, prepare
from nadflux.simulation.covariate_laws import apply_laws, described_targets
from nadflux.simulation.parameters import unit_of

MORE = Path(__file__).parents[1] / "people" / "more_covariates.csv"
SIZE = {"female": [1.0, 0.0], "age": [62.0, 30.0], "weight": [70.0, 80.0], "height": [165.0, 180.0]}


def _table(folder: Path, more: str) -> CovariateTable:
    file = folder / FILE
    file.write_text((BIOLOGY / FILE).read_text(encoding="utf-8") + more, encoding="utf-8")
    return read_covariates(file)


def _covariates(**others: list[float]) -> Covariates:
    return Covariates({name: np.array(values) for name, values in {**SIZE, **others}.items()})


@pytest.fixture(scope="module")
def nad() -> Prepared:
    return prepare()


def test_shipped_covariates_hand_on_their_values(nad: Prepared) -> None:
    rows = nad.parameters(2)
    before = rows.copy()
    apply_laws(nad, rows, _covariates())
    named = {f"person.{name}" for name in SIZE}
    assert described_targets() == named
    columns = [nad.program.parameters.index(to_id(name)) for name in sorted(named)]
    assert rows[:, columns].T.tolist() == [SIZE[name.removeprefix("person.")] for name in sorted(named)]
    assert np.array_equal(np.delete(rows, columns, axis=1), np.delete(before, columns, axis=1))
    for row in shipped_covariates():
        for law in row.laws:
            assert law.formula == row.name
            assert units.convert(1.0, row.unit, unit_of(nad, to_id(law.target))) == 1.0


def test_a_formula_is_evaluated_by_the_kernel(nad: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = _table(tmp_path, MORE.read_text(encoding="utf-8"))
    monkeypatch.setattr(covariate_laws, "shipped_covariates", lambda: table)
    rows = nad.parameters(2)
    apply_laws(nad, rows, _covariates(eGFR=[45.0, 90.0], insulin_sensitivity=[0.5, 1.0]))
    at_rest = AtRest(nad.body.model, nad.program.inputs)
    names = ("person__filtration", "person__filtering__now", "person__surface")
    found = at_rest.values(names, nad.program.parameters, rows)
    wanted = np.array([45.0, 90.0]) * 0.06 / 1.73 * found["person__surface"]
    assert found["person__filtration"] * found["person__filtering__now"] == pytest.approx(wanted, rel=1e-14)


@pytest.mark.parametrize(
    ("law", "says"),
    [
        ("person.weight = x * person.surfase", "line 7: .*'person.surfase'; did you mean 'person.surface'"),
        ("person.weight = x * bmi", "line 7: the law of person.weight needs bmi"),
    ],
)
def test_a_name_that_is_not_there(
    nad: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, law: str, says: str
) -> None:
    table = _table(tmp_path, f"x,,dimensionless,0,2,{law},1,1,0,0,,,assumed,s,\n")
    monkeypatch.setattr(covariate_laws, "shipped_covariates", lambda: table)
    with pytest.raises(TableError, match=says):
        apply_laws(nad, nad.parameters(2), _covariates(x=[1.0, 1.0]))


def test_the_whole_body_has_every_target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = prepare(body="whole")
    table = _table(tmp_path, "x,,dimensionless,0,2,fuels.insulin.sensitivty = x,1,1,0,0,,,assumed,s,\n")
    monkeypatch.setattr(covariate_laws, "shipped_covariates", lambda: table)
    apply_laws(prepare(), prepare().parameters(2), _covariates(x=[1.0, 1.0]))  # a smaller body may lack it
    with pytest.raises(TableError, match=r"line 7: x drives what no body has: .*'fuels.insulin.sensitivity'"):
        apply_laws(whole, whole.parameters(2), _covariates(x=[1.0, 1.0]))
