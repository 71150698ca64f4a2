"""One input of each kind put to nadflux: what comes back is a value, a refusal, or what must not be."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import json
import math
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import calls
import documents
import folders
import grammar
import numpy as np

from nadflux.errors import NadfluxError

LONGEST_S = 5.0
VALUE, REFUSAL, UNEXPECTED = "value", "refusal", "unexpected"
_PYTHON_SPEAKS = re.compile(
    r"object has no attribute|not subscriptable|NoneType|not iterable|unhashable|list index out of range|"
    r"invalid literal for|could not convert string|positional argument|keyword argument|unsupported operand|"
    r"not supported between|recursion depth|expected str|<class '|must be str, not"
)


class HangError(BaseException):
    """An answer that takes too long; not an `Exception`, so that nothing on its way keeps it."""


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What came of one input: ``value``, ``refusal`` or ``unexpected``, what was said, and where it went wrong."""

    word: str
    said: str = ""
    place: str = ""


@dataclasses.dataclass(frozen=True)
class Kind:
    """One kind of input: how it is made and how it is asked; ``runs`` where an answer takes a simulation."""

    name: str
    make: Callable[[Random], str]
    ask: Callable[[str], object]
    runs: bool = False
    weight: int = 1


def outcome(kind: Kind, case: str) -> Outcome:
    """Return what nadflux makes of an input within `LONGEST_S` seconds of the processor's time."""
    start = time.process_time()
    try:
        with _time_limit(LONGEST_S), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            value = kind.ask(case)
    except NadfluxError as error:
        said = str(error)
        if not said.strip() or _PYTHON_SPEAKS.search(said):
            return Outcome(UNEXPECTED, f"refused in Python's words: {said[:300]}", _place(error))
        return Outcome(REFUSAL, said)
    except HangError as error:
        return Outcome(UNEXPECTED, f"no answer within {LONGEST_S:g} s", _place(error))
    except Exception as error:
        return Outcome(UNEXPECTED, f"{type(error).__name__}: {error}"[:400], _place(error))
    if time.process_time() - start > LONGEST_S:
        return Outcome(UNEXPECTED, f"no answer within {LONGEST_S:g} s", "outside Python")
    bad = _not_finite(value)
    return Outcome(UNEXPECTED, f"{bad} in a value, without a word") if bad else Outcome(VALUE)


def _place(error: BaseException) -> str:
    """The innermost lines of nadflux that the error passed."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f"{os.sep}nadflux{os.sep}" in f.filename]
    return " < ".join(f"{Path(f.filename).name}:{f.name}" for f in reversed(frames[-3:]))


@contextlib.contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    def stop(*_: object) -> None:
        raise HangError

    timers = ((signal.ITIMER_PROF, signal.SIGPROF, seconds), (signal.ITIMER_REAL, signal.SIGALRM, 12 * seconds))
    before = {sign: signal.signal(sign, stop) for _, sign, _ in timers}
    for timer, _, limit in timers:
        signal.setitimer(timer, limit)
    try:
        yield
    finally:
        for timer, sign, _ in timers:
            signal.setitimer(timer, 0.0)
            signal.signal(sign, before[sign])


def _not_finite(value: object) -> str:
    """Where a value holds NaN or infinity; empty where it does not."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and not np.isfinite(value).all():
        return "NaN or inf"
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return next((found for found in map(_not_finite, value) if found), "")
    return ""


def ask_quantity(case: str) -> object:
    from nadflux import units

    value, unit = units.parse_quantity(case)
    return value, units.convert(value, unit, unit), units.compatible(unit, "mg")


def ask_person(case: str) -> object:
    from nadflux.plans.language.person import read_person

    person = read_person(case)
    assert read_person(str(person)) == person, f"{case!r} is written as {str(person)!r}, which reads as another person"
    return person


def ask_plan(case: str) -> object:
    from nadflux.plans import parse_plan
    from nadflux.plans.schedule import schedule

    plan = parse_plan(case)
    assert parse_plan(str(plan)) == plan, f"{case!r} is written as {str(plan)!r}, which reads as another plan"
    found = schedule(plan, days=3.0)
    assert not math.isnan(found.over_h), f"{case!r} ends at no time"
    return plan, dataclasses.replace(found, over_h=0.0)  # infinite where a plan has no end


