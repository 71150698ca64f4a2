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


def other_command(rng: Random) -> str:
    """Return the words of a command that is not asked for people under a plan, as JSON: one or two of them odd.

    What is right of them takes little time. A fit and a sensitivity, which never do, end in a refusal at the latest by
    their last words.
    """
    name = pick(rng, tuple(_OTHERS))
    words = [name, *_OTHERS[name]]
    places = [k for k in range(1, len(words)) if not words[k].startswith("-")]
    own = [word for word in words if word.startswith("-")]
    for _ in range(1 + rng.randrange(2)):
        chance = rng.random()
        if chance < 0.6:
            at = places[rng.randrange(len(places))]
            counts = words[at - 1] in _COUNTS  # a few more people or draws only take time
            words[at] = pick(rng, _WORDS) if counts or rng.random() < 0.3 else damaged(rng, words[at])
        elif chance < 0.8:
            words.append(pick(rng, _SWITCHES))
        else:
            odd = pick(rng, (*_WORDS, quantity(rng), plan(rng), person(rng), setting(rng)))
            words += [pick(rng, _OPTIONS if rng.random() < 0.5 else own), odd]
    return json.dumps([*words, *_ENDS.get(name, ())])


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
_OTHERS: dict[str, tuple[str, ...]] = {
    "trace": ("woman, 62 y", "--plan", "NR chloride 300 mg oral once", "-n", "1", "--hours", "1"),
    "compare-routes": ("--dose", "500mg", "--person", "woman, 50 y, 70 kg", "-n", "1", "--days", "2", "--organs", "x"),
    "rivals": ("woman, 62 y", "--plan", "NR chloride 300 mg oral once", "-n", "1", "--days", "1", "--link",
               "red_cells.NA", "--show", "whole_blood_nad"),
    "assay": ("--organ", "liver", "--inhibitor", "bafilomycin 100 nM for 4 h", "--condition", "fed", "--draws", "0",
              "--replicates", "3", "--noise", "0.1", "--species", "human", "--seed", "1"),
    "cell": ("--organ", "liver", "--condition", "starved 4 h", "--species", "human", "--draws", "0", "--seed", "1",
             "--ampk", "inhibits"),
    "fit": ("study.yaml", "--members", "20", "--moves", "1", "--sweeps", "4", "--people", "10", "--out", "p.zarr",
            "--seed", "1", "--model-error", "0.25"),
    "sensitivity": ("woman, 62 y", "--output", "whole_blood_nad", "--plan", "NR chloride 300 mg oral once", "--base",
                    "8", "--top", "2", "--days", "1", "--measure", "end", "--covariate", "weight"),
    "validate": ("study.yaml", "-n", "2", "--draws", "2", "--seed", "1", "--posterior", "none"),
    "export": ("--sbml", "m.xml", "--antimony", "m.ant", "--body", "nad"),
    "run": ("model.ant", "--end", "5", "--points", "6", "--start", "0", "--rtol", "1e-6", "--output", "A", "--seed",
            "1"),
    "facts": ("1", "--draws", "0", "--seed", "1"),
    "ranges": ("fed", "-n", "1", "--seed", "0"),
}  # fmt: skip
_ENDS = {"fit": ("--threads", "1000000"), "sensitivity": ("--covariate", "no such")}
_COUNTS = ("-n", "--people", "--draws", "--days", "--hours", "--base", "--points")
_SWITCHES = ("--json", "--json", "--json", "--decides", "--equal-moles", "--moieties", "--components", "--full")
_OPTIONS = (
    "-n", "--people", "--draws", "--threads", "--seed", "--days", "--hours", "--organ", "--organs", "--species",
    "--preset", "--label", "--switch", "--set", "--over", "--plot", "--out", "--report", "--omex", "--schema",
    "--measure", "--posterior", "--runs", "--resume", "--help", "--no-such",
)  # fmt: skip
_WORDS = (
    "", " ", "0", "-1", "1", "2.5", "nan", "inf", "1e9", "1000000000", "9" * 5000, "٣", "x", "liver", "all", "human",
    "mouse", "pbmc", "whole_blood_nad", "no such", "NR", "model.ant", "study.yaml", "/no/such", ".", "a\x00b", "é💊",
    "\ud800", "[", "none", "shipped", "--json", "-", "--",
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
