"""Time to start: `nadflux --version` and the imports of a README run, beside a Python that does nothing.

python benchmarks/imports.py [--repeats 21]

The modules are those that the README's command has loaded when it ends, with a body that is ready, imported in that
order by a new process that does nothing else, with the command's settings of the garbage collector. The three are run
in turn, so that other work of the machine falls on all alike; processor time depends less on it. Python keeps its
byte code.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time

from first_result import PLAN
from nadflux.faces.cli.start import COLLECT_AFTER

_MAIN = "from nadflux.faces.cli import main; main()"
_README = ["simulate", "woman, 62 y, 70 kg", "--plan", PLAN]
_LOADED = f"""
import sys
before = set(sys.modules)
sys.argv[1:] = {_README!r}
from nadflux.faces.cli.start import main
try:
    main()
finally:
    new = (name for name, module in sys.modules.items() if name not in before and getattr(module, "__spec__", None))
    print(*new, file=sys.stderr)
"""
TARGETS = {"nadflux --version": 0.25, "imports of a README run": 0.4}
NOTHING = "python -c pass"


def measure(repeats: int) -> dict[str, tuple[float, float]]:
    """Return the median seconds, of the clock and of the processor, of new processes by what they do.

    Raises
    ------
    SystemExit
        If one of them fails.
    """
    asked = {NOTHING: "pass", "nadflux --version": _MAIN, "imports of a README run": _imports()}
    seconds: dict[str, list[tuple[float, float]]] = {name: [] for name in asked}
    for turn in range(repeats + 1):
        for name, code in asked.items():
            taken = _seconds(code, ["--version"] if code == _MAIN else [])
            if turn:  # the first writes byte code and reads files from disk
                seconds[name].append(taken)
    return {
        name: (statistics.median(clock for clock, _ in those), statistics.median(busy for _, busy in those))
        for name, those in seconds.items()
    }


def _imports() -> str:
    """Return Python that imports what the README's command imports."""
    _run(_LOADED, [])  # which may have to make the body
    done = _run(_LOADED, [])
    names = done.stderr.splitlines()[-1].split()
    imports = f"from importlib import import_module\nfor name in {names!r}:\n    import_module(name)"
    return f"import gc\ngc.set_threshold({COLLECT_AFTER})\n{imports}\ngc.freeze()"


def _seconds(code: str, words: list[str]) -> tuple[float, float]:
    started, before = time.perf_counter(), _busy()
    _run(code, words)
    return time.perf_counter() - started, _busy() - before


def _busy() -> float:
    """Return the processor time of all processes that were waited for, s."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _run(code: str, words: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words) or code[:80]} failed:\n{done.stderr[-2000:]}")
    return done


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=21, help="runs of each, medians are shown (default 21)")
    found = measure(parser.parse_args().repeats)
    print(f"{'median of new processes':28}{'s':>8}{'ratio':>8}{'processor, s':>14}{'ratio':>8}{'target, s':>11}")
    nothing = found[NOTHING]
    for name, (clock, busy) in found.items():
        target = f"{TARGETS[name]:11.2f}" if name in TARGETS else ""
        print(f"{name:28}{clock:8.3f}{clock / nothing[0]:8.1f}{busy:14.3f}{busy / nothing[1]:8.1f}{target}")


if __name__ == "__main__":
    main()
