"""The first people are shown first: on a terminal a table that comes and goes, in a pipe nothing but the result."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time

import numpy as np
import pytest

import nadflux as nf
from nadflux.faces.cli import _progress, _simulated
from nadflux.faces.documents.summary import provisional_text
from nadflux.simulation.forward import run_chunks
from nadflux.simulation.resolve import resolve
from nadflux.simulation.run import joined
from nadflux.simulation.scenario import Scenario
from nadflux.simulation.settle import Settled, settle

WORDS = ("woman, 62 y, 70 kg", "NR chloride 500 mg oral daily for 1 d")
SHOWN = ("whole_blood_nad", "urine_mna")


def settled(n: int) -> Settled:
    return settle(Scenario.of(*WORDS, n=n, seed=1, outputs=SHOWN, posterior="none"))


def test_few_people_come_first_and_then_as_many_as_there_are() -> None:
    asked = resolve(settled(70))
    chunks = list(run_chunks(asked.prepared, asked.course, np.arange(70)))
    assert [chunk.people.size for chunk in chunks] == [16, 16, 32, 6]


def test_the_first_people_are_told_as_such() -> None:
    run = nf.simulate(*WORDS, n=16, seed=1, outputs=SHOWN, posterior="none")
    text = provisional_text(run, SHOWN, 64, 100)
    assert text.startswith("first 16 of 64 people: range of 16 people")
    assert "NAD+" in text and "MNA" in text and "·" not in text
    more = joined([run, nf.simulate(*WORDS, people=np.arange(16, 32), seed=1, outputs=SHOWN, posterior="none")])
    assert "90 % interval of 32 people" in provisional_text(more, SHOWN, 64, 100)


@pytest.mark.parametrize("watched", [True, False])
def test_a_table_for_each_chunk_but_the_last_where_somebody_looks(
    watched: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(_simulated, "tables_watched", lambda: watched)
    found = _simulated.simulated(
        settled(40),
        1,
        None,
        SHOWN,
        lambda run, wanted: told.append((run.persons, wanted)) or "a table",  # type: ignore[func-returns-value]
    )
    assert told == ([(16, 40), (32, 40)] if watched else [])
    whole = nf.simulate(*WORDS, n=40, seed=1, outputs=SHOWN, posterior="none")
    assert found.run is not None and np.array_equal(found.run.values, whole.values)


def test_no_table_while_a_stream_goes_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stream:
        def __init__(self, terminal: bool) -> None:
            self.terminal = terminal

        def isatty(self) -> bool:
            return self.terminal

    for out, err in ((True, True), (False, True), (True, False)):
        monkeypatch.setattr(sys, "stdout", Stream(out))
        monkeypatch.setattr(sys, "stderr", Stream(err))
        assert _progress.tables_watched() == (out and err)


@pytest.mark.skipif(not hasattr(os, "fork") or sys.platform == "win32", reason="needs a terminal")
def test_interrupted_at_a_terminal_the_people_shown_are_kept() -> None:
    """The table of 16 people comes, Ctrl-C, and the last table is of those who are finished."""
    import pty

    words = ["simulate", WORDS[0], "--plan", "NR chloride 500 mg oral daily for 90 d", "-n", "3000", "--threads", "1"]
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm", COLUMNS="100", LINES="30")
        os.execv(sys.executable, [sys.executable, "-m", "nadflux", *words])
    told, sent, end = b"", False, time.monotonic() + 120
    # Until the terminal closes.
    while time.monotonic() < end:
        if select.select([terminal], [], [], 0.5)[0]:
            try:
                told += os.read(terminal, 1 << 16)
            except OSError:
                break
        if not sent and b"first 16 of 3000" in told:
            os.kill(child, signal.SIGINT)
            sent = True
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    text = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", told.decode("utf-8", "replace"))
    assert sent and os.waitstatus_to_exitcode(status) == 130
    kept = re.search(r"interrupted after (\d+) of 3000 people", text)
    assert kept is not None and int(kept[1]) >= 16
    assert "· interrupted after" in text.split("first 16 of")[-1]
