"""Titles and captions of the figures of a run: person and plan, the band, and the notes that are required."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterable, Sequence

from nadflux.notes import Note, NoteCode
from nadflux.plans.dose_limits import flag_of
from nadflux.simulation.run import Run
from nadflux.simulation.summary import bounds_in_words

_NEVER_LACKED = (
    NoteCode.INTERVAL, NoteCode.NOT_SCREENED, NoteCode.SCREENED, NoteCode.RESEARCH, NoteCode.SUPERVISED,
    NoteCode.ADVICE, NoteCode.INTERRUPTED, NoteCode.UNKNOWN,
)  # fmt: skip
_WIDE = 0.66  # height of a panel over its width


def columns_for(panels: int) -> int:
    """Return the columns of a figure of so many panels: three, or more if it became far taller than wide."""
    return min(panels, max(3, round(math.sqrt(_WIDE * panels))))


def title_of(run: Run, columns: int) -> str:
    """Return the title, of person, plan and what was set by hand, broken to the width of so many panels."""
    by_hand = ", ".join(f"{name} = {value}" for name, value in run.record.get("set", {}).items())
    plan = f"{run.record['plan']}; set by hand: {by_hand}" if by_hand else str(run.record["plan"])
    return f"{run.record['who']}\n{textwrap.fill(plan, width=34 * columns)}"


def captioned(notes: Iterable[Note], flags: Sequence[str] = ()) -> list[Note]:
    """Return the notes that no figure may lack: of the interval, of advice, and behind the flags of its run.

    A note without a code may be one of these and is kept.
    """
    return [note for note in notes if note.code in _NEVER_LACKED or flag_of(note) in flags]


def caption_of(run: Run, columns: float, says: Sequence[str] = ()) -> str:
    """Return the caption: the meaning of the band, remarks on the drawing, and the notes that no figure may lack.

    It is broken to the width of so many panels, which may be part of one.
    """
    people = run.persons - len(run.failures)
    band = f"Line: median; band: {bounds_in_words(people)}" if people > 1 else "One person"
    notes = captioned(run.notes, run.record.get("flags", ()))
    sentences = [band, *says, *map(str, notes)]
    text = ". ".join(sentence[0].upper() + sentence[1:] for sentence in sentences if sentence) + "."
    return "\n".join(textwrap.wrap(text, width=int(62 * columns)))
