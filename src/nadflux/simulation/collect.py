"""One run made of chunks of people, with its balance checked and its failures counted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nadflux.notes import Note, NoteCode
from nadflux.simulation.about_usual_life import joined_lives, lives_of, note_on_usual_life
from nadflux.simulation.balance import balance_error
from nadflux.simulation.counterfactual import COUNTERFACTUAL
from nadflux.simulation.course import Chunk
from nadflux.simulation.limits import joined_counts, left_by, notes_on_limits
from nadflux.simulation.notes import drawn_again_note
from nadflux.simulation.pieces import HELD, Folder, Pieces, Spilled
from nadflux.simulation.resolve import Resolved
from nadflux.simulation.run import Run, joined
from nadflux.simulation.tolerances import BALANCE


def folder_for(resolved: Resolved) -> Folder | None:
    """Return a folder for the values of people where they take more than a run keeps in memory."""
    lives = 2 if resolved.planned.counterfactual else 1
    size = resolved.scenario.index.size * resolved.times.size * len(resolved.quantities) * lives * 8
    return Folder() if size > HELD else None


def run_of(resolved: Resolved, chunk: Chunk, folder: Folder | None = None) -> Run:
    """Return the run of the people of a chunk.

    Parameters
    ----------
    folder : Folder, optional
        Where the values lie; in memory by default.
    """
    count = len(resolved.quantities)
    checks = count + len(resolved.moieties)
    balance = balance_error(
        resolved.prepared, chunk.outputs[:, :, count:checks], resolved.moieties,
        resolved.planned.events, resolved.solved, chunk.scales,
    )  # fmt: skip
    outside = left_by(resolved.limits, chunk.outputs[:, :, checks:], resolved.solved)
    peaks = {name: chunk.courses[-1].peaks[:, k, :] for k, name in enumerate(resolved.scenario.peaks)}
    counterfactual = None
    if resolved.planned.counterfactual:
        counterfactual = _kept(_stored(resolved, chunk.courses[COUNTERFACTUAL].outputs), folder)
    return Run(
        _kept(_stored(resolved, chunk.outputs[:, :, :count]), folder),
        resolved.times,
        resolved.quantities,
        {
            **resolved.record,
            "balance": balance,
            "outside_limits": outside,
            "drawn_again": chunk.draws.drawn_again,
            "usual_life": lives_of(resolved.course, chunk),
        },
        chunk.failures,
        resolved.notes,
        peaks,
        counterfactual,
    )


def gathered(resolved: Resolved, runs: Sequence[Run]) -> Run:
    """Return runs of different people as one, with a note on failures and on a balance that is off."""
    whole = joined(runs)
    worst = {moiety: max(run.record["balance"][moiety] for run in runs) for moiety in runs[0].record["balance"]}
    notes = whole.notes
    if whole.failures:
        first = whole.failures[0]
        text = (
            f"{len(whole.failures)} of {whole.persons} people could not be simulated to the end and count as missing "
            f"(the first: person {first.person} at {first.time:.4g} h, {first.state}: {first.reason})"
        )
        notes = (*notes, Note(NoteCode.PEOPLE_FAILED, text))
    for moiety, error in worst.items():
        if error > BALANCE:
            text = f"the {moiety} balance is off by {error:.1e}: do not trust this run, and report it"
            notes = (*notes, Note(NoteCode.BALANCE_OFF, text, moiety))
    outside = joined_counts((run.record["outside_limits"] for run in runs), resolved.limits)
    notes = (*notes, *notes_on_limits(resolved.limits, outside, whole.persons - len(whole.failures)))
    again = sum(run.record["drawn_again"] for run in runs)
    notes = (*notes, *drawn_again_note(again, whole.persons))
    lives = joined_lives([run.record["usual_life"] for run in runs])
    notes = (*notes, *note_on_usual_life(lives, whole.persons))
    record = {
        **whole.record,
        "usual_life": lives,
        "drawn_again": again,
        "balance": worst,
        "outside_limits": outside,
        "persons": whole.persons,
    }
    return whole.changed(record=record, notes=notes)


def _kept(values: np.ndarray, folder: Folder | None) -> Pieces:
    return Pieces([np.ascontiguousarray(values) if folder is None else Spilled(values, folder)])


def _stored(resolved: Resolved, values: np.ndarray) -> np.ndarray:
    """Return the values at the times to store; cumulative amounts count from time 0, not from the usual days before it.

    Parameters
    ----------
    values : ndarray, shape (person, time, quantity), each in its own unit
        At the times solved; changed in place.
    """
    solved = resolved.solved
    totals = [k for k, quantity in enumerate(resolved.quantities) if quantity.kind == "cumulative"]
    if resolved.record["run_in_h"] and totals:
        zero = int(np.searchsorted(solved, 0.0))
        values[:, :, totals] -= values[:, zero, None][:, :, totals]
    return values[:, solved.size - resolved.times.size :]
