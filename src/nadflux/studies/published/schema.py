"""The study schema: one YAML file per published study, checked by pydantic.

The same schema is used for calibration, validation and a user's own trial. It is published as JSON Schema in
``studies/study.schema.json`` (written by ``nadflux validate --schema``).
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model, field_validator, model_validator

from nadflux.errors import NadfluxError
from nadflux.people.covariate_table import SEX, CovariateRow
from nadflux.people.read_covariates import shipped_covariates
from nadflux.studies.published.quantities import parse_time, parse_window
from nadflux.units import compatible

Kind = Literal[
    "value", "change", "ratio", "slope", "sign", "bound", "peak", "tmax", "auc", "half-life", "mean", "correlation"
]
Quantity = Literal["value", "change", "ratio", "slope", "peak", "tmax", "auc", "half-life", "mean"]
Sign = Literal["up", "down", "none"]
Name = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_.+-]*$", max_length=64)]

NEEDS_WINDOW = ("slope", "peak", "tmax", "auc", "half-life", "mean")
RELATIVE_OF = ("value", "peak", "auc", "mean")
RELATIVE_UNITS = {"change": "%", "ratio": "fold"}
FREE_UNITS = ("% of dose", "ratio")
DEFAULT_BAND_PERCENT = 20.0
Z975 = 1.959963984540054  # 97.5th percentile of the standard normal distribution


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, frozen=True, allow_inf_nan=False)


class Citation(_Strict):
    """The publication of a study; at least one of the fields."""

    doi: Annotated[str, Field(pattern=r"^10\.\d{4,9}/\S+$")] | None = Field(
        None, description="DOI, without https://doi.org/"
    )
    pmcid: Annotated[str, Field(pattern=r"^PMC\d+$")] | None = Field(None, description="PubMed Central id")
    url: Annotated[str, Field(pattern=r"^https?://\S+$")] | None = Field(None, description="where it was read")
    text: str | None = Field(None, min_length=3, description="a reference in words where no id is known")

    @model_validator(mode="after")
    def _something(self) -> Citation:
        if not any((self.doi, self.pmcid, self.url, self.text)):
            raise ValueError("is empty; give doi, pmcid, url or text")
        return self


class Spread(_Strict):
    """A mean with its standard deviation, or a range."""

    mean: float | None = Field(None, gt=0)
    sd: float | None = Field(None, ge=0)
    low: float | None = Field(None, ge=0)
    high: float | None = Field(None, gt=0)

    @model_validator(mode="before")
    @classmethod
    def _a_mapping(cls, data: Any) -> Any:
        if not isinstance(data, dict | Spread):
            raise ValueError(f"{data!r} is no spread; write {{mean: 51, sd: 8}} or {{low: 40, high: 60}}")
        return data

    @model_validator(mode="after")
    def _complete(self) -> Spread:
        has_range = self.low is not None and self.high is not None
        if self.mean is None and not has_range:
            raise ValueError("needs mean (with sd) or low and high")
        if has_range and self.low >= self.high:  # type: ignore[operator]
            raise ValueError(f"low {self.low} is not below high {self.high}; swap or correct them")
        return self


class Sex(_Strict):
    """Share of women, 0 to 1."""

    female: float = Field(ge=0, le=1)


class _Population(_Strict):
    """The people of a study, besides their covariates."""

    n: int | None = Field(None, ge=1, le=1_000_000, description="people in the study")
    sex: Sex | None = None
    habits: list[str] = Field(
        default_factory=list,
        description="how they usually live, in the words of plans, e.g. 'sleep 6 h'; every day is then a lived day",
    )
    conditions: list[str] = Field(
        default_factory=list, description="in words, e.g. overweight; `nadflux validate` says which do not act"
    )
    medicines: list[str] = Field(
        default_factory=list, description="in words, e.g. metformin; `nadflux validate` says which do not act"
    )
    note: str | None = None

    @property
    def spreads(self) -> dict[str, Spread]:
        """Return the covariates that the study gives, named and in units as in the table of covariates."""
        given = {row.name: getattr(self, row.name) for row in _spread_rows()}
        return {name: spread for name, spread in given.items() if spread is not None}

    @model_validator(mode="after")
    def _within_range(self) -> _Population:
        for row in _spread_rows():
            spread: Spread | None = getattr(self, row.name)
            if spread is not None and spread.mean is not None:
                _as_value_error(row.check, spread.mean, prefix=f"{row.name}: ")
        return self


def _spread_rows() -> tuple[CovariateRow, ...]:
    return tuple(row for row in shipped_covariates() if row.name != SEX)


if TYPE_CHECKING:
    StudyPopulation = _Population
else:
    StudyPopulation = create_model(
        "StudyPopulation",
        __base__=_Population,
        __module__=__name__,
        __doc__="Who took part, as far as the publication says; what is left out is drawn from the general adult.",
        **{
            row.name: (Spread | None, Field(None, description=f"{row.words},{row.readable_unit or ' a number'}"))
            for row in _spread_rows()
        },
    )


class Arm(_Strict):
    """One group of people and its treatment."""

    id: Name
    plan: str | None = Field(
        None,
        min_length=1,
        description="a sentence of the plan language, doses or habits or both, or 'none' (placebo, cross-section)",
    )
    intervention: str | None = Field(
        None,
        min_length=3,
        description="in words, where the plan language cannot say it yet: prints 'not modelled'",
    )
    set: dict[str, float | str] = Field(
        default_factory=dict,
        description="numbers of the model that differ in this arm, e.g. {liver.NAMPT.activity: 0}",
    )
    n: int | None = Field(None, ge=1, description="people analysed in this arm")
    population: StudyPopulation | None = Field(None, description="where it differs from the study's")
    note: str | None = None

    @model_validator(mode="after")
    def _one_of(self) -> Arm:
        if (self.plan is None) == (self.intervention is None):
            raise ValueError(f"arm {self.id!r} needs exactly one of plan and intervention")
        if self.set and self.intervention is not None:
            raise ValueError(f"arm {self.id!r}: 'set' goes with a plan (or plan: none), not with an intervention")
        return self

    @property
    def untreated(self) -> bool:
        """True if nothing is given (placebo, cross-section)."""
        return self.plan is not None and self.plan.lower() in ("none", "placebo")


class Against(_Strict):
    """The other quantity of a correlation, at the same time."""

    observable: str = Field(min_length=1, description="label or id of an observable, or age")
    matrix: str | None = Field(None, description="as of the row, if left out")


class Observation(_Strict):
    """One published figure, its matrix, unit and time."""

    model_config = ConfigDict(
        extra="forbid", str_strip_whitespace=True, frozen=True, allow_inf_nan=False, populate_by_name=True
    )

    arm: str
    observable: str = Field(
        min_length=1, description="label or id of an observable; 'A/B' is their ratio, 'A + B' their sum"
    )
    matrix: str = Field(min_length=1, description="whole blood, plasma, PBMC, urine, skeletal muscle …")
    kind: Kind
    value: float | Sign = Field(
        description="a number; up, down or none for kind sign, and where only the sign of a correlation was published"
    )
    unit: str | None = Field(None, description="'%' for a change, 'fold' for a ratio, '% of dose' for recovery")
    at: str | None = Field(None, description="time since the first dose, e.g. '56 d'")
    window: str | None = Field(None, description="e.g. '0 h to 96 h'; for peak, tmax, auc, half-life and slope")
    reference: str | None = Field(
        None,
        alias="from",
        description="baseline, a time such as '14 d', or the id of another arm (same time)",
    )
    of: Quantity | None = Field(
        None,
        description="which quantity a sign, bound, change or ratio is about (default value); for change and ratio "
        "peak, auc or mean, compared with the same of the baseline",
    )
    against: Against | None = Field(None, description="for kind correlation: the other quantity, over people")
    bound: Literal["at most", "at least"] | None = None
    band: float | None = Field(None, gt=0, le=100, description="percent; for kind sign, default 20")
    statistic: Literal["mean", "median", "maximum"] = Field(
        "mean", description="over people; maximum is the largest of the n"
    )
    sd: float | None = Field(
        None, ge=0, description="between people, in the unit of the value; of a sign: of the change, in percent"
    )
    se: float | None = Field(None, ge=0, description="standard error of the mean, instead of sd")
    ci: tuple[float, float] | None = Field(None, description="95 % confidence interval of the mean, instead of sd")
    n: int | None = Field(None, ge=1, description="people behind this figure where not the arm's")
    molar_mass: float | None = Field(None, gt=0, le=5000, description="g/mol, needed where the unit is a mass")
    storage: Literal["fresh", "-80 °C", "-20 °C"] | None = Field(
        None, description="how whole blood was kept without methanol; the measurement model takes its loss"
    )
    tier: Literal["read", "recalled"]
    scored: bool | None = Field(None, description="default: yes where tier is read")
    fitted: bool | None = Field(
        None, description="default: as scored; false keeps a scored row of a calibration study out of the likelihood"
    )
    reason: str | None = Field(None, min_length=3, description="why it is shown and not scored, or not fitted")
    facts: list[str] = Field(default_factory=list, description="'study_id | analyte | time' of the source table's rows")
    source: str | None = Field(None, description="where the figure was read, if not the citation")
    note: str | None = None

    @field_validator("value", mode="before")
    @classmethod
    def _no_boolean(cls, value: Any) -> Any:
        if isinstance(value, bool) or value is None:
            raise ValueError(f"is {value!r}; write a number, or up, down or none for kind sign or correlation")
        return value

    @field_validator("at")
    @classmethod
    def _time(cls, at: str | None) -> str | None:
        if at is not None:
            _as_value_error(parse_time, at)
        return at

    @field_validator("window")
    @classmethod
    def _window(cls, window: str | None) -> str | None:
        if window is not None:
            _as_value_error(parse_window, window)
        return window

    @field_validator("unit")
    @classmethod
    def _known_unit(cls, unit: str | None) -> str | None:
        if unit is not None and unit not in FREE_UNITS and unit != "fold":
            _as_value_error(compatible, unit, unit)
        return unit

    @model_validator(mode="after")
    def _fits_together(self) -> Observation:
        for check in (self._check_value, self._check_time, self._check_scored, self._check_spread, self._check_people):
            check()
        return self

    def _check_value(self) -> None:
        if self.kind == "sign":
            if not isinstance(self.value, str):
                raise ValueError(f"kind sign needs value up, down or none, not {self.value!r}")
            if self.unit is not None:
                raise ValueError("kind sign has no unit; remove it")
            return
        if self.kind == "correlation":
            self._check_correlation()
            return
        if isinstance(self.value, str):
            raise ValueError(
                f"value {self.value!r} belongs to kind sign or correlation; kind {self.kind} needs a number"
            )
        if (self.kind == "bound") != (self.bound is not None):
            raise ValueError("'bound: at most' or 'bound: at least' goes with kind bound, and only with it")
        if self.band is not None:
            raise ValueError("band belongs to kind sign; remove it")
        self._check_number(self.value)

    def _check_correlation(self) -> None:
        if not isinstance(self.value, str) and not -1.0 < self.value < 1.0:
            raise ValueError(f"a correlation of {self.value} must lie between -1 and 1")
        for name in ("unit", "band", "bound"):
            if getattr(self, name) is not None:
                raise ValueError(f"kind correlation has no {name}; remove it")

    def _check_number(self, value: float) -> None:
        if self.unit is None:
            raise ValueError(f"kind {self.kind} needs a unit")
        quantity = self.quantity
        if quantity == "change" and value <= -100:
            raise ValueError(f"a change of {value} % leaves nothing; give one above -100 %")
        if quantity not in ("change", "slope") and value <= 0:
            raise ValueError(f"value {value} {self.unit} must be above zero")

    def _check_time(self) -> None:
        quantity, figure = self.quantity, self.figure
        if figure in NEEDS_WINDOW:
            if self.window is None:
                raise ValueError(f"{figure} needs a window, e.g. window: 0 h to 12 h")
        elif self.at is None:
            raise ValueError(f"{quantity} needs a time, e.g. at: 56 d")
        if (quantity in RELATIVE_UNITS or self.kind == "sign") and self.reference is None:
            raise ValueError(f"kind {self.kind} needs from: baseline, a time, or the id of another arm")

    def _check_scored(self) -> None:
        if self.tier == "recalled" and self.scored:
            raise ValueError("a recalled figure is shown, never scored; remove scored: true")
        for name, answer in (("scored", self.scored), ("fitted", self.fitted)):
            if answer is False and self.reason is None:
                raise ValueError(f"{name}: false needs a reason")
        if self.fitted and not self.is_scored:
            raise ValueError("a row that is not scored is not fitted either; remove fitted: true")
        if self.of is not None and self.kind not in ("sign", "bound", "change", "ratio"):
            raise ValueError("'of' goes with kind sign, bound, change or ratio only")
        if self.kind in ("change", "ratio") and self.figure not in RELATIVE_OF:
            raise ValueError(f"a {self.kind} of {self.of} is not defined; of is one of {', '.join(RELATIVE_OF)}")

    def _check_spread(self) -> None:
        given = [name for name in ("sd", "se", "ci") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} say the same; give one of them")
        if self.ci is not None and self.ci[0] >= self.ci[1]:
            raise ValueError(f"ci {list(self.ci)} is empty; its low end must be below its high end")

    def _check_people(self) -> None:
        if (self.kind == "correlation") != (self.against is not None):
            raise ValueError("'against: {observable, matrix}' goes with kind correlation, and only with it")
        if self.statistic == "maximum" and (self.kind == "sign" or self.figure == "slope"):
            raise ValueError(f"the maximum over people has no {self.kind}; give a figure, or statistic: mean")

    def deviation(self, n: int) -> float | None:
        """Return the standard deviation between people, in the unit of the value; None if no spread is published.

        Parameters
        ----------
        n : int
            People behind the figure.
        """
        if self.ci is not None:
            return (self.ci[1] - self.ci[0]) / (2.0 * Z975) * math.sqrt(n)
        return self.sd if self.se is None else self.se * math.sqrt(n)

    @property
    def quantity(self) -> str:
        """The computed quantity: the kind itself, or the quantity of a sign or bound."""
        if self.kind in ("sign", "bound"):
            return self.of or "value"
        return self.kind

    @property
    def figure(self) -> str:
        """The figure computed of each person: what a sign, bound, change or ratio is about, else the kind."""
        if self.kind not in ("sign", "bound", "change", "ratio"):
            return self.kind
        return "value" if self.of in (None, "change", "ratio") else str(self.of)

    @property
    def is_scored(self) -> bool:
        """True if the row counts in the totals."""
        return self.tier == "read" if self.scored is None else self.scored

    @property
    def why_not_fitted(self) -> str:
        """The reason why a calibration leaves the row out; empty for a fitted row."""
        if not self.is_scored:
            return self.why_not_scored
        return (self.reason or "") if self.fitted is False else ""

    @property
    def why_not_scored(self) -> str:
        """The reason why the row is not scored; empty for a scored row."""
        if self.is_scored:
            return ""
        return self.reason or "recalled, not read in a source"


class Study(_Strict):
    """One published study: people, treatments and observations."""

    id: Name
    title: str | None = None
    citation: Citation
    population: StudyPopulation
    arms: list[Arm] = Field(min_length=1)
    observations: list[Observation] = Field(min_length=1)
    use: Literal["calibration", "validation"]
    note: str | None = None

    @model_validator(mode="after")
    def _arms_exist(self) -> Study:
        names = [arm.id for arm in self.arms]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"arm id {name!r} occurs twice; arm ids are unique within a study")
        changed = [arm.id for arm in self.arms if arm.set]
        if changed and self.use == "calibration":
            raise ValueError(
                f"arm {changed[0]!r} sets numbers of the model, which a calibration draws; write use: validation"
            )
        for index, row in enumerate(self.observations):
            where = f"observations[{index}]"
            if row.arm not in names:
                raise ValueError(f"{where}.arm: unknown arm {row.arm!r}; arms are {', '.join(names)}")
            reference = row.reference
            if reference == row.arm:
                raise ValueError(
                    f"{where}.from: arm {row.arm!r} cannot be compared with itself; name another arm, "
                    "baseline or a time"
                )
            if reference is None or reference == "baseline" or reference in names:
                continue
            if not re.match(r"^[\d.]", reference):
                raise ValueError(
                    f"{where}.from: {reference!r} is neither baseline, a time such as '14 d', nor an arm "
                    f"({', '.join(names)})"
                )
            _as_value_error(parse_time, reference, prefix=f"{where}.from: ")
        return self

    def arm(self, name: str) -> Arm:
        """Return the arm with this id."""
        return next(arm for arm in self.arms if arm.id == name)

    def people(self, row: Observation) -> int:
        """Return the number of people behind a row: its own n, the arm's, the study's shared over the arms, else 1."""
        arm = self.arm(row.arm)
        if row.n or arm.n:
            return row.n or arm.n or 1
        if arm.population is not None and arm.population.n:
            return arm.population.n
        if self.population.n:
            return max(1, math.floor(self.population.n / len(self.arms)))
        return 1


def _as_value_error(function: Any, *arguments: Any, prefix: str = "") -> None:
    """Run a parser inside pydantic, which expects `ValueError`."""
    try:
        function(*arguments)
    except NadfluxError as error:
        raise ValueError(f"{prefix}{error}") from error
