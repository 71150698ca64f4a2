"""Time from an empty shell to an answer, of a fresh installation: with an empty cache and with the one it left.

python benchmarks/first_result.py dist/nadflux-*.whl      # a wheel of `nox -s wheel`, which brings its bodies along
python benchmarks/first_result.py .                       # what `pip install .` makes of the committed files
python benchmarks/first_result.py                         # the package that this Python has

Options: [--repeats 3] [--only NAME ...] [--one-stage]

A wheel or a folder is installed in a new virtual environment, whose size is printed. Each run is a new process. Cold:
the user has no cache, as on the first call ever; what the run left there is counted: machine code that it compiled, and
other things it made. Cached: the same question again. Processor time, in seconds, is of all threads, and hardly depends
on other work of the machine. Python has its byte code, as pip writes it.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from _dosing import LIVED

ROOT = Path(__file__).resolve().parents[1]
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"
TARGET_S = 3.0
PATIENCE_S = 120.0
_WOMAN = "woman, 62 y, 70 kg"
_WHOLE = ("--body", "whole", "--show", "autophagy of liver")
QUESTIONS: dict[str, tuple[str, ...]] = {
    "README": ("simulate", _WOMAN, "--plan", PLAN),
    "README with a figure": ("simulate", _WOMAN, "--plan", PLAN, "--plot", "{folder}/figure.png"),
    "two plans": ("simulate", _WOMAN, "--plan", PLAN, "--plan", "NMN 1 g daily for 8 weeks"),
    "fluxes at rest": ("fluxes", "man, 40 y, 80 kg"),
    "tracer": ("trace", "man, 40 y", "--plan", "NR chloride 300 mg oral once"),
    "validate one study": ("validate", str(ROOT / "studies" / "Trammell2016.yaml")),
    "cell": ("cell", "--organ", "liver"),
    "LC3 assay": (
        "assay", "--organ", "liver", "--inhibitor", "bafilomycin 100 nM for 4 h", "--condition", "fed",
        "--condition", "starved 4 h",
    ),
    "one fact": ("facts", "1"),
    "an SBML file": ("run", "{model}", "--end", "100", "--points", "101"),
    "README, whole body": ("simulate", _WOMAN, "--plan", PLAN, *_WHOLE),
    "fast 36 h": ("simulate", _WOMAN, "--plan", "fast 36 h", "--output", "autophagy"),
    "changed whole body": (
        "simulate", _WOMAN, "--plan", "NR 500 mg oral once", "--days", "1", "-n", "8", "--body", "whole",
        "--switch", "AMPK_ULK1=activates",
    ),
    "8 lived weeks": ("simulate", _WOMAN, "--plan", f"{PLAN} + {LIVED}", *_WHOLE),
}  # fmt: skip
"""Words after `nadflux`, where ``{folder}`` and ``{model}`` stand for a new folder and the NAD body as SBML; the last
four are of the whole body: doses, a fast beside usual days, a body that no wheel has, doses and lived days."""

_START = "from nadflux.faces.cli import main; main()"
_ONE_STAGE = f"from nadflux.kernel import behind; behind.LARGE = 10**9; {_START}"


class Taken(NamedTuple):
    """Seconds by the clock and of the processor."""

    clock: float
    busy: float


@dataclasses.dataclass(frozen=True)
class Answer:
    """Medians of new processes, and what the first left in the cache.

    Attributes
    ----------
    cold, cached : Taken
    compiled, others : int
        Entries with machine code, and other ones.
    """

    cold: Taken
    cached: Taken
    compiled: int
    others: int


def measure(python: str, repeats: int, question: str, model: Path, start: str = _START) -> Answer:
    """Return how long a question takes in new processes, cold and cached.

    Parameters
    ----------
    python : str
    repeats : int
    question : str
        One of `QUESTIONS`.
    model : Path
        SBML file of one of them.
    start : str
        Python that runs the command line.

    Raises
    ------
    SystemExit
        If the command fails.
    """
    cold: list[Taken] = []
    cached: list[Taken] = []
    made: list[str] = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory(prefix="nadflux-first-") as folder:
            cache = Path(folder, "cache")
            words = [word.format(folder=folder, model=model) for word in QUESTIONS[question]]
            cold.append(ask(python, words, cache, start))
            made = [path.suffix for path in cache.glob("*.*")]
            _wait_for_optimised(cache)
            cached.append(ask(python, words, cache, start))
    compiled = made.count(".object")
    return Answer(_median(cold), _median(cached), compiled, len(made) - compiled)


def _median(taken: Sequence[Taken]) -> Taken:
    return Taken(statistics.median(one.clock for one in taken), statistics.median(one.busy for one in taken))


def ask(python: str, words: Sequence[str], cache: Path, start: str = _START) -> Taken:
    """Return what a question takes in a new process with a folder for its cache.

    Raises
    ------
    SystemExit
        If the command fails.
    """
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH") if python != sys.executable else ("PYTHONDONTWRITEBYTECODE",)
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    started, before = time.perf_counter(), _busy()
    done = subprocess.run(
        [python, "-c", start, *words], env={**environment, "NADFLUX_CACHE_DIR": str(cache)}, capture_output=True,
        text=True, check=False, cwd=tempfile.gettempdir(),
    )  # fmt: skip
    taken = Taken(time.perf_counter() - started, _busy() - before)
    if done.returncode:
        raise SystemExit(f"nadflux {' '.join(words)} failed:\n{done.stderr}")
    return taken


def _busy() -> float:
    """Return the processor time of all processes that were waited for, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _wait_for_optimised(cache: Path) -> None:
    """Wait for the process that optimises a large body behind the first answer, if there is one."""
    started = time.monotonic()
    # Until it tells that it is done; it may have been refused.
    while any(cache.glob("*.program")) and not any(cache.glob("*.done")) and time.monotonic() - started < PATIENCE_S:
        time.sleep(0.2)


