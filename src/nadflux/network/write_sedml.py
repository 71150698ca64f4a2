"""Writer of SED-ML Level 1 Version 3: one time course of a model, as a report and a plot.

Waltemath et al. 2011, doi:10.1186/1752-0509-5-198.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from nadflux.network._xml_outline import MATHEMATICS

_SEDML = "http://sed-ml.org/sed-ml/level1/version3"
_SBML = "http://www.sbml.org/sbml/level3/version2/core"
_METHOD = "KISAO:0000019"  # CVODE, which every tool has
TIME_SYMBOL = "urn:sedml:symbol:time"


@dataclass(frozen=True)
class Curve:
    """A quantity to show: its id in the model, what kind of element it is, and its label."""

    id: str
    kind: str
    label: str


def write_sedml(curves: Sequence[Curve], end: float, points: int, model_file: str = "model.xml") -> str:
    """Return the text of an experiment: a uniform time course from 0.

    Parameters
    ----------
    curves : sequence of Curve
        ``kind`` is ``species`` or ``parameter``.
    end : float
        In the time unit of the model.
    points : int
        Number of intervals.
    model_file : str
        Beside the experiment.
    """
    generators = [_generator("time", "time", f'symbol="{TIME_SYMBOL}"')]
    generators += [_generator(c.id, c.label, f"target={quoteattr(_target(c))}") for c in curves]
    sets = [f'<dataSet id="set_{n}" label={quoteattr(label)} dataReference="of_{n}"/>' for n, label in _named(curves)]
    lines = [
        f'<curve id="curve_{c.id}" name={quoteattr(c.label)} logX="false" logY="false" xDataReference="of_time" '
        f'yDataReference="of_{c.id}"/>'
        for c in curves
    ]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<sedML xmlns="{_SEDML}" xmlns:math="{MATHEMATICS}" xmlns:sbml="{_SBML}" level="1" version="3">
  <listOfSimulations>
    <uniformTimeCourse id="course" initialTime="0" outputStartTime="0" outputEndTime="{end!r}"
      numberOfPoints="{points}">
      <algorithm kisaoID="{_METHOD}"/>
    </uniformTimeCourse>
  </listOfSimulations>
  <listOfModels>
    <model id="model" language="urn:sedml:language:sbml" source={quoteattr(model_file)}/>
  </listOfModels>
  <listOfTasks>
    <task id="task" modelReference="model" simulationReference="course"/>
  </listOfTasks>
  <listOfDataGenerators>
    {_joined(generators)}
  </listOfDataGenerators>
  <listOfOutputs>
    <report id="report">
      <listOfDataSets>
        {_joined(sets, 8)}
      </listOfDataSets>
    </report>
    <plot2D id="plot">
      <listOfCurves>
        {_joined(lines, 8)}
      </listOfCurves>
    </plot2D>
  </listOfOutputs>
</sedML>
"""


def _named(curves: Sequence[Curve]) -> list[tuple[str, str]]:
    return [("time", "time"), *((c.id, c.label) for c in curves)]


def _target(curve: Curve) -> str:
    group = {"species": "listOfSpecies", "parameter": "listOfParameters"}[curve.kind]
    return f"/sbml:sbml/sbml:model/sbml:{group}/sbml:{curve.kind}[@id='{curve.id}']"


def _generator(name: str, label: str, source: str) -> str:
    return (
        f'<dataGenerator id="of_{name}" name={quoteattr(label)}><listOfVariables><variable id="v_{name}" '
        f'taskReference="task" {source}/></listOfVariables><math:math><math:ci>v_{name}</math:ci></math:math>'
        "</dataGenerator>"
    )


def _joined(lines: Sequence[str], indent: int = 4) -> str:
    return ("\n" + " " * indent).join(lines)
