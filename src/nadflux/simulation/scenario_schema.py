"""The schema of a scenario document: names, types and meaning of its fields. Published as JSON Schema.

Kept apart from `nadflux.simulation.scenario`, as its library takes longer to import than one day takes to simulate.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from nadflux.simulation.select_posterior import DEFAULT

SCHEMA_ID = "scenario.schema.json"
Index = Annotated[int, Field(ge=0)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


def _number(value: object) -> object:
    """Read an exponent without a point, 7e-05 as JSON writes it, which YAML takes for text."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SpreadDocument(_Document):
    """Mean and standard deviation of a trait between people, in the unit of the trait."""

    mean: Finite
    sd: Finite = 0.0


class PersonDocument(_Document):
    """One person; what is left out is drawn."""

    sex: Literal["woman", "man"]
    age: Annotated[Finite, Field(description="Years.")]
    weight: Annotated[Finite | None, Field(description="kg")] = None
    height: Annotated[Finite | None, Field(description="cm")] = None
    habits: Annotated[list[str], Field(description="How they usually live, as sentences of the plan language.")] = []
    covariates: Annotated[
        dict[str, Finite], Field(description="What else is known, by the names of the table of covariates.")
    ] = {}
    health: Annotated[
        dict[str, bool | Finite],
        Field(description="Conditions, medicines and laboratory values, by the names of the table of facts."),
    ] = {}


class CohortDocument(_Document):
    """People known by the means of a group; at most two of weight, height and body mass index."""

    n: Annotated[int, Field(ge=1, description="Number of people of the group.")]
    age: Annotated[SpreadDocument, Field(description="Years.")]
    female: Annotated[Finite, Field(ge=0, le=1, description="Share of women.")] = 0.5
    weight: Annotated[SpreadDocument | None, Field(description="kg")] = None
    height: Annotated[SpreadDocument | None, Field(description="cm")] = None
    bmi: Annotated[SpreadDocument | None, Field(description="kg/m²")] = None
    name: str = "cohort"
    habits: Annotated[list[str], Field(description="How all of them usually live.")] = []
    covariates: Annotated[
        dict[str, SpreadDocument], Field(description="What else is known, by the names of the table of covariates.")
    ] = {}


class ScenarioDocument(_Document):
    """One question about people: what `nadflux simulate --scenario` runs and the record of a run holds."""

    version: Annotated[Literal[1], Field(description="Of this schema.")]
    who: Annotated[
        str | PersonDocument | CohortDocument,
        Field(description="A sentence such as 'woman, 62 y, 70 kg', a person or a cohort."),
    ]
    plan: Annotated[str | None, Field(description="A sentence of the plan language; null: nothing is taken.")] = None
    people: Annotated[
        Annotated[int, Field(ge=1)] | Annotated[list[Index], Field(min_length=1)],
        Field(description="How many people, or the indices of those that are simulated."),
    ] = 64
    seed: Annotated[Index, Field(description="Same seed, same bits.")] = 0
    settings: Annotated[
        dict[str, str | Finite], Field(description="Numbers of the model that are changed, by name, with their unit.")
    ] = {}
    switches: Annotated[dict[str, str], Field(description="Options of contested links, by name.")] = {}
    body: Annotated[
        Literal["nad", "whole"] | None, Field(description="null: the smallest that has all that is named.")
    ] = None
    outputs: Annotated[list[str] | None, Field(description="Observables to keep; null: all.")] = None
    peaks: Annotated[list[str], Field(description="Observables whose peak and its time are wanted.")] = []
    times: Annotated[list[Finite] | None, Field(description="When to store, h; null: as the length asks.")] = None
    days: Annotated[Finite | None, Field(description="Length; null: that of the times or the plan.")] = None
    uncertainty: Annotated[bool, Field(description="Whether typical values are drawn.")] = True
    spread: Annotated[bool, Field(description="Whether people depart from them.")] = True
    group: Annotated[int, Field(ge=1, description="Consecutive people who share one draw of typical values.")] = 1
    posterior: Annotated[str, Field(description="'shipped', 'none' for the tables' priors, or a path.")] = DEFAULT
    rtol: Annotated[
        Annotated[Finite, Field(gt=0, le=0.1)] | None,
        BeforeValidator(_number),
        Field(description="Relative tolerance of the integration; null: that of the body."),
    ] = None
    research: Annotated[bool, Field(description="Whether a plan that screening stops is simulated, and marked.")] = (
        False
    )
    supervised: Annotated[bool, Field(description="Whether close supervision is stated; nobody verifies it.")] = False


def schema_json() -> str:
    """Return the schema as JSON Schema (draft 2020-12) text, as ``docs/scenario.schema.json`` holds it."""
    document: dict[str, Any] = ScenarioDocument.model_json_schema()
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": SCHEMA_ID}
    return json.dumps({**head, **document}, indent=2, ensure_ascii=False) + "\n"
