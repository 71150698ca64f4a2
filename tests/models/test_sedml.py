"""SED-ML: time courses, changes, repeated tasks and steady states known in closed form; written and read back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

import nadflux as nf
from nadflux.errors import ModelError, UnknownNameError, UnsupportedModelError
from nadflux.faces.cli import main
from nadflux.models.sedml import run_sedml
from nadflux.network.write_omex import write_omex
from nadflux.network.write_sedml import Curve, write_sedml

TEXT = "compartment c = 2; species S in c = 8; J: S -> ; c*k*S; k = 0.5; x := 3*S;"
MATH = '<math xmlns="http://www.w3.org/1998/Math/MathML">'
HEAD = """<sedML xmlns="http://sed-ml.org/sed-ml/level1/version3" level="1" version="3">
<listOfSimulations>
 <uniformTimeCourse id="course" initialTime="0" outputStartTime="1" outputEndTime="3" numberOfPoints="2">
 <algorithm kisaoID="KISAO:0000019"/></uniformTimeCourse>
 <steadyState id="rest"><algorithm kisaoID="KISAO:0000407"/></steadyState>
</listOfSimulations>
<listOfModels>
 <model id="plain" language="urn:sedml:language:sbml" source="m.xml"/>
 <model id="fast" language="urn:sedml:language:sbml" source="#plain"><listOfChanges>
  <changeAttribute target="/sbml:sbml/sbml:model/sbml:listOfParameters/sbml:parameter[@id='k']/@value" newValue="1"/>
  <changeAttribute target="//sbml:species[@id='S']/@initialConcentration" newValue="4"/></listOfChanges></model>
</listOfModels>
"""
TASKS = f"""<listOfTasks>
 <task id="one" modelReference="fast" simulationReference="course"/>
 <task id="base" modelReference="plain" simulationReference="course"/>
 <repeatedTask id="many" range="r" resetModel="true">
  <listOfRanges><vectorRange id="r"><value>0.5</value><value>2</value></vectorRange></listOfRanges>
  <listOfChanges><setValue modelReference="plain" target="//sbml:parameter[@id='k']">
   {MATH}<apply><times/><cn>2</cn><ci>r</ci></apply></math></setValue></listOfChanges>
  <listOfSubTasks><subTask order="1" task="base"/></listOfSubTasks></repeatedTask>
</listOfTasks>
<listOfDataGenerators>
 <dataGenerator id="t" name="time"><listOfVariables>
  <variable id="vt" taskReference="one" symbol="urn:sedml:symbol:time"/></listOfVariables>{MATH}<ci>vt</ci></math>
 </dataGenerator>
 <dataGenerator id="s" name="twice S"><listOfVariables>
  <variable id="vs" taskReference="one" target="//sbml:species[@id='S']"/></listOfVariables>
  {MATH}<apply><times/><cn>2</cn><ci>vs</ci></apply></math></dataGenerator>
 <dataGenerator id="m" name="S of many"><listOfVariables>
  <variable id="vm" taskReference="many" target="//sbml:species[@id='S']"/></listOfVariables>{MATH}<ci>vm</ci></math>
 </dataGenerator>
</listOfDataGenerators>
<listOfOutputs>
 <report id="a"><listOfDataSets><dataSet id="d1" label="time" dataReference="t"/>
  <dataSet id="d2" label="2S" dataReference="s"/></listOfDataSets></report>
 <report id="b"><listOfDataSets><dataSet id="d3" label="S" dataReference="m"/></listOfDataSets></report>
 <plot2D id="p"><listOfCurves><curve id="c" xDataReference="t" yDataReference="s"/></listOfCurves></plot2D>
</listOfOutputs></sedML>"""


def load(source: str) -> nf.Model:
    """The model, whatever the source."""
    assert source == "m.xml"
    return nf.Model.load(TEXT)


def test_changes_repeats_and_formulas() -> None:
    first, many, plot = run_sedml(HEAD + TASKS, load, rtol=1e-9)
    np.testing.assert_allclose(first.table["time"], [1, 2, 3])
    np.testing.assert_allclose(first.table["2S"], 8 * np.exp(-first.table["time"]), rtol=1e-7)
    assert list(many.table["run"]) == [0, 0, 0, 1, 1, 1]
    np.testing.assert_allclose(many.table["S"], 8 * np.exp(-np.outer([1, 4], [1, 2, 3]).ravel()), rtol=1e-7)
    assert list(plot.table.columns) == ["time", "twice S"]


def test_steady_state() -> None:
    text = (HEAD + TASKS).replace(
        'modelReference="fast" simulationReference="course"', 'modelReference="fast" simulationReference="rest"'
    )
    text = text.replace("m.xml", "m.xml")
    (table, *_) = run_sedml(text, lambda source: nf.Model.load("-> S; v; S -> ; k*S; v = 3; k = 2; S = 0;"))
    assert table.table["2S"][0] == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("old", "new", "kind", "said"),
    [
        ("vectorRange", "functionalRange", UnsupportedModelError, "functionalRange"),
        ("changeAttribute", "addXML", UnsupportedModelError, "addXML"),
        ('taskReference="many"', 'taskReference="may"', UnknownNameError, "did you mean 'many'"),
        ("<sedML", "<!DOCTYPE a><sedML", ModelError, "entities"),
        ("species[@id='S']", "species[@id='SS']", UnknownNameError, "did you mean 'S'"),
    ],
)
def test_what_is_not_supported_is_named(old: str, new: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        run_sedml((HEAD + TASKS).replace(old, new), load)


def test_an_archive_written_here_is_read_and_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = nf.Model.load(TEXT)
    text = write_sedml([Curve("S", "species", "S (uM)"), Curve("x", "parameter", "x")], 4.0, 4)
    archive = write_omex(model.network, tmp_path / "m.omex", sedml=text)
    with zipfile.ZipFile(archive) as file:
        assert 'sed-ml.level-1.version-3" master="true"' in file.read("manifest.xml").decode()
    report, plot = nf.run_experiments(archive)
    np.testing.assert_allclose(report.table["x"], 24 * np.exp(-0.5 * report.table["time"]), rtol=1e-5)
    assert len(plot.table) == 5
    with pytest.raises(SystemExit) as stopped:
        main(["run", str(archive), "--experiments", "--out", str(tmp_path / "a.csv")])
    assert stopped.value.code == 0
    assert "S (uM)" in capsys.readouterr().out
    assert (tmp_path / "a.csv").read_text().startswith("time,S (uM),x")


def test_an_archive_without_experiment_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no SED-ML"):
        nf.run_experiments(nf.Model.load(TEXT).save(tmp_path / "m.omex"))
