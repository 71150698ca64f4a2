"""The posterior that a simulation draws from: the shipped one, one of the user's, or none."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nadflux.network.assemble import Body
from nadflux.notes import Note, NoteCode
from nadflux.people.posterior import SHIPPED, Posterior, model_hash

DEFAULT = "shipped"
PRIORS = "none"


def hash_of(body: Body) -> str:
    """Return the hash of what a posterior depends on: equations, numbers and switches of a body, or its NAD part."""
    if body.part is not None:
        return model_hash(body.part.equations_hash, body.part.rows, body.part.switches)
    return model_hash(body.equations_hash, body.table, body.switches)


def find_posterior(body: Body, wanted: Posterior | Path | str | None = DEFAULT) -> tuple[Posterior | None, Note | None]:
    """Return the posterior to draw from, and a note on it.

    Parameters
    ----------
    body : Body
    wanted : Posterior, path, "shipped" or "none"
        A path must fit the body. The shipped posterior is not used, with a note, where the biology was changed.

    Returns
    -------
    posterior : Posterior or None
        None for draws from the tables' priors.
    note : Note or None
        None where there is nothing to report.

    Raises
    ------
    RecordMismatchError
        For a file that was fitted with another model, or is none.
    """
    if isinstance(wanted, Posterior):
        return wanted, _said(wanted)
    if wanted is None or wanted == PRIORS:
        return None, Note(NoteCode.FROM_PRIORS, "parameters are drawn from the tables' priors, not from a fit")
    units = {row.key: row.unit for row in body.table}
    if wanted != DEFAULT:
        found = Posterior.read(wanted, model_hash=hash_of(body), units=units)
        return found, _said(found)
    if not SHIPPED.is_dir():
        return None, None
    if Posterior.hash_in(SHIPPED) != hash_of(body):
        text = (
            "the shipped posterior was fitted with other equations, numbers or switches: parameters are drawn from "
            "the tables' priors; `nadflux fit` makes a posterior for this model"
        )
        return None, Note(NoteCode.POSTERIOR_LEFT_ASIDE, text)
    found = Posterior.read(SHIPPED, model_hash=hash_of(body), units=units)
    return found, _said(found)


def _said(posterior: Posterior) -> Note:
    studies: Iterable[str] = posterior.record.get("studies", ())
    named = f" of {', '.join(studies)}" if studies else ""
    text = f"parameters are drawn from posterior {posterior.version}, fitted to calibration rows{named}"
    return Note(NoteCode.FROM_POSTERIOR, text, posterior.version)
