"""Questions to an installation whose table of covariates has more rows; prints the answers as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np

import nadflux as nf
from nadflux.errors import NadfluxError
from nadflux.inference.sensitivity import sensitivity
from nadflux.people import Cohort, Distribution, Person, assumed_covariates, draw_covariates
from nadflux.people.covariates import typical_covariates
from nadflux.studies.published.published import schema_json
from nadflux.studies.published.read import parse_study
from nadflux.studies.published.simulated_arms import cohort_of

PEOPLE = np.arange(4000)
SIZE = "woman, 62 y, 70 kg, 165 cm"
STUDY = """
id: kidneys
citation: {{text: nobody}}
population: {{n: 20, age: {{mean: 60, sd: 8}}, {name}: {{mean: {mean}, sd: 10}}}}
use: validation
arms: [{{id: all, plan: none}}]
observations:
  - {{arm: all, observable: NAD+, matrix: whole blood, kind: value, value: 20, unit: uM, at: 0 h, tier: read}}
"""


def main() -> None:
    """Print all answers."""
    print(json.dumps({"words": words(), "runs": runs(), "cohort": cohort(), "study": study(), "decides": decides()}))


def words() -> dict[str, Any]:
    """A person is read, printed and refused."""
    person = Person.parse(f"{SIZE}, eGFR 45")
    return {
        "printed": str(person),
        "again": Person.parse(str(person)) == person == Person("woman", 62, 70, 165, covariates={"eGFR": 45}),
        "unknown": person.unknown,
        "assumed": [note.text for note in assumed_covariates(person)],
        "misspelt": refusal(lambda: Person.parse(f"{SIZE}, eGRF 45")),
        "outside": refusal(lambda: Person.parse(f"{SIZE}, eGFR 450")),
        "bare": refusal(lambda: Person.parse(f"{SIZE}, eGFR")),
        "unit": refusal(lambda: Person.parse(f"{SIZE}, eGFR 45 kg")),
        "litres": Person.parse(f"{SIZE}, eGFR 2.7 L/h").covariates["eGFR"],
        "by hand": refusal(lambda: nf.simulate(SIZE, None, n=1, set={"person.filtration_trait": 1.0})),
    }


def runs() -> dict[str, Any]:
    """Numbers follow what is said: urine the filtration, insulin the sensitivity; the body is the one that has it."""
    kidneys = [first(f"{SIZE}, eGFR {said}, insulin sensitivity 1", "urine_nam", body="nad") for said in (45, 90)]
    insulin = [first(f"{SIZE}, eGFR 90, insulin sensitivity {said}", "plasma_insulin") for said in (0.5, 1)]
    chosen = nf.simulate(f"{SIZE}, insulin sensitivity 0.5", None, n=1, days=0.01, outputs=("plasma_nam",))
    return {"urine": kidneys, "insulin": insulin, "body": chosen.record["body"]}


def first(who: str, output: str, **options: Any) -> float:
    """The value at rest of the typical person."""
    asked = {"n": 1, "days": 0.01, "uncertainty": False, "spread": False, "outputs": (output,), **options}
    return float(nf.simulate(who, None, **asked).values[0, 0, 0])


def cohort() -> dict[str, Any]:
    """Drawn by the distribution of the table, or by that of the group, and correlated either way."""
    free = Cohort(PEOPLE.size, Distribution(50, 10), female=1.0)
    told = Cohort(PEOPLE.size, Distribution(50, 10), female=1.0, covariates={"eGFR": Distribution(60, 10)})
    heavy = draw_covariates(Person("woman", 40, 110, 165), PEOPLE, 1)
    drawn, given = draw_covariates(free, PEOPLE, 1), draw_covariates(told, PEOPLE, 1)
    weak = draw_covariates(Person.parse(f"{SIZE}, beta cells 0.5"), PEOPLE[:2], 1)
    return {
        "only where said": ["beta_share" in drawn, weak["beta_share"].tolist()],
        "said": str(told),
        "median": float(np.median(drawn["eGFR"])),
        "log sd": float(np.log(drawn["eGFR"]).std()),
        "correlations": [
            float(np.corrcoef(np.log(drawn[name]), np.log(drawn["weight"] / drawn["height"] ** 2))[0, 1])
            for name in ("eGFR", "insulin_sensitivity")
        ],
        "mean of the group": float(given["eGFR"].mean()),
        "sd of the group": float(given["eGFR"].std()),
        "correlation of the group": float(
            np.corrcoef(given["eGFR"], np.log(given["weight"] / given["height"] ** 2))[0, 1]
        ),
        "median of the heavy": float(np.median(heavy["insulin_sensitivity"])),
        "others": {name: float(drawn[name].sum()) for name in ("female", "age", "weight", "height")},
    }


def study() -> dict[str, Any]:
    """A study's population takes it, and a wrong name or number is refused at its line."""
    read = parse_study(STUDY.format(name="eGFR", mean=60), "kidneys.yaml")
    people = cohort_of(read.population, 45.0, 20, "all")
    return {
        "mean": people.described["eGFR"].mean,
        "typical": float(typical_covariates(people, 1)["eGFR"][0]),
        "misspelt": refusal(lambda: parse_study(STUDY.format(name="eGRF", mean=60), "kidneys.yaml")),
        "outside": refusal(lambda: parse_study(STUDY.format(name="eGFR", mean=600), "kidneys.yaml")),
        "schema": "eGFR, mL/min" in schema_json(),
    }


def decides() -> dict[str, Any]:
    """Sensitivity varies it among the uncertain numbers, and lists at what the others were held."""
    person = Person("woman", 62, 70)
    found = sensitivity(person, None, "urine_nam", covariates=("eGFR",), top=3, base=8, days=0.01)
    described = Person("woman", 62, 70, covariates={"eGFR": 45})
    return {
        "names": found.indices.names,
        "tier": found.tiers["eGFR"],
        "held": dict(found.typical),
        "refused": refusal(lambda: sensitivity(described, None, "urine_nam", covariates=("eGFR",))),
    }


def refusal(ask: Callable[[], object]) -> str:
    """The message of the error that a question ends with."""
    try:
        ask()
    except NadfluxError as error:
        return str(error)
    return "nothing refused"


if __name__ == "__main__":
    main()
