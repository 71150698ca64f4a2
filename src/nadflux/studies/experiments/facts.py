"""Published facts of cells and organs as executable checks: published value, simulated value, verdict."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nadflux.counts import MORE_DRAWS, MOST_DRAWS, check_count
from nadflux.errors import NadfluxError, StudyError, UnknownNameError
from nadflux.network.evaluate import evaluate
from nadflux.network.expression import Expression, symbols
from nadflux.network.infix import parse_infix
from nadflux.network.read_yaml import read_yaml
from nadflux.shipped import BIOLOGY
from nadflux.simulation.experiments.body_experiment import simulate_steps
from nadflux.simulation.experiments.cell_experiment import simulate_cell
from nadflux.simulation.experiments.experiment import CellRun, CellStep
from nadflux.studies.experiments.cell_endpoints import measure

SHOWN, MISSED, OUT_OF_SCOPE = "shown", "missed", "not in scope"
POINTS_PER_HOUR = 120
FINEST, COARSEST = 201, 1441
CURVE_STEP = 1.0 / 12.0


@dataclass(frozen=True, slots=True)
class FactPart:
    """One checkable part of a fact.

    Attributes
    ----------
    simulated : float or None
        None if the model has no such quantity.
    within : (float, float) or None
        The tolerance stated in ``facts.yaml``.
    verdict : str
        ``shown``, ``missed`` or ``not in scope``.
    note : str
        Reason for not being in scope, or the likely cause of a miss.
    share : float or None
        Share of draws of the tables that show it; None without draws.
    """

    name: str
    published: str
    unit: str
    within: tuple[float, float] | None
    simulated: float | None
    verdict: str
    note: str = ""
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A published fact with its parts; it is shown if every part in scope is.

    Attributes
    ----------
    use : str
        ``calibration`` if the fact was used to choose numbers of the tables, else ``check``.
    """

    id: str
    fact: str
    source: str
    use: str
    parts: tuple[FactPart, ...]

    @property
    def verdict(self) -> str:
        """``shown``, ``missed`` or ``not in scope``."""
        verdicts = {part.verdict for part in self.parts}
        if MISSED in verdicts:
            return MISSED
        return SHOWN if SHOWN in verdicts else OUT_OF_SCOPE


def check_facts(
    ids: tuple[str, ...] = (),
    *,
    draws: int = 0,
    seed: int = 0,
    file: Path | None = None,
    progress: Callable[[int, int, str], bool] | None = None,
) -> tuple[Fact, ...]:
    """Run the experiments and judge each fact against the tolerance stated beforehand.

    Parameters
    ----------
    ids : tuple of str
        Facts wanted, e.g. ``("1", "2")``; all of them by default.
    draws, seed : int
        Draws of the tables' typical values, for the share of them that shows each part; 0 for none.
    file : Path, optional
        Another table of facts, in the form of ``biology/dish/facts.yaml``.
    progress : callable, optional
        Called with (done, total, next fact); False stops and returns the finished facts.

    Raises
    ------
    UnknownNameError
        For a fact that does not exist.
    ValueOutOfRangeError
        For a negative number of draws.
    StudyError
        For a table with mistakes.
    ValueOutOfRangeError
        For a number of draws out of bounds.
    """
    content = read_facts(file)
    known = [str(fact["id"]) for fact in content["facts"]]
    for name in ids:
        if name not in known:
            raise UnknownNameError("fact", name, known)
    wanted = [fact for fact in content["facts"] if not ids or str(fact["id"]) in ids]
    check_count("draws", draws, MOST_DRAWS, least=0, remedy=MORE_DRAWS)
    runs = _Runs(content["experiments"], content.get("media", {}), draws, seed)
    done: list[Fact] = []
    for number, fact in enumerate(wanted):
        if progress is not None and not progress(number, len(wanted), str(fact["fact"])):
            break
        parts = tuple(_part(part, runs) for part in fact["parts"])
        done.append(Fact(str(fact["id"]), fact["fact"], fact["source"], fact["use"], parts))
    return tuple(done)


def verdict_counts(verdicts: Iterable[str]) -> dict[str, int]:
    """Return the numbers of shown, missed and not in scope."""
    listed = list(verdicts)
    return {verdict: listed.count(verdict) for verdict in (SHOWN, MISSED, OUT_OF_SCOPE)}


