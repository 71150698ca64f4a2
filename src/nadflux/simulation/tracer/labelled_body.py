"""The body with a labelled copy of its nicotinamide moiety: assembled and lowered once, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from nadflux.kernel import cache as store
from nadflux.network.assemble import assemble
from nadflux.network.check_scale import refuse_unit_faults
from nadflux.network.expression import Apply, Expression, Number, Symbol
from nadflux.network.label import Labelled, count_entries, label_moiety
from nadflux.network.model import Model
from nadflux.network.names import first_part, to_id, to_name
from nadflux.network.pathways import nad_pools, reactions_of, read_pathways
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import Prepared, assembler_hash, hash_of_folder, reader_versions

MOIETY = "NAD"
BUILT, HELD, PLACE, KIND = "built", "held", "place", "kind"


@dataclass(frozen=True, eq=False)
class Traced:
    """The body with its label, ready to run.

    Outputs of the program are ``built:ORGAN:FORM``, ``held:ORGAN:FORM``, ``place:PLACE`` and ``kind:COMPOUND``, all
    in µmol of labelled moiety (see `nadflux.simulation.tracer.tracer.Trace`).
    """

    prepared: Prepared
    labelled: Labelled


def traced_body(switches: Mapping[str, str] | None = None) -> Traced:
    """Return the labelled body with the given switches, from the cache if it is in it."""
    return _traced(tuple(sorted((switches or {}).items())), hash_of_folder(BIOLOGY))


@lru_cache(maxsize=4)
def _traced(switches: tuple[tuple[str, str], ...], biology_hash: str) -> Traced:
    key = store.key_of("traced-2", biology_hash, switches, assembler_hash(), Path(__file__).read_bytes())
    return store.cached_value(f"{key}.body", Traced, lambda: _build(dict(switches), biology_hash))


def _build(switches: Mapping[str, str], biology_hash: str) -> Traced:
    from nadflux.kernel.lower import lower

    body = assemble(BIOLOGY, switches=switches)
    refuse_unit_faults(body.model, BIOLOGY)
    weights = {to_id(m.name): m.weight for m in body.moieties if m.moiety == MOIETY}
    pathways = read_pathways(BIOLOGY / "pathways.csv")
    named = reactions_of(body.model, pathways)
    entries = {name: row.form for name, (_, row) in named.items() if row.role == "synthesis"}
    labelled = label_moiety(body.model, weights, body.inputs)
    labelled = count_entries(labelled, entries, {name: first_part(name) for name in labelled.weights})
    inputs = (*body.inputs, *labelled.inputs.values())
    outputs = _outputs(labelled, nad_pools(body.model, pathways))
    program = lower(labelled.model, outputs, inputs)
    body = replace(body, model=labelled.model, inputs=inputs)
    return Traced(Prepared(body, program, biology_hash, {}, reader_versions()), labelled)


def _outputs(labelled: Labelled, pools: Mapping[str, tuple[str, ...]]) -> dict[str, Expression]:
    model, outputs = labelled.model, {}
    for (organ, form), counter in labelled.built.items():
        outputs[f"{BUILT}:{organ}:{form}"] = _amount(model, counter, 1.0)
        held = [
            _amount(model, part, labelled.weights[name])
            for (place, came, name), part in labelled.forms.items()
            if (place, came) == (organ, form) and name in pools.get(organ, ())
        ]
        outputs[f"{HELD}:{organ}:{form}"] = Apply("add", tuple(held)) if held else Number(0.0)
    sums: dict[str, list[Expression]] = {}
    for name, twin in labelled.twins.items():
        amount = _amount(model, twin, labelled.weights[name])
        sums.setdefault(f"{PLACE}:{first_part(name)}", []).append(amount)
        sums.setdefault(f"{KIND}:{to_name(name).rpartition('.')[2]}", []).append(amount)
    outputs.update({name: Apply("add", tuple(terms)) for name, terms in sums.items()})
    return outputs


def _amount(model: Model, name: str, weight: float) -> Expression:
    species = model.species[name]
    amount: Expression = Symbol(name)
    if not species.only_substance_units:
        amount = Apply("mul", (amount, Symbol(species.compartment)))
    return Apply("mul", (Number(weight), amount))
