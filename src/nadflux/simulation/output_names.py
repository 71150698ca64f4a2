"""Observables asked for in words: "autophagy" is three fluxes and the set of markers, of the body or of an organ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from nadflux.errors import UnknownNameError
from nadflux.network.records import records
from nadflux.network.tables import Observable
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import BALANCE, Prepared
from nadflux.simulation.output_labels import id_of_label, label_of

AUTOPHAGY, BODY = "autophagy", "body"
_ALL = re.compile(r"(?:all|every|each) organs?", re.IGNORECASE)
_OF = re.compile(r"(?P<what>\w+)\s+(?:of|in)\s+(?:the\s+)?(?P<place>.+)")


@lru_cache(maxsize=1)
def autophagy_names() -> tuple[str, ...]:
    """Return the observables of a cell that "autophagy" stands for: J_init, J_seq, J_deg, then the markers."""
    return words_asked()[AUTOPHAGY]


@lru_cache(maxsize=1)
def words_asked() -> dict[str, tuple[str, ...]]:
    """Read the words that stand for several observables of a cell, from ``whole/asked.csv``."""
    result: dict[str, tuple[str, ...]] = {}
    for _, row in records(BIOLOGY / "whole" / "asked.csv", ("asked", "observable", "note"), optional=("note",)):
        result[row["asked"]] = (*result.get(row["asked"], ()), row["observable"])
    return result


def expand(names: Iterable[str], observables: Sequence[Observable]) -> tuple[str, ...]:
    """Return the ids of the observables that are asked for: by id, label (``NAD+ in whole blood``) or in words.

    Words such as ``autophagy of liver`` stand for several. A word alone means the whole body, where it has these
    observables; ``autophagy of all organs`` each organ.

    Raises
    ------
    UnknownNameError
        For a name that is neither, with the nearest; for an organ without these observables.
    """
    known = {o.id: o for o in observables}
    result: list[str] = []
    for name in names:
        match = _OF.fullmatch(name.strip())
        what = match.group("what") if match else name.strip()
        if what in words_asked():
            places = _places_meant(name, what, match.group("place") if match else "", observables)
            result += [f"{organ}_{part}" for organ in places for part in words_asked()[what]]
        elif name in known:
            result.append(name)
        elif (labelled := id_of_label(name, observables)) is not None:
            result.append(labelled)
        else:
            names = [*known, *words_asked(), *map(label_of, observables)]
            raise UnknownNameError("observable", name, names, "(`nadflux describe` lists all)")
    return tuple(dict.fromkeys(result))


def _places_meant(name: str, what: str, place: str, observables: Sequence[Observable]) -> list[str]:
    """Return the organs that ``what`` is asked of; without a place the body, or every organ where there is no sum."""
    places = places_of(what, observables)
    if not places:
        known = [o.id for o in observables]
        raise UnknownNameError("observable", name, known, "; only the whole body has it (body='whole')")
    if place and _ALL.fullmatch(place):
        return [organ for organ in places if organ != BODY]
    if place:
        return [_place(place, places)]
    return [BODY] if BODY in places else list(places)


def kept_outputs(prepared: Prepared, outputs: Sequence[str] | None, peaks: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the ids of the observables to keep: those asked for and those with peaks, all where none are named.

    Raises
    ------
    UnknownNameError
        As `expand`.
    """
    if outputs is None:
        expand(peaks, prepared.body.observables)
        return tuple(name for name in prepared.program.outputs if not name.startswith(BALANCE))
    return expand((*outputs, *peaks), prepared.body.observables)


def places_of(what: str, observables: Sequence[Observable]) -> dict[str, str]:
    """Return the organs that have all observables of a word, with their names in words."""
    known = {o.id: o for o in observables}
    parts = words_asked()[what]
    ending = f"_{parts[0]}"
    organs = [name.removesuffix(ending) for name in known if name.endswith(ending)]
    return {
        organ: known[f"{organ}{ending}"].matrix for organ in organs if all(f"{organ}_{part}" in known for part in parts)
    }


def _place(words: str, places: dict[str, str]) -> str:
    """Return the organ that is meant, by its id or its name in words."""
    by_name = {**{organ.replace("_", " "): organ for organ in places}, **{v: k for k, v in places.items()}}
    key = words.strip().casefold().replace("_", " ")
    if key not in by_name:
        raise UnknownNameError("organ", words.strip(), by_name)
    return by_name[key]
