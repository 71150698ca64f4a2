"""Notes below the table of a run: its own, and the meaning of the columns."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from nadflux.faces.documents.figures import changed
from nadflux.faces.documents.run_table import RunRow, lives, range_name
from nadflux.notes import Note, NoteCode
from nadflux.simulation.judged_window import AnyWindow, days_of_drift, judged_window, own_usual_life
from nadflux.simulation.run import Run
from nadflux.simulation.summary import Figures

_DRIFT, _TAIL_DRIFT = 1.0, 5.0  # % of the median and of either bound: a drift of usual life from here on is reported


def footer(run: Run, rows: Sequence[RunRow], window: AnyWindow | None = None) -> list[Note]:
    """Return the notes of a run, with the meaning of the columns of its table."""
    notes = list(run.notes)
    notes[1:1] = _figures_explained(run, rows, window)
    if lives(run):
        notes += [*_ranges_explained(run, window), *_drifting(run, rows)]
    if run.record.get("set"):
        text = "set by hand: " + ", ".join(f"{name} = {value}" for name, value in run.record["set"].items())
        notes.append(Note(NoteCode.SET_BY_HAND, text))
    worst = max((b for b in run.record.get("balance", {}).values() if math.isfinite(b)), default=None)
    if worst is not None:
        text = f"moiety balance closes to {worst:.0e} of what is in the body; seed {run.record['seed']}"
        notes.append(Note(NoteCode.BALANCE_CLOSES, text))
    return notes


def understood(plan: object, notes: Iterable[Note]) -> str:
    """Return a plan in canonical form, with what was assumed in reading it in brackets."""
    assumed = dict.fromkeys(str(note) for note in notes if note.code is NoteCode.READ_AS)
    return f"{plan} ({'; '.join(assumed)})" if assumed else str(plan)


def without_reading(notes: Iterable[Note]) -> list[Note]:
    """Return the notes that are not about how a sentence was read, which the first line of an answer has."""
    return [note for note in notes if note.code is not NoteCode.READ_AS]


def _figures_explained(run: Run, rows: Sequence[RunRow], window: AnyWindow | None) -> list[Note]:
    """Return the notes on the hours over which figures are means, and on their comparison."""
    name = judged_window(run, window).name
    if own_usual_life(run):
        text = (
            f"figures are means over {name}; nothing is planned, so that people are their own comparison and nothing "
            "counts as a change"
        )
        return [Note(NoteCode.OWN_USUAL_LIFE, text)]
    if run.lived:
        fast = window is None and judged_window(run).stop_h < run.times[-1]
        text = (
            f"figures are means over {name}{', the last 24 hours of the fast' if fast else ''}, "
            "under the plan and in usual life"
        )
        return [Note(NoteCode.FIGURES_AT_END, text)]
    if window is not None:
        return [Note(NoteCode.FIGURES_AT_END, f"the end is the mean over {name}, the baseline the value at the start")]
    if any(row.quantity.kind == "flux" for row in rows):
        text = "the end of an excretion is its mean over the last 24 hours, of a level its last value"
        return [Note(NoteCode.FIGURES_AT_END, text)]
    return []


def _ranges_explained(run: Run, window: AnyWindow | None) -> list[Note]:
    if run.peaks:
        return []
    name = range_name(run, window)
    hours = f"the {name}" if name in ("run", "last day") else name
    text = f"from – to: medians over people of each person's lowest and highest value in {hours}"
    return [Note(NoteCode.LOWEST_AND_HIGHEST, text)]


def _drifting(run: Run, rows: Sequence[RunRow]) -> list[Note]:
    """Return the notes on quantities that drift in usual life itself, whose figures are no steady state."""
    found = [
        f"{row.quantity.long_name}, {row.quantity.matrix} {changed(row.drift)} %"
        for row in rows
        if row.drift is not None and _moves(row.drift)
    ]
    days = days_of_drift(run)
    if not found or days is None:
        return []
    text = f"usual life is not level: from its day {days[0]:g} to day {days[1]:g} {'; '.join(found)}"
    if run.lived:
        text += "; a change in the table is against usual life at the same time and holds none of this"
    return [Note(NoteCode.USUAL_LIFE_DRIFTS, text)]


def _moves(moved: Figures) -> bool:
    """Tell whether a drift is large enough to report, in the median or at either bound."""
    return abs(moved[0]) >= _DRIFT or max(abs(moved[1]), abs(moved[2])) >= _TAIL_DRIFT
