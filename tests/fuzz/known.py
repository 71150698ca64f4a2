"""Faults that are known and open: ``known_open.csv``, with the smallest input of each and what came of it."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from asking import KINDS, Kind, Outcome

FILE = Path(__file__).with_name("known_open.csv")


@dataclass(frozen=True)
class Open:
    """One open fault: the kind of input, where nadflux fails, how the message begins, and the smallest input."""

    kind: str
    place: str
    said: str
    input: str

    @property
    def asked(self) -> Kind:
        """How the input is asked."""
        return KINDS[self.kind]

    def explains(self, found: Outcome) -> bool:
        """Whether a failure is this one."""
        return found.place.startswith(self.place) and found.said.startswith(self.said)


@lru_cache(maxsize=1)
def known_open() -> tuple[Open, ...]:
    """All open faults; inputs stand in the file as JSON, so that any letter can."""
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(Open(row["kind"], row["place"], row["said"], json.loads(row["input"])) for row in rows)


def is_known(found: Outcome) -> bool:
    """Whether a failure is an open one."""
    return any(fault.explains(found) for fault in known_open())
