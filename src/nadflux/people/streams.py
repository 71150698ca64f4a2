"""Random numbers keyed by (seed, person, purpose): person 7 is the same in a cohort of 10 or of 1000."""

from __future__ import annotations

import hashlib

import numpy as np

from nadflux.errors import ValueOutOfRangeError


def check_seed(seed: int) -> int:
    """Return the seed.

    Raises
    ------
    ValueOutOfRangeError
        If it is not a whole number of zero or more.
    """
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueOutOfRangeError(f"seed {seed!r} cannot be used; give a whole number of 0 or more")
    return int(seed)


def seed_again(seed: int, attempt: int) -> int:
    """Return the seed of another draw of the same people: its numbers are independent of those of the first.

    Parameters
    ----------
    seed : int
        That of the first draw.
    attempt : int
        1 for the second draw, 2 for the third.
    """
    words = np.random.SeedSequence([seed, attempt]).generate_state(4, np.uint32)
    return int.from_bytes(words.astype("<u4").tobytes(), "little")


def uniforms(seed: int, purpose: str, people: np.ndarray) -> np.ndarray:
    """Return one number in (0, 1) for each person.

    Parameters
    ----------
    seed : int
        Root of the ``SeedSequence`` tree.
    purpose : str
        Name of the use of the number; each purpose is its own branch of the tree.
    people : ndarray of int, shape (person,)
        Index of each person; the number depends on the index, not on the position.

    Returns
    -------
    ndarray, shape (person,), probabilities
    """
    if people.size == 0:
        return np.zeros(0)
    digest = hashlib.blake2b(purpose.encode(), digest_size=16).digest()
    branch = tuple(int(word) for word in np.frombuffer(digest, dtype="<u4"))
    stream = np.random.Philox(np.random.SeedSequence(seed, spawn_key=branch))
    raw = stream.random_raw(int(people.max()) + 1)[people]
    # 53 bits, shifted by half a step so that neither 0 nor 1 occurs.
    numbers: np.ndarray = ((raw >> np.uint64(11)).astype(float) + 0.5) * 2.0**-53
    return numbers
