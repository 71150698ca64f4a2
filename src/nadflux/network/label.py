"""A labelled copy of a moiety: every molecule that carries it gets a labelled twin, and label follows the rates.

The unlabelled model is left as it is: it still counts all molecules, labelled or not, and a label at zero
changes nothing. Labelled amounts are zero at the start and come in with doses alone.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nadflux.errors import ModelError, UnknownNameError
from nadflux.network.expression import Apply, Expression, Number, Symbol, symbols
from nadflux.network.model import Model, Parameter, Reaction, Species, SpeciesReference
from nadflux.network.names import join, to_name
from nadflux.network.transfers import Transfer, transfers, with_input

LABEL = "label"


@dataclass(frozen=True)
class Labelled:
    """A model with a labelled copy of one moiety.

    Attributes
    ----------
    model : Model
    twins : mapping of str to str
        Labelled species by the id of the species whose labelled part it is.
    inputs : mapping of str to str
        Labelled input by the id of the input (an infusion rate) of which it is the labelled part.
    transfers : tuple of Transfer
        What carries the moiety, one entry for each direction and source.
    weights : mapping of str to float
        Moieties per molecule, of the species that carry any.
    built : mapping of (str, str) to str
        Counter by organ and form, see `count_entries`.
    forms : mapping of (str, str, str) to str
        Species that holds the part of a species' label which its organ took up in a form, by organ, form, species.
    """

    model: Model
    twins: Mapping[str, str]
    inputs: Mapping[str, str]
    transfers: tuple[Transfer, ...]
    weights: Mapping[str, float]
    built: Mapping[tuple[str, str], str] = dataclasses.field(default_factory=dict)
    forms: Mapping[tuple[str, str, str], str] = dataclasses.field(default_factory=dict)


def label_moiety(model: Model, weights: Mapping[str, float], inputs: Sequence[str] = ()) -> Labelled:
    """Add the labelled copy of a moiety.

    Parameters
    ----------
    model : Model
    weights : mapping of str to float
        Moieties per molecule by species id; ledgers (negative) are left out.
    inputs : sequence of str
        Parameters that a plan may step; those that bring moieties in get a labelled twin, zero at the start.

    Returns
    -------
    Labelled
        Σ weight · labelled amount changes by labelled doses alone.

    Raises
    ------
    ModelError
        Where the fate of the moiety in a reaction is not determined, see `transfers`.
    UnknownNameError
        For a species the model does not have.
    """
    for name in weights:
        if name not in model.species:
            raise UnknownNameError("species", to_name(name), map(to_name, model.species))
    if model.events:
        raise ModelError("label cannot be traced through the events of a model; dose it by a plan instead")
    carriers = {name: weight for name, weight in weights.items() if weight > 0}
    moved = transfers(model, carriers)
    species = dict(model.species)
    twins: dict[str, str] = {}
    for name in carriers:
        twins[name] = join(name, LABEL)
        species[twins[name]] = _empty(model.species[name], twins[name], "labelled")
    parameters = dict(model.parameters)
    twin_inputs: dict[str, str] = {}
    for name in inputs:
        twin_inputs[name] = join(name, LABEL)
    reactions = dict(model.reactions)
    used_inputs: set[str] = set()
    for number, transfer in enumerate(moved):
        identifier = f"{transfer.reaction}__{LABEL}{number}"
        if transfer.source is None:
            law = with_input(transfer, twin_inputs)
            if law is not None:
                used_inputs |= {i for i, twin in twin_inputs.items() if twin in symbols(law)}
                reactions[identifier] = _twin(identifier, transfer, None, twins, law)
            continue
        law = transfer.carried(Symbol(twins[transfer.source]))
        reactions[identifier] = _twin(identifier, transfer, twins[transfer.source], twins, law)
    for name in used_inputs:
        parameters[twin_inputs[name]] = Parameter(
            twin_inputs[name], 0.0, model.parameters[name].unit, name=f"labelled part of {to_name(name)}"
        )
    labelled = dataclasses.replace(model, species=species, parameters=parameters, reactions=reactions)
    return Labelled(labelled, twins, {i: twin_inputs[i] for i in inputs if i in used_inputs}, tuple(moved), carriers)


def count_entries(labelled: Labelled, entries: Mapping[str, str], within: Mapping[str, str]) -> Labelled:
    """Tell label apart by the form in which it last entered the nucleotides of an organ.

    Parameters
    ----------
    labelled : Labelled
    entries : mapping of str to str
        Reactions that build a precursor into nucleotides, by id, with the form (NR, NA, NAM …) they take it in.
    within : mapping of str to str
        Organ of each species inside an organ's cells, by species id.

    Returns
    -------
    Labelled
        With, for each organ and form, a counter ``ORGAN__built__FORM`` (µmol of label built in since the start; a
        molecule set free and built in again without leaving the organ counts once) and, for each species that
        such label can reach within the organ, the part of its label that came in that form. What leaves the
        organ is forgotten: it enters the next organ in the form it then has.
    """
    births: dict[tuple[str, str], list[Transfer]] = {}
    for transfer in labelled.transfers:
        form = entries.get(transfer.reaction)
        if form is None or transfer.source is None or transfer.direction != "forward":
            continue
        organs = {within[target] for target, _ in transfer.targets if target in within}
        if len(organs) == 1:
            births.setdefault((organs.pop(), form), []).append(transfer)
    species, reactions = dict(labelled.model.species), dict(labelled.model.reactions)
    forms: dict[tuple[str, str, str], str] = {}
    built: dict[tuple[str, str], str] = {}
    for (organ, form), born in births.items():
        for name in _reached(labelled, born, organ, within):
            forms[organ, form, name] = join(name, form)
            species[join(name, form)] = _empty(labelled.model.species[name], join(name, form), f"came as {form}")
        built[organ, form] = join(organ, "built", form)
        place = next(target for target, _ in born[0].targets if within.get(target) == organ)
        species[built[organ, form]] = dataclasses.replace(
            _empty(labelled.model.species[place], built[organ, form], ""), name=f"label built in as {form} ({organ})"
        )
    for (organ, form), born in births.items():
        for transfer in born:
            law = transfer.carried(_uncounted(labelled, forms, organ, transfer.source or ""))
            identifier = join(transfer.reaction, "built", form)
            targets = [(forms[organ, form, t], n) for t, n in transfer.targets if (organ, form, t) in forms]
            total = sum(n * labelled.weights[t] for t, n in transfer.targets)
            targets.append((built[organ, form], total))
            reactions[identifier] = _reaction(identifier, None, 0.0, targets, law)
    for number, transfer in enumerate(labelled.transfers):
        for (organ, form), _ in births.items():
            part = forms.get((organ, form, transfer.source or ""))
            if part is None:
                continue
            targets = [(forms[organ, form, t], n) for t, n in transfer.targets if (organ, form, t) in forms]
            identifier = f"{join(transfer.reaction, form)}{number}"
            law = transfer.carried(Symbol(part))
            reactions[identifier] = _reaction(identifier, part, transfer.given, targets, law)
    model = dataclasses.replace(labelled.model, species=species, reactions=reactions)
    return dataclasses.replace(labelled, model=model, built=built, forms=forms)


def _reached(labelled: Labelled, born: Sequence[Transfer], organ: str, within: Mapping[str, str]) -> list[str]:
    """Return species of an organ that label built in by given transfers can reach without leaving the organ."""
    found = [t for transfer in born for t, _ in transfer.targets if within.get(t) == organ]
    for name in found:
        for transfer in labelled.transfers:
            if transfer.source == name:
                found += [t for t, _ in transfer.targets if within.get(t) == organ and t not in found]
    return list(dict.fromkeys(found))


def _uncounted(labelled: Labelled, forms: Mapping[tuple[str, str, str], str], organ: str, name: str) -> Expression:
    """Label of a species that has not been built into nucleotides since it entered the organ."""
    parts = [Symbol(part) for (place, _, s), part in forms.items() if place == organ and s == name]
    label: Expression = Symbol(labelled.twins[name])
    for part in parts:
        label = Apply("sub", (label, part))
    return label


def _twin(
    identifier: str, transfer: Transfer, source: str | None, twins: Mapping[str, str], law: Expression
) -> Reaction:
    targets = [(twins[name], count) for name, count in transfer.targets]
    return _reaction(identifier, source, transfer.given, targets, law)


def _reaction(
    identifier: str, source: str | None, given: float, targets: Sequence[tuple[str, float]], law: Expression
) -> Reaction:
    reactants = (SpeciesReference(source, Number(given)),) if source is not None else ()
    products = tuple(SpeciesReference(name, Number(count)) for name, count in targets)
    return Reaction(identifier, reactants, products, law, name="label follows")


def _empty(species: Species, identifier: str, what: str) -> Species:
    amount, concentration = (0.0, None) if species.only_substance_units else (None, 0.0)
    name = f"{species.name}, {what}"
    return dataclasses.replace(species, id=identifier, name=name, amount=amount, concentration=concentration)
