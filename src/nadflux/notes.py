"""Notes as data: a code that decisions ask, a sentence that people read, and what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class NoteCode(StrEnum):
    """Meaning of a note, independent of its words: files and programs may rely on the values, never on a sentence."""

    # How a sentence was read.
    READ_AS = "read_as"
    SALT_ASSUMED = "salt_assumed"
    FOODS_COUNTED = "foods_counted"
    # What a schedule assumes and leaves out.
    USUAL_DAY = "usual_day"
    USUAL_LIFE = "usual_life"
    USUAL_LIFE_GOES_ON = "usual_life_goes_on"
    CLOCK_FLATTENED = "clock_flattened"
    FOOD_WITH_DOSE = "food_with_dose"
    MEALS_FASTED = "meals_fasted"
    MEALS_AFTER_LOAD = "meals_after_load"
    MEALS_REPLACED = "meals_replaced"
    FASTS_JOINED = "fasts_joined"
    FILM_ASSUMED = "film_assumed"
    DOSES_COINCIDE = "doses_coincide"
    REGIMENS_OVERLAP = "regimens_overlap"
    RUN_ENDS_EARLY = "run_ends_early"
    # What the collected data do not hold.
    NO_KINETICS = "no_kinetics"
    NO_HUMAN_DOSE = "no_human_dose"
    DOSE_BEYOND = "dose_beyond"
    DOSE_NOT_TOLERATED = "dose_not_tolerated"
    COURSE_BEYOND = "course_beyond"
    NO_HABIT_SIZE = "no_habit_size"
    HABIT_BEYOND = "habit_beyond"
    HABIT_COURSE_BEYOND = "habit_course_beyond"
    FAST_BEYOND = "fast_beyond"
    # Facts about every run.
    INTERVAL = "interval"
    NO_INTERVAL = "no_interval"
    MEASURED = "measured"
    COVARIATE_DRAWN = "covariate_drawn"
    AGAINST_USUAL_LIFE = "against_usual_life"
    NOT_SCREENED = "not_screened"
    SCREENED = "screened"
    RESEARCH = "research"
    SUPERVISED = "supervised"
    CARRIED = "carried"
    TIER = "tier"
    ADVICE = "advice"
    FROM_POSTERIOR = "from_posterior"
    FROM_PRIORS = "from_priors"
    POSTERIOR_LEFT_ASIDE = "posterior_left_aside"
    OUTSIDE_ROW = "outside_row"
    SET_FROM_REST = "set_from_rest"
    SET_FROM_START = "set_from_start"
    # What went wrong or was stopped.
    PEOPLE_FAILED = "people_failed"
    NO_RESTING_STATE = "no_resting_state"
    DRAWN_AGAIN = "drawn_again"
    BALANCE_OFF = "balance_off"
    OUTSIDE_LIMITS = "outside_limits"
    INTERRUPTED = "interrupted"
    # What the columns of a tracer run and of a comparison mean.
    BUILT_IN = "built_in"
    HELD = "held"
    SHARES_ASSUMED = "shares_assumed"
    LABEL_IN_PART = "label_in_part"
    SAME_PEOPLE = "same_people"
    COLUMNS = "columns"
    BETWEEN_PEOPLE = "between_people"
    NO_RECOMMENDATION = "no_recommendation"
    # What a printed table of a run means.
    FIGURES_AT_END = "figures_at_end"
    LOWEST_AND_HIGHEST = "lowest_and_highest"
    USUAL_LIFE_DRIFTS = "usual_life_drifts"
    OWN_USUAL_LIFE = "own_usual_life"
    WHILE_IT_DIFFERS = "while_it_differs"
    NOT_KNOWN = "not_known"
    SET_BY_HAND = "set_by_hand"
    LINK_CHOSEN = "link_chosen"
    BALANCE_CLOSES = "balance_closes"
    # Read from a file that holds the sentence alone.
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Note:
    """Remark printed with numbers.

    Attributes
    ----------
    code : NoteCode
        Meaning; every decision depends on this.
    text : str
        The sentence, for people alone: it may be reworded at any time.
    about : str
        Subject, such as a compound and its route; empty where it is about all.
    """

    code: NoteCode
    text: str
    about: str = ""

    def __str__(self) -> str:
        return self.text


def codes_of(notes: Iterable[Note]) -> list[list[str]]:
    """Return code and subject of each note, as a file holds them beside the sentences."""
    return [[note.code.value, note.about] for note in notes]


def read_notes(texts: Sequence[str], codes: Sequence[Sequence[str]] | None = None) -> tuple[Note, ...]:
    """Read the notes of a file.

    Parameters
    ----------
    texts : sequence of str
    codes : sequence of (code, about), optional
        As from `codes_of`. A file of an earlier version holds none, one of a later version may hold others: the code
        is then `NoteCode.UNKNOWN`.

    Raises
    ------
    ValueError
        Where there are not as many codes as sentences.
    """
    known = {code.value for code in NoteCode}
    pairs = codes if codes is not None else [(NoteCode.UNKNOWN.value, "")] * len(texts)
    return tuple(
        Note(NoteCode(code) if code in known else NoteCode.UNKNOWN, text, about)
        for text, (code, about) in zip(texts, pairs, strict=True)
    )