def ask_plan_document(case: str) -> object:
    from nadflux.plans import from_yaml, to_yaml

    plan = from_yaml(case)
    assert from_yaml(to_yaml(plan)) == plan, f"{case!r} does not read back as the same plan"
    return plan


def ask_setting(case: str) -> object:
    from nadflux.faces.cli._options import pairs
    from nadflux.simulation.parameters import read_overrides
    from nadflux.simulation.select_body import prepare_for

    settings = pairs([case], "--set", "liver.NAMPT.Km='0.3 µM'")
    return read_overrides(prepare_for(None, settings=settings), settings)


def ask_outputs(case: str) -> object:
    from nadflux.faces.cli._options import listed
    from nadflux.simulation.compiled import prepare
    from nadflux.simulation.output_names import expand

    return expand(listed([case], "--show"), prepare(body="whole").body.observables)


def ask_study(case: str) -> object:
    from nadflux.studies.published.read import read_study

    with _scratch() as folder:
        file = folder / "study.yaml"
        file.write_bytes(case.encode("utf-8", "surrogatepass" if "\ud800" in case else "surrogateescape"))
        return read_study(file).model_dump()


def ask_model(case: str) -> object:
    return _model(case).id


def ask_posterior(case: str) -> object:
    from nadflux.simulation.select_posterior import find_posterior

    with _scratch() as folder:
        place = folder / "p.zarr"
        shutil.copytree(_right_posterior(), place)
        folders.apply_edits(place, json.loads(case))
        found, _ = find_posterior(_body(), place)
        assert found is not None
        about = [found.about(name) for name in found.names]
        uses = (
            found.fitted,
            found.informing,
            found.ways("whole_blood_nad"),
            [found.without(s).version for s in found.left_out],
        )
        return (
            found.values,
            found.sample(np.arange(3), 0),
            found.typical(2),
            list(found.left_out.values()),
            about,
            list(uses),
        )


def ask_stored_run(case: str) -> object:
    from nadflux.simulation import Run

    with _scratch() as folder:
        place = folder / "r.zarr"
        shutil.copytree(_right_run(), place)
        folders.apply_edits(place, json.loads(case))
        run = Run.load(str(place))
        assert str(run)
        return list(run.notes)


def ask_run_of_model(case: str) -> object:
    from nadflux.sbml.simulate import run_model

    course = run_model(_model(case), np.linspace(0.0, 10.0, 6))
    return course.values


def ask_command(case: str) -> object:
    """Put words to the command line in this process; its exit code and what it printed are judged."""
    from nadflux.faces.cli import main

    said, shown = io.StringIO(), io.StringIO()
    words = json.loads(case)
    with (
        _scratch() as place,
        contextlib.chdir(place),
        contextlib.redirect_stderr(said),
        contextlib.redirect_stdout(shown),
    ):
        Path("model.ant").write_text(documents.ANTIMONY[0], encoding="utf-8")
        Path("study.yaml").write_text(documents.SHORT_STUDY, encoding="utf-8")
        try:
            main(words)
        except SystemExit as stop:
            code = stop.code
    return _judged(code, shown.getvalue(), said.getvalue())


def ask_environment(case: str) -> object:
    """Put one command to a process of its own under odd variables of the environment."""
    changes = json.loads(case)
    surroundings = {k: v for k, v in {**os.environ, **changes}.items() if v is not None and "\x00" not in v}
    words = [
        sys.executable,
        "-m",
        "nadflux",
        "simulate",
        "woman, 62 y",
        "-n",
        "1",
        "--days",
        "0.1",
        "--plan",
        "NR chloride 300 mg oral once",
    ]
    with _scratch() as place:  # a cache by a relative path lies there
        done = subprocess.run(words, env=surroundings, cwd=place, capture_output=True, timeout=60, check=False)
    return _judged(done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1"))


def ask_call(case: str) -> object:
    """Call the Python interface; values that are mappings of mean and sd stand for distributions."""
    import nadflux
    from nadflux.people import Cohort, Distribution, Person

    name, given = json.loads(case)
    made = {k: Distribution(**v) if isinstance(v, dict) and v.keys() == {"mean", "sd"} else v for k, v in given.items()}
    if name == "simulate":
        run = nadflux.simulate(made.pop("who"), **made)
        return run.values if not run.failures else None
    found: object = {"Person": Person, "Cohort": Cohort, "Distribution": Distribution}[name](**made)
    return str(found)


def _judged(code: object, shown: str, said: str) -> object:
    if code == 2:
        if not said.strip():
            raise AssertionError("exit code 2 without a word")
        raise NadfluxError(said)
    if code != 0 or "Traceback" in said:
        raise AssertionError(f"exit code {code}: {said[-300:]}")
    shown_badly = re.search(r"(?<![\w.])(?:nan|inf)(?!\w)", shown.lower())
    if shown_badly:
        raise AssertionError(f"shows NaN or inf: …{shown[max(0, shown_badly.start() - 80) : shown_badly.end() + 20]}")
    return None


def _model(case: str) -> Any:
    from nadflux.network.read_model import read_model

    with _scratch() as folder:
        file = folder / ("model.xml" if "<sbml" in case else "model.ant")
        file.write_bytes(case.encode("utf-8", "replace"))
        return read_model(file)


@contextlib.contextmanager
def _scratch() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="nadflux-fuzz-") as folder:
        yield Path(folder)


