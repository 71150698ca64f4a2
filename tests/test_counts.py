"""Counts out of bounds are refused at once, by every command and function that takes one."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import nadflux
from nadflux.counts import check_count, check_threads
from nadflux.errors import NadfluxError, ValueOutOfRangeError
from nadflux.inference.calibrate import MOST, Options, calibrate
from nadflux.inference.cell_sensitivity import cell_sensitivity
from nadflux.inference.sensitivity import sensitivity
from nadflux.inference.study_problem import Settings
from nadflux.people import Person
from nadflux.simulation.tracer.tracer import trace
from nadflux.studies.experiments.assay import run_assay
from nadflux.studies.experiments.assay_design import preset_design
from nadflux.studies.experiments.cell_conditions import cell_conditions
from nadflux.studies.experiments.compare_routes import compare_routes
from nadflux.studies.experiments.facts import check_facts
from nadflux.studies.experiments.ranges import check_ranges
from nadflux.studies.experiments.rivals import compare_rivals
from nadflux.studies.published.validate_body import validate_body

HUGE = 10**9
WHO, DOSE, NAD = "woman, 62 y", "NR chloride 300 mg oral once", "whole_blood_nad"


def person() -> Person:
    return Person("woman", 62.0)


def calibrated(**changes: object) -> Callable[[], object]:
    return lambda: calibrate((), Path("never.zarr"), Options(**changes))  # type: ignore[arg-type]


ASKED: dict[str, Callable[[], object]] = {
    "assay, replicates": lambda: run_assay(preset_design("pbmc"), replicates=HUGE),
    "assay, replicates in parts": lambda: run_assay(preset_design("pbmc"), replicates=2.5),  # type: ignore[arg-type]
    "assay, draws": lambda: run_assay(preset_design("pbmc"), draws=HUGE),
    "assay, draws below 0": lambda: run_assay(preset_design("pbmc"), draws=-1),
    "cell, draws": lambda: cell_conditions(draws=HUGE),
    "cell, base": lambda: cell_sensitivity(base=2**30),
    "facts, draws": lambda: check_facts(draws=HUGE),
    "ranges, people": lambda: check_ranges(people=HUGE),
    "ranges, no people": lambda: check_ranges(people=0),
    "ranges, threads": lambda: check_ranges(threads=HUGE),
    "validate, people": lambda: validate_body((), people=HUGE),
    "validate, draws": lambda: validate_body((), draws=HUGE),
    "validate, threads": lambda: validate_body((), threads=HUGE),
    "sensitivity, base": lambda: sensitivity(person(), None, NAD, base=2**30),
    "sensitivity, top": lambda: sensitivity(person(), None, NAD, top=HUGE),
    "sensitivity, days": lambda: sensitivity(person(), None, NAD, days=1e9),
    "sensitivity, threads": lambda: sensitivity(person(), None, NAD, threads=HUGE),
    "trace, people": lambda: trace(WHO, DOSE, n=HUGE),
    "trace, hours": lambda: trace(WHO, DOSE, hours=1e9),
    "trace, threads": lambda: trace(WHO, DOSE, threads=HUGE),
    "routes, people": lambda: compare_routes("500 mg", n=HUGE),
    "routes, days": lambda: compare_routes("500 mg", days=HUGE),
    "routes, threads": lambda: compare_routes("500 mg", threads=HUGE),
    "rivals, people": lambda: compare_rivals(WHO, DOSE, n=HUGE),
    "rivals, days": lambda: compare_rivals(WHO, DOSE, days=1e9),
    "rivals, threads": lambda: compare_rivals(WHO, DOSE, threads=HUGE),
    "simulate, people": lambda: nadflux.simulate(WHO, n=HUGE),
    "simulate, threads": lambda: nadflux.simulate(WHO, threads=HUGE),
    **{f"fit, {name}": calibrated(**{name: HUGE}) for name in MOST},
    "fit, people": calibrated(settings=Settings(people=HUGE)),
}


@pytest.mark.parametrize("asked", ASKED)
def test_count_out_of_bounds_is_refused_at_once(asked: str) -> None:
    nadflux.simulate(WHO, n=1, days=0.1)  # bodies are read
    started = time.perf_counter()
    with pytest.raises(NadfluxError, match=r"give|ask for|at most") as refused:
        ASKED[asked]()
    assert time.perf_counter() - started < 5
    assert any(said in str(refused.value) for said in ("1000000000", "1073741824", "1e+09", "2.5", "-1", "= 0"))


@pytest.mark.parametrize(
    "value", [0, -1, 11, 2.0, "5", True, None, np.nan, 10**400, pytest.param(10**5000, id="10^5000")]
)
def test_what_is_no_count(value: object) -> None:
    with pytest.raises(ValueOutOfRangeError, match=r"^blots = .{1,62}: give a whole number from 1 to 10"):
        check_count("blots", value, 10, remedy="print fewer")


def test_remedy_is_said_of_too_many_alone() -> None:
    with pytest.raises(ValueOutOfRangeError, match=r"to 10; print fewer$"):
        check_count("blots", 11, 10, remedy="print fewer")
    with pytest.raises(ValueOutOfRangeError, match=r"to 10$"):
        check_count("blots", 0, 10, remedy="print fewer")
    assert check_count("blots", np.int64(10), 10) == 10
    check_threads(None)
    with pytest.raises(ValueOutOfRangeError, match="leave it out for all cores"):
        check_threads(0)


@pytest.mark.parametrize(
    "command", ["simulate", "trace", "fluxes", "compare-routes", "rivals", "ranges", "validate", "fit"]
)
def test_people_are_counted_by_both_options(command: str) -> None:
    said = subprocess.run(
        [sys.executable, "-m", "nadflux", command, "--help"], capture_output=True, text=True, check=True
    ).stdout
    (line,) = [line for line in said.splitlines() if "--people" in line]
    assert "-n" in re.split(r"[ ,]+", line), line
