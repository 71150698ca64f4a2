"""Transfer of the shipped posterior to a text that computes the same, after a test that it does.

python benchmarks/carry_posterior.py --from COMMIT [--write]

A posterior belongs to the equations, numbers and switches it was fitted with, by their hash. Where that hash changes
although nothing that is computed does (the text was divided otherwise, say, or the hash is made another way), the
posterior of COMMIT may be carried over. The test, on the NAD body of COMMIT and on the present one:

1. the rows of the tables are equal but for sources, notes and tiers, and so are the switches;
2. the lowered programs are equal to the last operation: states, inputs and outputs in the same order, parameters by
   name with the same values, every derivative, Jacobian entry, start value and output the same graph of operations, and
   the same elimination. The order of parameters may differ, which enters no result, and the two operands of an addition
   or multiplication may be exchanged, which rounds alike.

With --write the hash in the file is replaced and its record says what it was carried from, and by which test.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FILE = "src/nadflux/biology/posterior/shipped.zarr/zarr.json"
_EITHER_WAY = ("add", "mul")
TEST = "benchmarks/carry_posterior.py: equal rows, switches and operations of the lowered program of the NAD body"


def main() -> None:
    """Parse the command line, test, and write where that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="commit", metavar="COMMIT", help="what the posterior was last known to fit")
    parser.add_argument("--write", action="store_true", help="put the present hash into the shipped posterior")
    parser.add_argument("--describe", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.describe:
        print(json.dumps(described()))
        return
    if words.commit is None:
        parser.error("name the commit whose posterior is to be carried over: --from COMMIT")
    sys.exit(carry(words.commit, write=words.write))


def carry(commit: str, *, write: bool) -> int:
    """Compare the NAD body of a commit with the present one; return 0 where they compute the same.

    Parameters
    ----------
    commit : str
    write : bool
        Whether the shipped file gets the present hash where the test passes.
    """
    full = subprocess.check_output(["git", "rev-parse", commit], cwd=ROOT, text=True).strip()
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.Popen(["git", "archive", full, "src"], cwd=ROOT, stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
        if archive.wait() != 0:
            raise SystemExit(f"git cannot read {commit}")
        before = _described_by(Path(folder))
        held = json.loads((Path(folder) / FILE).read_text(encoding="utf-8"))["attributes"]["model_hash"]
    now = _described_by(ROOT)
    if held != before["model_hash"]:
        print(f"the posterior of {full[:10]} was fitted with another model than that of {full[:10]}; nothing to carry")
        return 1
    differ = [part for part in before if part != "model_hash" and before[part] != now[part]]
    for part in before:
        print(
            f"{part:12}  {before[part][:16]}  {now[part][:16]}  {'differs' if before[part] != now[part] else 'equal'}"
        )
    if differ:
        print(f"not the same: {', '.join(differ)}; fit again (src/nadflux/biology/posterior/README.md)")
        return 1
    print("the same to the last operation")
    if write and before["model_hash"] != now["model_hash"]:
        _write(full, before["model_hash"], now["model_hash"])
    return 0


def described() -> dict[str, str]:
    """Return the model hash of the NAD body, and hashes of its rows, switches and program, part by part."""
    from nadflux.simulation.compiled import prepare
    from nadflux.simulation.select_posterior import hash_of

    prepared = prepare()
    body, program = prepared.body, prepared.program
    kept = ("key", "value", "unit", "low", "high", "distribution", "between_cv")
    operations = operations_of(program)
    listed = [operations[node] for node in (*program.derivatives, *program.time_derivatives, *program.initial)]
    return {
        "model_hash": hash_of(body),
        "rows": _digest(sorted(tuple(getattr(row, name) for name in kept) for row in body.table.rows)),
        "switches": _digest(sorted(body.switches.items())),
        "names": _digest(program.states, program.state_kinds, program.inputs, program.outputs),
        "parameters": _digest(sorted(zip(program.parameters, map(repr, program.defaults.tolist()), strict=True))),
        "equations": _digest(listed),
        "jacobian": _digest(sorted((place, operations[node]) for place, node in program.jacobian.items())),
        "outputs": _digest([operations[node] for node in program.output_nodes]),
        "elimination": _digest(program.order, program.rows),
    }


def operations_of(program: Any) -> list[str]:
    """Return a digest of each node that follows from its operation and operands, with parameters by name."""
    from nadflux.kernel.graph import LEAVES

    found: list[str] = []
    for kind, *rest in program.nodes:
        if kind == "p":
            found.append(_digest("p", program.parameters[rest[0]]))
        elif kind in LEAVES:
            found.append(_digest(kind, *rest))
        else:
            operands = [found[child] for child in rest]
            found.append(_digest(kind, *(sorted(operands) if kind in _EITHER_WAY else operands)))
    return found


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _described_by(checkout: Path) -> dict[str, str]:
    environment = {**os.environ, "PYTHONPATH": str(checkout / "src")}
    command = [sys.executable, str(Path(__file__).resolve()), "--describe"]
    found: dict[str, str] = json.loads(subprocess.check_output(command, env=environment, text=True))
    return found


def _write(commit: str, before: str, now: str) -> None:
    file = ROOT / FILE
    content = json.loads(file.read_text(encoding="utf-8"))
    attributes = content["attributes"]
    attributes["model_hash"] = now
    step = {"commit": commit, "from": before, "to": now, "test": TEST}
    attributes["record"].setdefault("carried_over", []).append(step)
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")
    print(f"carried over: {before[:12]} is now {now[:12]} in {FILE}")


if __name__ == "__main__":
    main()
