"""The lock file of a validation: what the model was, and which studies nobody had predicted, when it was frozen.

A study is validation only if its result was not known when structure, numbers and posterior were settled. The lock
file states these by their hashes and lists the studies; `nadflux validate` compares. A study is listed by
one freeze only: the next freeze counts it as seen, and what was seen once is never validation again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nadflux.files import replacing
from nadflux.network.body_spec import WHOLE
from nadflux.people.posterior import Posterior, model_hash
from nadflux.simulation.compiled import prepare
from nadflux.stored_fields import StoredFields, read_json
from nadflux.studies.published.measurement import read_measurement
from nadflux.studies.published.result import SEEN
from nadflux.studies.published.schema import Study

LOCK = "frozen.json"
BEFORE = "seen before the freeze"
_REMEDY = "write it again with `nadflux validate --freeze`"
_WORDS = {"text": "equations", "tables": "numbers of the tables", "posterior": "posterior"}


@dataclass(frozen=True)
class Frozen:
    """Hashes of all that a prediction depends on.

    Attributes
    ----------
    text : str
        Of the equations of the whole body.
    tables : str
        Of the numbers of its tables, and of those of the measurement.
    posterior : str
        Of the draws of the posterior; ``none`` without one.
    """

    text: str
    tables: str
    posterior: str

    @classmethod
    def of(cls, posterior: Posterior | None) -> Frozen:
        """Return the hashes of the shipped model with a posterior."""
        body = prepare(body=WHOLE).body
        rows = [*body.table, *read_measurement().table]
        draws = "none" if posterior is None else hashlib.sha256(posterior.values.tobytes()).hexdigest()
        return cls(body.equations_hash, model_hash("", rows, body.switches), draws)


@dataclass(frozen=True)
class Lock:
    """Content of a lock file.

    Attributes
    ----------
    date : str
        Day of the freeze, as YYYY-MM-DD.
    frozen : Frozen
    validation : mapping of str to str
        Studies that nobody had predicted then, with the hash of each.
    seen : mapping of str to str
        Studies of earlier freezes, and of those made before there was a lock file, with the day from which they count
        as seen.
    """

    date: str
    frozen: Frozen
    validation: Mapping[str, str] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)

    def why_not(self, study: Study, now: Frozen) -> str:
        """Return why a study is no validation of the present model; empty if it is."""
        if study.id in self.seen:
            return f"{BEFORE} of {self.date} (since {self.seen[study.id]})"
        if study.id not in self.validation:
            return f"{BEFORE}: the freeze of {self.date} does not list it"
        if self.validation[study.id] != study_hash(study):
            return f"{BEFORE}: its file was changed after {self.date}"
        changed = [words for name, words in _WORDS.items() if getattr(self.frozen, name) != getattr(now, name)]
        if changed:
            return f"{BEFORE}: changed since {self.date}: {', '.join(changed)}"
        return ""


def study_hash(study: Study) -> str:
    """Return the hash of what a study file says; comments and layout do not count."""
    return hashlib.sha256(study.model_dump_json().encode()).hexdigest()


def lock_of(path: Path) -> Path:
    """Return the lock file that belongs to a study file or a folder of them."""
    return (path if path.is_dir() else path.parent) / LOCK


def read_lock(path: Path) -> Lock | None:
    """Read a lock file; None if there is none.

    Raises
    ------
    RecordMismatchError
        If it is no lock file.
    """
    if not path.exists():
        return None
    about = StoredFields(read_json(path, "lock file of validation studies"), str(path), _REMEDY)
    hashes = about.mapping("frozen")
    frozen = Frozen(*(hashes.word(name) for name in _WORDS))
    lists = [about.mapping(name) for name in ("validation", SEEN)]
    validation, seen = ({study: part.word(study) for study in part.content} for part in lists)
    return Lock(about.word("date"), frozen, validation, seen)


def freeze(path: Path, studies: Sequence[Study], frozen: Frozen, date: str, known: Sequence[Study] = ()) -> Lock:
    """Write a lock file: studies for validation that no earlier freeze lists are not seen yet, all others are.

    Parameters
    ----------
    path : Path
    studies : sequence of Study
    frozen : Frozen
        Of the present model.
    date : str
        As YYYY-MM-DD.
    known : sequence of Study
        Studies seen elsewhere: one that cites the same publication is seen, whatever its name.

    Returns
    -------
    Lock

    Raises
    ------
    RecordMismatchError
        If the file that is there is no lock file.
    """
    former = read_lock(path)
    seen: dict[str, str] = {}
    if former is not None:
        seen = {**former.seen, **dict.fromkeys(former.validation, former.date)}
    cited = {source for study in known for source in _sources(study)}
    old = [study for study in studies if study.use == "calibration" or not cited.isdisjoint(_sources(study))]
    seen |= {study.id: date for study in old if study.id not in seen}
    fresh = {study.id: study_hash(study) for study in studies if study.id not in seen}
    lock = Lock(date, frozen, fresh, dict(sorted(seen.items())))
    with replacing(path) as aside:
        aside.write_text(_text(lock), encoding="utf-8")
    return lock


def _sources(study: Study) -> set[str]:
    return {source.lower() for source in (study.citation.doi, study.citation.pmcid, study.citation.url) if source}


def standing(lock: Lock | None, now: Frozen) -> Callable[[Study], str]:
    """Return a function that says why a study is no validation; empty for one that is."""

    def why_not(study: Study) -> str:
        if study.use == "calibration":
            return ""
        return f"{BEFORE}: there is no lock file" if lock is None else lock.why_not(study, now)

    return why_not


def _text(lock: Lock) -> str:
    content: dict[str, Any] = {
        "date": lock.date,
        "frozen": {name: getattr(lock.frozen, name) for name in _WORDS},
        "validation": dict(lock.validation),
        SEEN: dict(lock.seen),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"
