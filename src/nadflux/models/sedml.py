"""SED-ML read and run: models with changes, time courses, steady states, repeated tasks, reports and plots as tables.

Waltemath et al. 2011, doi:10.1186/1752-0509-5-198. Levels 1 of all versions are read; what is not supported is refused
by name.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, tostring

import numpy as np

from nadflux.errors import ModelError, UnknownNameError, UnsupportedModelError
from nadflux.models.model import Model
from nadflux.network.evaluate import evaluate
from nadflux.network.expression import Expression
from nadflux.network.infix import parse_infix
from nadflux.network.model_text import read_model_text
from nadflux.network.read_omex import SEDML, Archive, is_archive, parse_xml, read_omex
from nadflux.network.write_sedml import TIME_SYMBOL

if TYPE_CHECKING:
    import pandas as pd

_ID = re.compile(r"@id\s*=\s*['\"]([^'\"]+)['\"]")
_CONCENTRATION = re.compile(r"/@initialConcentration\s*$")
_AMOUNT = re.compile(r"/@initialAmount\s*$")
_SIMULATIONS = ("uniformTimeCourse", "steadyState", "oneStep")


@dataclass(frozen=True)
class SedmlTable:
    """A report or plot: its name and a table with a column for each data set; repeated tasks have a column ``run``."""

    id: str
    name: str
    table: pd.DataFrame

    def __repr__(self) -> str:
        return f"{self.name or self.id}\n{self.table.to_string(max_rows=20, max_cols=10, index=False)}"


def run_sedml(
    text: str, load: Callable[[str], Model], *, rtol: float = 1e-6, progress: Callable[[float], object] | None = None
) -> list[SedmlTable]:
    """Run an experiment and return its reports and plots.

    Parameters
    ----------
    text : str
        SED-ML.
    load : callable
        From the source of a model, as the text names it, to the model.
    rtol : float
        Relative tolerance of the integration.
    progress : callable, optional
        Called with the fraction done.

    Raises
    ------
    UnsupportedModelError
        For tasks, changes and ranges that are not supported, by name.
    ModelError, UnknownNameError
        For a text that is not SED-ML, and references that lead nowhere.
    """
    root = parse_xml(text, "the SED-ML text")
    if _tag(root) != "sedML":
        raise ModelError(f"the text is <{_tag(root)}>, not SED-ML; give a file with a <sedML> element")
    experiment = _Experiment(root, load, rtol)
    outputs = [o for o in _children(root, "listOfOutputs") if _tag(o) in ("report", "plot2D")]
    found = []
    for k, output in enumerate(outputs, start=1):
        found.append(experiment.output(output))
        if progress is not None:
            progress(k / len(outputs))
    return found


def run_experiments(
    path: str | os.PathLike[str], *, rtol: float = 1e-6, progress: Callable[[float], object] | None = None
) -> list[SedmlTable]:
    """Run the experiments of a COMBINE archive (.omex) or of a SED-ML file beside its models.

    Parameters
    ----------
    path : str or path
    rtol : float
        Relative tolerance of the integration.
    progress : callable, optional
        Called with the fraction done of each experiment.

    Raises
    ------
    ModelError
        For a file that cannot be read, and an archive without an experiment.
    UnsupportedModelError, UnknownNameError
        As `run_sedml`.
    """
    file = Path(path)
    if is_archive(file):
        return run_archive(read_omex(file), rtol=rtol, progress=progress)
    text = read_model_text(file)
    return run_sedml(text, lambda source: Model.load(file.parent / source), rtol=rtol, progress=progress)


def run_archive(
    archive: Archive, *, rtol: float = 1e-6, progress: Callable[[float], object] | None = None
) -> list[SedmlTable]:
    """Run the experiments of a COMBINE archive, master files first, and return their reports and plots.

    Parameters
    ----------
    archive : Archive
    rtol : float
        Relative tolerance of the integration.
    progress : callable, optional
        Called with the fraction done of each experiment.

    Raises
    ------
    ModelError
        For an archive without an experiment.
    UnsupportedModelError, UnknownNameError
        As `run_sedml`.
    """
    texts = archive.of(SEDML)
    if not texts:
        raise ModelError(f"{str(archive.path)!r} holds no SED-ML file; simulate its model with Model.load")
    found: list[SedmlTable] = []
    for entry in texts:
        folder = posixpath.dirname(entry.name)
        found += run_sedml(
            entry.text,
            lambda source, folder=folder: Model(archive.model(posixpath.join(folder, source))),  # type: ignore[misc]
            rtol=rtol,
            progress=progress,
        )
    return found


class _Experiment:
    """The parts of an experiment by id, and the values of tasks that were run."""

    def __init__(self, root: Element, load: Callable[[str], Model], rtol: float) -> None:
        self._load, self._rtol = load, rtol
        self._models = _by_id(root, "listOfModels")
        self._simulations = _by_id(root, "listOfSimulations")
        self._tasks = _by_id(root, "listOfTasks")
        self._generators = _by_id(root, "listOfDataGenerators")
        self._wanted = self._variables_by_task()
        self._done: dict[str, list[dict[str, np.ndarray]]] = {}

    def output(self, output: Element) -> SedmlTable:
        """Return a report or a plot as a table; a plot has its x first."""
        import pandas as pd

        columns: dict[str, list[np.ndarray]] = {}
        if _tag(output) == "report":
            for part in _children(output, "listOfDataSets"):
                own = part.get("id", "")
                label = part.get("label") or own
                columns[f"{label} [{own}]" if label in columns else label] = self._values(part.get("dataReference", ""))
        else:
            for curve in _children(output, "listOfCurves"):
                for side in ("xDataReference", "yDataReference"):
                    name = curve.get(side, "")
                    label = self._generator(name).get("name") or name
                    columns.setdefault(label, self._values(name))
        runs = max((len(values) for values in columns.values()), default=0)
        tables = []
        for run in range(runs):
            part_columns = {label: values[min(run, len(values) - 1)] for label, values in columns.items()}
            length = max(len(v) for v in part_columns.values())
            table = pd.DataFrame({k: np.resize(v, length) for k, v in part_columns.items()})
            if runs > 1:
                table.insert(0, "run", run)
            tables.append(table)
        whole = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame()
        return SedmlTable(output.get("id", ""), output.get("name", ""), whole)

    def _generator(self, name: str) -> Element:
        if name not in self._generators:
            raise UnknownNameError("data generator", name, self._generators)
        return self._generators[name]

    def _values(self, name: str) -> list[np.ndarray]:
        """Return the values of a data generator, one array for each repetition."""
        generator = self._generator(name)
        formula = _math(generator)
        variables = list(_children(generator, "listOfVariables"))
        runs = [self._run(v.get("taskReference", "")) for v in variables]
        constants = {p.get("id", ""): float(p.get("value", "nan")) for p in _children(generator, "listOfParameters")}
        found = []
        for k in range(max((len(r) for r in runs), default=1)):
            known = {n: np.asarray(v) for n, v in constants.items()}
            for variable, run in zip(variables, runs, strict=True):
                known[variable.get("id", "")] = run[min(k, len(run) - 1)][_name_of(variable)]
            found.append(np.atleast_1d(evaluate(formula, known)))
        return found

    def _variables_by_task(self) -> dict[str, list[str]]:
        wanted: dict[str, list[str]] = {}
        for generator in self._generators.values():
            for variable in _children(generator, "listOfVariables"):
                wanted.setdefault(variable.get("taskReference", ""), []).append(_name_of(variable))
        return {task: list(dict.fromkeys(names)) for task, names in wanted.items()}

    def _run(self, name: str) -> list[dict[str, np.ndarray]]:
        """Return the values of a task, by variable, one mapping for each repetition."""
        if name not in self._done:
            if name not in self._tasks:
                raise UnknownNameError("task", name, self._tasks)
            wanted = self._wanted.get(name, [])
            self._done[name] = list(self._of_task(self._tasks[name], wanted, {}))
        return self._done[name]

    def _of_task(self, task: Element, wanted: list[str], given: Mapping[str, float]) -> Iterator[dict[str, np.ndarray]]:
        if _tag(task) == "task":
            model = self._model(task.get("modelReference", "")).set(given)
            yield self._simulated(model, self._simulations.get(task.get("simulationReference", "")), wanted)
            return
        if _tag(task) != "repeatedTask":
            raise UnsupportedModelError([(f"SED-ML {_tag(task)}", f"task {task.get('id')}")])
        if task.get("resetModel", "true").casefold() == "false":
            raise UnsupportedModelError([("SED-ML repeatedTask without resetModel", f"task {task.get('id')}")])
        inner = [self._tasks[s.get("task", "")] for s in _children(task, "listOfSubTasks")]
        if len(inner) != 1:
            raise UnsupportedModelError([("SED-ML repeatedTask of several tasks", f"task {task.get('id')}")])
        ranges = {r.get("id", ""): _range(r) for r in _children(task, "listOfRanges")}
        main = task.get("range") or next(iter(ranges))
        for k in range(len(ranges[main])):
            values = {name: np.asarray(numbers[k]) for name, numbers in ranges.items()}
            changes = {_name_of(c): float(evaluate(_math(c), values)) for c in _children(task, "listOfChanges")}
            yield from self._of_task(inner[0], wanted, {**given, **changes})

    def _model(self, name: str) -> Model:
        if name not in self._models:
            raise UnknownNameError("model", name, self._models)
        element = self._models[name]
        source = element.get("source", "")
        model = self._model(source.lstrip("#")) if source.lstrip("#") in self._models else self._load(source)
        for change in _children(element, "listOfChanges"):
            if _tag(change) != "changeAttribute":
                raise UnsupportedModelError([(f"SED-ML {_tag(change)}", f"model {name}")])
            model = model.set({_name_of(change): float(change.get("newValue", "nan"))})
        return model

    def _simulated(self, model: Model, simulation: Element | None, wanted: list[str]) -> dict[str, np.ndarray]:
        if simulation is None or _tag(simulation) not in _SIMULATIONS:
            what = "no simulation" if simulation is None else f"SED-ML {_tag(simulation)}"
            raise UnsupportedModelError([(what, "a task")])
        names = [name for name in wanted if name != TIME_SYMBOL]
        if _tag(simulation) == "steadyState":
            state = model.steady_state()
            return {name: np.array([state[name]]) for name in names} | {TIME_SYMBOL: np.array([np.inf])}
        times = _times(simulation)
        course = model.simulate(times[np.unique(times, return_index=True)[1]], select=names, rtol=self._rtol)
        shown = course.times >= float(simulation.get("outputStartTime", simulation.get("initialTime", "0")))
        return {name: course[name][shown] for name in names} | {TIME_SYMBOL: course.times[shown]}


def _times(simulation: Element) -> np.ndarray:
    """Return the times of a simulation, shape (time,), in the time unit of the model; the start is the first."""
    if _tag(simulation) == "oneStep":
        return np.array([0.0, float(simulation.get("step", "1"))])
    start, first = (float(simulation.get(k, "0")) for k in ("initialTime", "outputStartTime"))
    end = float(simulation.get("outputEndTime", "0"))
    count = int(simulation.get("numberOfSteps") or simulation.get("numberOfPoints") or 100)
    grid = np.linspace(first, end, count + 1)
    return grid if first <= start else np.concatenate([[start], grid])


def _range(element: Element) -> np.ndarray:
    """Return the values of a range, shape (value,), no unit."""
    if _tag(element) == "vectorRange":
        return np.array([float(value.text or "nan") for value in element if _tag(value) == "value"])
    if _tag(element) != "uniformRange":
        raise UnsupportedModelError([(f"SED-ML {_tag(element)}", f"range {element.get('id')}")])
    start, end = float(element.get("start", "0")), float(element.get("end", "0"))
    count = int(element.get("numberOfSteps") or element.get("numberOfPoints") or 0) + 1
    return np.geomspace(start, end, count) if element.get("type") == "log" else np.linspace(start, end, count)


def _name_of(element: Element) -> str:
    """Return what a target or symbol names: an id, ``[S]`` or ``amount(S)`` as for a simulation."""
    if element.get("symbol"):
        symbol = element.get("symbol", "")
        if symbol != TIME_SYMBOL:
            raise UnsupportedModelError([(f"SED-ML symbol {symbol}", f"variable {element.get('id')}")])
        return symbol
    target = element.get("target", "")
    ids = _ID.findall(target)
    if not ids:
        raise UnsupportedModelError([(f"SED-ML target {target!r}", "which names no element by its id")])
    if len(ids) > 1 and "arameter[" in target.rpartition("/")[0] + target.rpartition("/")[2] and "eaction[" in target:
        return f"{ids[-2]}.{ids[-1]}"
    if _CONCENTRATION.search(target):
        return f"[{ids[-1]}]"
    return f"amount({ids[-1]})" if _AMOUNT.search(target) else ids[-1]


def _math(element: Element) -> Expression:
    """Return the formula of an element in MathML."""
    import libsbml

    for child in element:
        if _tag(child) == "math":
            node = libsbml.readMathMLFromString(tostring(child, encoding="unicode"))
            text = libsbml.formulaToL3String(node) if node is not None else None
            if text is None:
                raise ModelError(f"the formula of {element.get('id')!r} cannot be read")
            return parse_infix(text)
    raise ModelError(f"{_tag(element)} {element.get('id')!r} has no formula")


def _children(element: Element, group: str) -> Iterator[Element]:
    for child in element:
        if _tag(child) == group:
            yield from child


def _by_id(root: Element, group: str) -> dict[str, Element]:
    return {child.get("id", ""): child for child in _children(root, group)}


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]