def install(source: str, folder: Path) -> str:
    """Install a wheel, or the committed files of this checkout for ``.``, in a new environment; return its Python.

    Prints the size without and with what figures need.

    Raises
    ------
    subprocess.CalledProcessError
        If pip fails.
    """
    environment = folder / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = str(environment / ("Scripts" if os.name == "nt" else "bin") / "python")
    place = _committed(folder) if Path(source).resolve() == ROOT else Path(source).resolve()
    for extra, what in (("", "installed"), ("[plot]", "with matplotlib, for figures")):
        subprocess.run([python, "-m", "pip", "install", "--quiet", f"{place}{extra}"], check=True)
        print(f"{what}: {_megabytes(environment):.0f} MB", flush=True)
    return python


def _committed(folder: Path) -> Path:
    """Return a copy of the committed files, as somebody has them who clones the repository."""
    place = folder / "checkout"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", "--depth", "1", f"file://{ROOT}", place], check=True)
    return place


def _megabytes(folder: Path) -> float:
    """Return what a folder takes on disk in MiB, in blocks, as `du -sm` counts."""
    sizes = [path.lstat() for path in folder.rglob("*")]
    return sum(getattr(size, "st_blocks", -(-size.st_size // 512)) for size in sizes) * 512 / 2**20


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", help="a wheel, or . ; this Python's package if left out")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each, medians are shown (default 3)")
    parser.add_argument("--only", nargs="+", choices=tuple(QUESTIONS), default=tuple(QUESTIONS), help="questions asked")
    parser.add_argument("--one-stage", action="store_true", help="compile large bodies with optimisation at once")
    options = parser.parse_args()
    start = _ONE_STAGE if options.one_stage else _START
    with tempfile.TemporaryDirectory(prefix="nadflux-install-") as folder:
        python = sys.executable if options.source is None else install(options.source, Path(folder))
        model = Path(folder, "nad.xml")
        ask(python, ["export", "--sbml", str(model)], Path(folder, "cache"))
        measure(python, 1, options.only[0], model)  # files in memory
        heads = ("cold, s", "processor", "cached, s", "processor", "compiled", "made")
        print(f"{'question':22}" + "".join(f"{head:>11}" for head in heads))
        for question in options.only:
            found = measure(python, options.repeats, question, model, start)
            seconds = "".join(f"{taken:11.2f}" for taken in (*found.cold, *found.cached))
            line = f"{question:22}{seconds}{found.compiled:11}{found.others:11}"
            print(line + (f"  over {TARGET_S:g} s" if found.cold.clock > TARGET_S else ""), flush=True)


if __name__ == "__main__":
    main()
