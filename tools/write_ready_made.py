"""Put the shipped bodies, ready to run, into the package: lowered programs, and machine code for every target.

python tools/write_ready_made.py

For building a wheel (`nox -s wheel`), from the checkout whose package is installed in place or on PYTHONPATH. It writes
`src/nadflux/ready_made/`, which git ignores, and prints what it holds. The content follows from the text of the biology
and the code of the package alone; nothing of this machine enters it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nadflux.kernel import cache, ready_made
from nadflux.kernel.machine import TARGETS
from nadflux.kernel.program import Program
from nadflux.kernel.ready_engine import write_ready_engine
from nadflux.network.assemble_cell import read_dish
from nadflux.network.body_spec import BODIES
from nadflux.network.read_yaml import read_yaml
from nadflux.shipped import BIOLOGY
from nadflux.simulation.compiled import names_of, prepare
from nadflux.simulation.experiments.cell_experiment import prepare_cell
from nadflux.simulation.not_known import links_of
from nadflux.simulation.tracer.labelled_body import traced_body


def main() -> None:
    """Write all entries anew."""
    started = time.process_time()
    shutil.rmtree(ready_made.FOLDER, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NADFLUX_CACHE_DIR"] = folder
        programs = list(prepared_programs())
        for path in sorted(Path(folder).iterdir()):
            if path.name != cache.KEY_FILE:
                content = cache.read(path.name)
                assert content is not None, path.name
                ready_made.write(path.name, content)
    for what, program in programs:
        print(what, flush=True)
        for target in TARGETS:
            write_ready_engine(program, target)
    sizes = [path.stat().st_size for path in ready_made.FOLDER.iterdir()]
    print(f"{len(sizes)} entries, {sum(sizes) / 1e6:.1f} MB, {time.process_time() - started:.0f} s of processor time")


def prepared_programs() -> Iterator[tuple[str, Program]]:
    """Yield what the shipped bodies and cells are called and their programs, all of which the cache then holds."""
    for body in BODIES:
        prepared = prepare(body=body)
        names_of(body=body)
        links_of(prepared.body)
        yield f"body {body}", prepared.program
    yield "labelled body", traced_body().prepared.program
    for cell, species in cells():
        prepared = prepare_cell(cell, species)
        if species == "human":  # `nadflux cell` names the contested link
            prepare_cell(cell, species, tuple(sorted(prepared.body.switches.items())))
        yield f"{species} cell of {cell}", prepared.program


def cells() -> list[tuple[str, str]]:
    """Return each cell of the dish with its species: all human ones, and those of the published facts."""
    human = [(cell, "human") for cell in read_dish()["cells"]]
    experiments = read_yaml(BIOLOGY / "dish" / "facts.yaml", ("experiments",))["experiments"].values()
    others = [
        (one["cell"], one.get("species", "human")) for one in experiments if "cell" in one and "switches" not in one
    ]
    return sorted({*human, *others})


if __name__ == "__main__":
    main()
