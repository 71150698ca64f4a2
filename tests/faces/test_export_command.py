"""``nadflux export``: files that read back as the shipped body."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from nadflux.faces.cli import main
from nadflux.network.assemble import assemble
from nadflux.network.evaluate import initial_values
from nadflux.network.read_antimony import read_antimony
from nadflux.network.read_sbml import read_sbml


def export(*words: object) -> int:
    """Exit code of the command."""
    with pytest.raises(SystemExit) as stopped:
        main([str(word) for word in ("export", *words)])
    return int(stopped.value.code or 0)


def test_files_read_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sbml, antimony, omex = (tmp_path / name for name in ("b.xml", "b.ant", "b.omex"))
    assert export("--sbml", sbml, "--antimony", antimony, "--omex", omex, "--start", "formulas") == 0
    assert "species" in capsys.readouterr().out
    body = assemble().model
    again = read_sbml(sbml)
    assert list(again.species) == list(body.species)
    assert {s.id: s.term for s in again.species.values()} == {s.id: s.term for s in body.species.values()}
    assert set(again.initial_assignments) == set(body.initial_assignments)
    assert set(read_antimony(antimony).reactions) == set(body.reactions)
    with zipfile.ZipFile(omex) as archive:
        assert archive.read("model.xml").decode() == sbml.read_text(encoding="utf-8")


def test_numbers_start_where_formulas_do(tmp_path: Path) -> None:
    file = tmp_path / "b.xml"
    assert export("--sbml", file) == 0
    again, body = read_sbml(file), assemble().model
    assert not again.initial_assignments and body.initial_assignments
    numbers, formulas = initial_values(again), initial_values(body)
    assert numbers.keys() == formulas.keys()
    for name, value in formulas.items():
        assert float(numbers[name]) == pytest.approx(float(value), rel=1e-12, abs=1e-12), name


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "nothing to write"),
        (["--sbml", "{}/absent/b.xml"], "cannot write"),
        (["--sbml", "{}/b.xml", "--start", "number"], "numbers"),
        (["--sbml", "{}/b.xml", "--switch", "nonsense"], "NAME=VALUE"),
        (["--sbml", "{}/b.xml", "--switch", "nonsense=1"], "nonsense"),
    ],
)
def test_bad_options(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    assert export(*(word.format(tmp_path) for word in words)) == 2
    assert said in capsys.readouterr().err


def test_a_failed_export_keeps_the_former_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {"--sbml": tmp_path / "b.xml", "--antimony": tmp_path / "b.ant", "--omex": tmp_path / "b.omex"}
    for file in files.values():
        file.write_text("former")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    for option, file in files.items():
        assert export(option, file) == 2
        assert "No space left" in capsys.readouterr().err
        assert file.read_text() == "former"
    assert sorted(tmp_path.iterdir()) == sorted(files.values())


@pytest.mark.slow
def test_a_person_under_a_plan_has_curves(tmp_path: Path) -> None:
    import nadflux as nf

    who, plan = "woman, 62 y, 70 kg", "NR chloride 500 mg oral twice daily for 2 days"
    omex = tmp_path / "p.omex"
    assert export("--omex", omex, "--person", who, "--plan", plan) == 0
    model = nf.Model.load(omex)
    times = np.linspace(0, 48, 17)
    found = model.simulate(times, select=["whole_blood_nad", "urine_mna"])
    run = nf.simulate(
        who,
        plan,
        n=1,
        uncertainty=False,
        spread=False,
        times=times,
        outputs=["whole_blood_nad", "urine_mna"],
        rtol=1e-6,
    )
    for name in found.names:
        np.testing.assert_allclose(found[name], np.ravel(run[name]), rtol=1e-4)
    assert found["whole_blood_nad"].max() > 1.02 * found["whole_blood_nad"][0]
    with zipfile.ZipFile(omex) as archive:
        assert "whole_blood_nad" in archive.read("simulation.sedml").decode()


def test_a_plan_needs_a_person(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export("--sbml", tmp_path / "p.xml", "--plan", "NR chloride 500 mg oral daily") == 2
    assert "--person" in capsys.readouterr().err