@lru_cache(maxsize=1)
def _body() -> Any:
    from nadflux.simulation.compiled import prepare

    return prepare().body


@lru_cache(maxsize=1)
def _kept() -> Path:
    """A folder for what is made once."""
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="nadflux-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@lru_cache(maxsize=1)
def _right_posterior() -> Path:
    from nadflux.inference.posterior_file import write_posterior
    from nadflux.simulation.select_posterior import hash_of

    body = _body()
    rows = list(body.table)[:2]
    names = [row.key for row in rows]
    values = np.abs(np.random.default_rng(0).standard_normal((10, 2))) + 0.1
    row = {"row": "S NR: a value", "kind": "value", "observables": ["whole_blood_nad"], "ways": [["NR", "oral"]]}
    parameter = {
        "prior": [1, 2, 3],
        "posterior": [1, 2, 3],
        "shrinkage": 0.5,
        "effective_samples": 9,
        "informed_by": {"S": 0.4},
    }
    record = {
        "studies": ["S"],
        "parameters": {names[0]: parameter},
        "rows": [row],
        "left_out": {"S": {"measurement": {}}},
    }
    place = _kept() / "right.zarr"
    write_posterior(
        place,
        names,
        [row.unit for row in rows],
        values,
        model_hash=hash_of(body),
        record=record,
        without={"S": values[:4]},
    )
    return place


@lru_cache(maxsize=1)
def _right_run() -> Path:
    import nadflux

    run = nadflux.simulate("woman, 62 y", "NR chloride 300 mg oral once", n=2, days=0.5, outputs=["whole_blood_nad"])
    place = _kept() / "run.zarr"
    run.save(str(place))
    return place


def _damaged(make: Callable[[Random], str]) -> Callable[[Random], str]:
    return lambda rng: grammar.damaged(rng, make(rng))


KINDS = {
    kind.name: kind
    for kind in (
        Kind("quantity", _damaged(grammar.quantity), ask_quantity, weight=4),
        Kind("person", _damaged(grammar.person), ask_person, weight=4),
        Kind("plan", _damaged(grammar.plan), ask_plan, weight=6),
        Kind("plan document", documents.plan_document, ask_plan_document, weight=2),
        Kind("setting", _damaged(grammar.setting), ask_setting, weight=3),
        Kind("outputs", _damaged(grammar.outputs), ask_outputs, weight=2),
        Kind("study", documents.study, ask_study, weight=3),
        Kind("model", documents.model, ask_model, weight=3),
        Kind("posterior", folders.posterior_edits, ask_posterior, weight=2),
        Kind("command", calls.command, ask_command, runs=True, weight=6),
        Kind("other command", calls.other_command, ask_command, runs=True, weight=4),
        Kind("call", calls.call, ask_call, runs=True, weight=3),
        Kind("run of a model", documents.model, ask_run_of_model, runs=True, weight=2),
        Kind("stored run", folders.run_edits, ask_stored_run, runs=True, weight=2),
        Kind("environment", calls.environment, ask_environment, runs=True),
    )
}


def case_of(seed: int, index: int, *, runs: bool) -> tuple[Kind, str]:
    """Return the numbered input of a seed: the same for the same numbers, whatever came before."""
    rng = Random(f"{seed}:{'run' if runs else 'parsed'}:{index}")
    kinds = [kind for kind in KINDS.values() if kind.runs is runs for _ in range(kind.weight)]
    kind = kinds[rng.randrange(len(kinds))]
    return kind, kind.make(rng)
