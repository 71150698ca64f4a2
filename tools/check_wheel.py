"""Check an installed wheel: its bodies are ready to run for every target, and usual questions compile nothing.

python tools/check_wheel.py

Runs with the Python in which the wheel is installed; `nox -s wheel` does so after building it.
"""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from pathlib import Path
from typing import NoReturn

from write_ready_made import prepared_programs

import nadflux
from nadflux.faces.cli import main as nadflux_main
from nadflux.kernel import machine, ready_made
from nadflux.kernel.ready_engine import name_of

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = (
    ("simulate", "woman, 62 y, 70 kg", "--plan", "NR chloride 500 mg oral twice daily for 8 weeks", "-n", "8"),
    ("simulate", "woman, 62 y, 70 kg", "--plan", "fast 16 h", "--output", "autophagy", "-n", "8"),
    ("trace", "man, 40 y", "--plan", "NR chloride 300 mg oral once"),
    ("fluxes", "man, 40 y, 80 kg", "-n", "8"),
    ("cell", "--organ", "liver"),
    ("facts", "1"),
)
"""Words after `nadflux`; the first is the README's, of fewer people."""


def main() -> None:
    """Check the entries, then ask the questions with the compiler taken away."""
    place = Path(nadflux.__file__).resolve()
    if place.is_relative_to(ROOT / "src"):
        raise SystemExit(f"{place.parent} is the checkout; install the wheel and run this with its Python")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NADFLUX_CACHE_DIR"] = folder
        setattr(machine, "generate", _refuse)  # noqa: B010  (mypy does not want it as an assignment)
        _check_entries()
        for words in QUESTIONS:
            _ask(words)
        left = sorted(path.name for path in Path(folder).iterdir())
        if left:
            raise SystemExit(f"was worked out although the wheel should have it: {', '.join(left)}")
    print(f"{place.parent}: {len(list(ready_made.FOLDER.iterdir()))} entries, {len(QUESTIONS)} questions, no compiling")


def _check_entries() -> None:
    missing = [
        f"{what} for {target[1]} of {target[0]}"
        for what, program in prepared_programs()
        for target in machine.TARGETS
        if ready_made.read(name_of(program, target)) is None
    ]
    if missing:
        raise SystemExit(f"the wheel has no machine code of: {', '.join(missing)}")


def _ask(words: tuple[str, ...]) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        try:
            nadflux_main(words)
        except SystemExit as end:
            code = end.code
    if code:
        raise SystemExit(f"nadflux {' '.join(words)} ended with {code}")
    if not printed.getvalue().strip():
        raise SystemExit(f"nadflux {' '.join(words)} printed nothing")


def _refuse(*_: object) -> NoReturn:
    raise AssertionError("a program was compiled although the wheel should have its machine code")


if __name__ == "__main__":
    main()
