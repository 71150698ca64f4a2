"""Time from an empty shell to the table of `nadflux simulate`, with and without its cache."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from _dosing import LIVED

PROGRAM = [sys.executable, "-c", "from nadflux.faces.cli import main; main()"]
PLAN = "NR chloride 500 mg oral twice daily for 8 weeks"


def command(body: str, lifestyle: bool) -> list[str]:
    """The README's command, or the same for the whole body with its three fluxes, with or without a lived day."""
    plan = f"{PLAN} + {LIVED}" if lifestyle else PLAN
    asked = ["--body", "whole", "--show", "autophagy of liver"] if body == "whole" else []
    return [*PROGRAM, "simulate", "woman, 62 y, 70 kg", "--plan", plan, "-n", "64", *asked]


def measure(repeats: int, body: str = "nad", lifestyle: bool = False) -> dict[str, float]:
    """Median wall seconds of new processes: first ever (cold cache) and after it (cached)."""
    cold, cached = [], []
    for _ in range(repeats):
        folder = tempfile.mkdtemp(prefix="nadflux-cache-")
        try:
            for seconds in (cold, cached):
                seconds.append(_seconds(command(body, lifestyle), folder))
        finally:
            shutil.rmtree(folder)
    return {"cold": statistics.median(cold), "cached": statistics.median(cached)}


def _seconds(words: list[str], cache: str) -> float:
    started = time.perf_counter()
    done = subprocess.run(
        words, env={**os.environ, "NADFLUX_CACHE_DIR": cache}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{words[3:]} failed:\n{done.stderr}")
    return time.perf_counter() - started
