"""Commands, calls of the Python interface and surroundings of a process, right and with something odd in them."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from documents import ODD_VALUES, pick_value
from grammar import damaged, outputs, person, pick, plan, quantity, setting


def environment(rng: Random) -> str:
    """Return variables of the environment as JSON; null stands for one that is not there."""
    names = (
        "NADFLUX_CACHE_DIR", "NADFLUX_DEBUG", "TERM", "COLUMNS", "LANG", "LC_ALL", "HOME", "NO_COLOR", "TMPDIR",
        "PYTHONIOENCODING", "XDG_CACHE_HOME", "LINES", "TZ", "MPLBACKEND", "OMP_NUM_THREADS", "FORCE_COLOR",
        "TTY_COMPATIBLE",
    )  # fmt: skip
    values = (
        "", "0", "1", "-5", "x", "dumb", "99999999999", "/", "/dev/null", "/no/such", "C", "tr_TR.UTF-8", "ascii",
        "cp1252:strict", "latin-1", "é💊", "\n", "a" * 3000, None,
    )  # fmt: skip
    chosen = {pick(rng, names): values[rng.randrange(len(values))] for _ in range(1 + rng.randrange(3))}
    if chosen.get("PYTHONIOENCODING") not in ("ascii", "cp1252:strict", "latin-1"):
        chosen.pop("PYTHONIOENCODING", None)  # with any other one Python itself does not start
    return json.dumps(chosen)


def command(rng: Random) -> str:
    """Return the words of one command, as JSON, for few people and one day."""
    kind = rng.randrange(8)
    if kind <= 3:
        words = ["simulate", damaged(rng, person(rng)) if rng.random() < 0.4 else "woman, 62 y, 70 kg, 168 cm"]
        if rng.random() < 0.8:
            words += ["--plan", _maybe_damaged(rng, plan(rng))]
        if rng.random() < 0.4:
            words += ["--set", _maybe_damaged(rng, setting(rng))]
        if rng.random() < 0.4:
            words += ["--show", _maybe_damaged(rng, outputs(rng))]
        if rng.random() < 0.2:
            words.append(pick(rng, ("--json", "--components")))
        if rng.random() < 0.2:
            words += [pick(rng, ("--out", "--plot")), pick(rng, _TARGETS)]
        return json.dumps([*words, "-n", pick(rng, ("1", "2", "2", "2", "0", "-1", "x")), "--days", _days(rng)])
    if kind == 4:
        return json.dumps(["describe", pick(rng, (_parameter(rng), damaged(rng, _parameter(rng)), "liver*", "[", "*"))])
    if kind == 5:
        return json.dumps(["plans", damaged(rng, plan(rng)), *(["--days", _days(rng)] if rng.random() < 0.5 else [])])
    if kind == 6:
        return json.dumps(["fluxes", _maybe_damaged(rng, person(rng)), "-n", "2"])
    return json.dumps([damaged(rng, word) for word in ("simulate", "woman, 62 y", "-n", "1", "--days", "1")])


def call(rng: Random) -> str:
    """Return one call of the Python interface, as JSON: a function and its arguments, one or two of them odd."""
    name = pick(rng, tuple(_CALLS))
    arguments: dict[str, Any] = dict(_CALLS[name])
    for _ in range(1 + rng.randrange(2)):
        key = pick(rng, tuple(_CALLS[name]) + _MORE.get(name, ()))
        arguments[key] = pick_value(
            rng, (*ODD_VALUES, 200, 60, "whole_blood_nad", [0, 1], "woman, 62 y", quantity(rng))
        )
    return json.dumps([name, arguments])


def _maybe_damaged(rng: Random, text: str) -> str:
    return damaged(rng, text) if rng.random() < 0.4 else text


def _days(rng: Random) -> str:
    return pick(rng, ("1", "1", "1", "1", "0.5", "0.1", "0", "-1", "nan", "inf", "1e9", "٣", "x"))


def _parameter(rng: Random) -> str:
    return setting(rng).partition("=")[0]


_TARGETS = (
    "run.zarr", "run.csv", "run.parquet", "figure.png", "figure.svg", "run", "", " ", ".", "/", "/no/such/run.csv",
    "/dev/full", "/dev/null", "~/run.csv", "é💊.csv", "a\x00b.csv", "a\nb.csv", "%s.csv", "-.csv", "x" * 300 + ".csv",
    "run.CSV", "run.zarr/",
)  # fmt: skip
_CALLS: dict[str, dict[str, Any]] = {
    "Person": {"sex": "woman", "age": 62, "weight": 70, "height": 168},
    "Cohort": {"n": 2, "age": {"mean": 50, "sd": 8}, "female": 0.5},
    "Distribution": {"mean": 50, "sd": 8},
    "simulate": {"who": "woman, 62 y", "plan": "NR chloride 500 mg oral once", "n": 1, "days": 0.25},
}
_MORE = {
    "Person": ("habits",),
    "Cohort": ("habits", "name", "weight", "bmi", "height"),
    "simulate": (
        "seed", "set", "times", "outputs", "peaks", "people", "group", "posterior", "switches", "body", "rtol",
        "threads",
    ),
}  # fmt: skip
