"""Time from an empty shell to an answer, of a fresh installation: with an empty cache and with the one it left.

python benchmarks/first_result.py dist/nadflux-*.whl      # a wheel of `nox -s wheel`, which brings its bodies along
python benchmarks/first_result.py .                       # what `pip install .` makes of the committed files
python benchmarks/first_result.py                         # the package that this Python has

Options: [--repeats 3] [--only NAME ...]

A wheel or a folder is installed in a new virtual environment, whose size is printed. Each run is a new process. Cold:
the user has no cache, as on the first call ever; what the run left there is counted: machine code that it compiled, and
other things. Cached: the same question again. Python has its byte code, as pip writes it.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from _dosing import LIVED

ROOT = Path(__file__).resolve().parents[1]
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"
TARGET_S = 3.0
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
    "8 lived weeks": ("simulate", _WOMAN, "--plan", f"{PLAN} + {LIVED}", *_WHOLE),
}  # fmt: skip
"""Words after `nadflux`, where ``{folder}`` and ``{model}`` stand for a new folder and the NAD body as SBML; the last
three are of the whole body: doses, a fast beside usual days, doses and lived days."""

_START = "from nadflux.faces.cli import main; main()"


@dataclasses.dataclass(frozen=True)
class Answer:
    """Median seconds of new processes, and what the first left in the cache.

    Attributes
    ----------
    cold, cached : float
    compiled, others : int
        Entries with machine code, and other ones.
    """

    cold: float
    cached: float
    compiled: int
    others: int


def measure(python: str, repeats: int, question: str, model: Path) -> Answer:
    """Return how long a question takes in new processes, cold and cached; ``model`` is the SBML file of one of them.

    Raises
    ------
    SystemExit
        If the command fails.
    """
    cold: list[float] = []
    cached: list[float] = []
    made: list[str] = []
    for _ in range(repeats):
        with tempfile.TemporaryDirectory(prefix="nadflux-first-") as folder:
            words = [word.format(folder=folder, model=model) for word in QUESTIONS[question]]
            cold.append(_seconds(python, words, f"{folder}/cache"))
            made = [path.suffix for path in Path(folder, "cache").glob("*.*")]
            cached.append(_seconds(python, words, f"{folder}/cache"))
    compiled = made.count(".object")
    return Answer(statistics.median(cold), statistics.median(cached), compiled, len(made) - compiled)


def _seconds(python: str, words: Sequence[str], cache: str) -> float:
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONPATH") if python != sys.executable else ("PYTHONDONTWRITEBYTECODE",)
    environment = {name: value for name, value in os.environ.items() if name not in unwanted}
    started = time.perf_counter()
    done = subprocess.run(
        [python, "-c", _START, *words], env={**environment, "NADFLUX_CACHE_DIR": cache}, capture_output=True, text=True,
        check=False, cwd=tempfile.gettempdir(),
    )  # fmt: skip
    taken = time.perf_counter() - started
    if done.returncode:
        raise SystemExit(f"nadflux {' '.join(words)} failed:\n{done.stderr}")
    return taken


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
    for extra, what in (("", "installed"), ("[plot]", "with matplotlib, for figures"), ("[all]", "with all extras")):
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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="nadflux-install-") as folder:
        python = sys.executable if options.source is None else install(options.source, Path(folder))
        model = Path(folder, "nad.xml")
        _seconds(python, ["export", "--sbml", str(model)], f"{folder}/cache")
        measure(python, 1, options.only[0], model)  # files in memory
        print(f"{'question':24}{'cold, s':>9}{'cached, s':>11}{'compiled':>10}{'other made':>12}")
        for question in options.only:
            found = measure(python, options.repeats, question, model)
            late = f"  over {TARGET_S:g} s" if found.cold > TARGET_S else ""
            print(
                f"{question:24}{found.cold:9.2f}{found.cached:11.2f}{found.compiled:10}{found.others:12}{late}",
                flush=True,
            )


if __name__ == "__main__":
    main()