def read_facts(file: Path | None = None) -> dict[str, Any]:
    """Read the table of facts: media, experiments and facts, each fact with its parts and tolerances.

    Raises
    ------
    StudyError
        For a file that cannot be read, or a part without tolerance and without a reason for it.
    """
    content = read_yaml(file or BIOLOGY / "dish" / "facts.yaml", ("experiments", "facts"), StudyError)
    for fact in content["facts"]:
        for part in fact["parts"]:
            if "scope" not in part and len(part.get("within", ())) != 2:
                raise StudyError(f"fact {fact['id']}, {part['name']!r}: state 'within: [low, high]' or 'scope'")
    return content


class _Runs:
    """Experiments by name, each simulated once for the typical values and once for all draws."""

    def __init__(self, experiments: Mapping[str, Any], media: Mapping[str, Any], draws: int, seed: int) -> None:
        self._experiments, self._media = experiments, media
        self.draws, self._seed = draws, seed
        self._run = functools.cache(self._simulated)

    def typical(self, name: str) -> CellRun:
        return self._run(name, False)

    def member(self, name: str, number: int) -> CellRun:
        """Return one draw of an experiment; the same number is the same cell in every experiment."""
        run = self._run(name, True)
        return dataclasses.replace(run, values={k: v[number : number + 1] for k, v in run.values.items()})

    def _simulated(self, name: str, drawn: bool) -> CellRun:
        if name not in self._experiments:
            raise UnknownNameError("experiment", name, self._experiments)
        spec = self._experiments[name]
        end = float(spec["until"])
        count = int(np.clip(end * POINTS_PER_HOUR, FINEST, COARSEST))
        marks = [float(step["at"]) for step in spec.get("steps", ())]
        # just after a step as well as on it, so that a window that starts there sees the change
        grid = np.unique(np.concatenate([np.linspace(0.0, end, count), [m for m in marks if m <= end]]))
        if "person" in spec:
            return simulate_steps(
                spec["person"],
                self._steps(spec),
                settings=spec.get("settings"),
                times=grid,
                n=self.draws if drawn else 1,
                seed=self._seed,
                uncertain=drawn,
            )
        return simulate_cell(
            spec["cell"],
            species=spec["species"],
            steps=[*self._steps(spec), *_curves(spec)],
            settings=spec.get("settings"),
            times=grid,
            n=self.draws if drawn else 1,
            seed=self._seed,
            uncertain=drawn,
        )

    def _steps(self, spec: Mapping[str, Any]) -> list[CellStep]:
        steps = []
        for entry in spec.get("steps", ()):
            values = {}
            for name in (entry[key] for key in ("medium", "meal") if key in entry):
                if name not in self._media:
                    raise UnknownNameError("medium or meal", name, self._media)
                values.update(self._media[name])
            values.update({k: v for k, v in entry.items() if k not in ("at", "medium", "meal")})
            steps += [CellStep(float(entry["at"]), name, float(value)) for name, value in values.items()]
        return steps


def _curves(spec: Mapping[str, Any]) -> list[CellStep]:
    steps = []
    for name, (times, values) in spec.get("curves", {}).items():
        for time in np.arange(times[0], times[-1], CURVE_STEP):
            # the mean over the next step, which is the curve at its middle
            middle = float(np.interp(time + CURVE_STEP / 2.0, times, values))
            steps.append(CellStep(float(time), name, middle))
    return steps


def _part(part: Mapping[str, Any], runs: _Runs) -> FactPart:
    name, published, unit = str(part["name"]), str(part["published"]), str(part["unit"])
    if "scope" in part:
        return FactPart(name, published, unit, None, None, OUT_OF_SCOPE, str(part["scope"]))
    low, high = (float(bound) for bound in part["within"])
    try:
        formula = parse_infix(str(part["value"]))
        simulated = _value(part, formula, runs.typical)
        shares = [_value(part, formula, functools.partial(_member, runs, k)) for k in range(runs.draws)]
    except KeyError as error:
        raise StudyError(f"part {name!r} uses {error.args[0]!r}, which it does not define") from error
    except NadfluxError as error:
        raise StudyError(f"part {name!r}: {error}") from error
    verdict = SHOWN if low <= simulated <= high else MISSED
    share = sum(low <= value <= high for value in shares) / runs.draws if runs.draws else None
    note = str(part.get("why", "")) if verdict == MISSED else ""
    return FactPart(name, published, unit, (low, high), simulated, verdict, note, share)


def _value(part: Mapping[str, Any], formula: Expression, runs: Callable[[str], CellRun]) -> float:
    with np.errstate(all="ignore"):
        values = {s: np.asarray(measure(part[s], runs)) for s in symbols(formula)}
        return float(evaluate(formula, values))


def _member(runs: _Runs, number: int, name: str) -> CellRun:
    return runs.member(name, number)
