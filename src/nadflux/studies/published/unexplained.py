"""Errors of a prediction that neither parameters nor people nor the assay explain.

Two parts, both on the natural logarithm of a figure. *Heterogeneity* is peculiar to one study and one analyte: the
same compound at the same dose raises the same analyte more in one trial than in another. *Discrepancy* is what the
structure gets wrong of one analyte under one class of compounds, in every study alike. Both are normal with mean zero.
For a ratio their standard deviation is proportional to the size of the response (with a floor): where nothing happens,
little can differ. Priors are rows of ``biology/measurement/unexplained.csv``; both are learned from
leave-one-study-out errors by `nadflux.studies.published.learn_unexplained`.

Studies left out of a fit had been in view while the structure was built, so their errors are smaller than those of new
studies. For new ones both parts are multiplied by a factor of the table (*optimism*), and the discrepancy of what was
never fitted by one more; neither can be learned from studies in view.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Literal

from nadflux.network.tables import ParameterRow, ParameterTable
from nadflux.plans.catalogue import shipped
from nadflux.plans.language.sentence import parse_plan
from nadflux.studies.published.schema import Arm, Observation
from nadflux.studies.published.target import Target
from nadflux.words.table import NOTHING

Scale = Literal["ratio", "level", "time"]
SCALES: tuple[Scale, ...] = ("ratio", "level", "time")
PARTS = ("heterogeneity", "discrepancy")
_TIMES = ("tmax", "half-life")


@dataclass(frozen=True)
class FigureKind:
    """Scale, analyte and compounds of a figure, by which its unexplained errors differ.

    Attributes
    ----------
    scale : {"ratio", "level", "time"}
    analyte : str
        Ids of its observables.
    compound : str
        Class of what was taken, such as ``NR``; ``nothing`` at rest.
    """

    scale: Scale
    analyte: str
    compound: str

    @property
    def name(self) -> str:
        """One text for all three."""
        return f"{self.scale} | {self.analyte} | {self.compound}"


def kind_of(row: Observation, target: Target, arm: Arm, relative: bool) -> FigureKind:
    """Return the kind of a row's figure."""
    scale: Scale = "time" if row.quantity in _TIMES else "ratio" if relative else "level"
    return FigureKind(scale, " ".join(part.id for part in target.parts), compound_class(arm))


def compound_class(arm: Arm) -> str:
    """Return what an arm takes: precursors in the order of the alphabet, ``habits``, or ``nothing``."""
    return NOTHING if arm.plan is None or arm.untreated else _class_of(arm.plan)


@lru_cache(maxsize=256)
def _class_of(plan: str) -> str:
    parsed = parse_plan(plan)
    compounds = shipped().compounds
    taken = sorted({compounds[compound].moiety_species for compound, _ in parsed.ways})
    return " + ".join(taken) if taken else "habits" if parsed.lifestyle else NOTHING


@dataclass(frozen=True)
class Unexplained:
    """Standard deviations of heterogeneity and discrepancy.

    Attributes
    ----------
    sd : mapping of str to float
        By ``heterogeneity.SCALE`` and ``discrepancy.SCALE``; per unit of log response for a ratio, else natural log.
    pairs : mapping of str to float
        Of the discrepancy of each kind of figure that was fitted, by `FigureKind.name`.
    unfitted : float
        Factor on the discrepancy of kinds that were not, in new studies.
    optimism : mapping of str to float
        Factor on both parts in new studies, by scale.
    floor : float
        Log response below which the parts of a ratio no longer fall.
    learned : bool
        Whether they were learned, or are the priors of the table.
    in_view : bool
        Whether the study predicted was in view while the structure was built: no factor is then applied.
    """

    sd: Mapping[str, float]
    unfitted: float
    optimism: Mapping[str, float]
    floor: float
    pairs: Mapping[str, float] = field(default_factory=dict)
    learned: bool = False
    in_view: bool = False

    @classmethod
    def prior(cls, table: ParameterTable) -> Unexplained:
        """Return the medians of the priors of the assay table."""
        optimism: dict[str, float] = {scale: _value(table, f"optimism.{scale}") for scale in SCALES}
        sd = {name: row.value for name, row in prior_rows(table).items()}
        return cls(sd, _value(table, "discrepancy.unfitted"), optimism, _value(table, "response.floor"))

    @classmethod
    def of(cls, record: Mapping[str, Any], table: ParameterTable) -> Unexplained:
        """Return what a posterior's ``record`` holds, the priors where it holds nothing."""
        found = record.get("unexplained")
        prior = cls.prior(table)
        if not found:
            return prior
        sd = {**prior.sd, **{name: float(value) for name, value in found["sd"].items()}}
        pairs = {name: float(value) for name, value in found["pairs"].items()}
        return replace(prior, sd=sd, pairs=pairs, learned=True)

    def of_study_in_view(self) -> Unexplained:
        """Return the same for a study that was in view while the structure was built."""
        return replace(self, in_view=True)

    def record(self) -> dict[str, Any]:
        """Return what `of` reads."""
        return {"sd": dict(self.sd), "pairs": dict(self.pairs)}

    def variances(self, kind: FigureKind, log_response: float) -> dict[str, float]:
        """Return the variance of each part for a figure, natural log.

        Parameters
        ----------
        kind : FigureKind
        log_response : float
            Predicted natural log of the ratio; of no influence on levels and times.

        Returns
        -------
        dict
            ``studies`` (heterogeneity) and ``model`` (discrepancy).
        """
        size = size_of(kind.scale, log_response, self.floor)
        unfitted = 1.0 if self.in_view else self.unfitted
        size *= 1.0 if self.in_view else self.optimism[kind.scale]
        discrepancy = self.pairs.get(kind.name, unfitted * self.sd[f"discrepancy.{kind.scale}"])
        return {
            "studies": (size * self.sd[f"heterogeneity.{kind.scale}"]) ** 2,
            "model": (size * discrepancy) ** 2,
        }


def size_of(scale: Scale, log_response: float, floor: float) -> float:
    """Return the factor on the standard deviations of a figure: 1 for levels and times, the response for a ratio."""
    return math.hypot(log_response, floor) if scale == "ratio" else 1.0


def prior_rows(table: ParameterTable) -> dict[str, ParameterRow]:
    """Return the rows of what is learned, by name."""
    return {f"{part}.{scale}": _row(table, f"{part}.{scale}") for part in PARTS for scale in SCALES}


def names(scales: Sequence[str]) -> tuple[str, ...]:
    """Return the names of what is learned of figures on such scales."""
    return tuple(f"{part}.{scale}" for part in PARTS for scale in SCALES if scale in scales)


def _value(table: ParameterTable, name: str) -> float:
    return _row(table, name).value


def _row(table: ParameterTable, name: str) -> ParameterRow:
    return table.row(f"all.{name}")
