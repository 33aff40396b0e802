"""Everything that must hold before a change goes in: lint, types, docs, tests (doctests among them).

* `python tools/check.py`: all of it
* `python tools/check.py lint docs`: only these

The tests come last, so that pytest's own closing line ends the output. `ASNMERIT_TEST_PROFILE=deep` makes
the random tests go deeper.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

STEPS: dict[str, list[str]] = {
    "lint": ["ruff", "check", "."],
    "types": ["mypy"],
    "docs": ["sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build/html"],
    "tests": ["pytest", "-q", "-n", "auto"],
}


def run(name: str) -> bool:
    """Run one step from the root of the repository; say how it went (pytest says it itself)."""
    print(f"== {name}: {' '.join(STEPS[name])}", flush=True)
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *STEPS[name]], cwd=ROOT, env=dict(os.environ), check=False)
    passed = done.returncode == 0
    if name != "tests":
        print(f"== {name}: {'passed' if passed else 'FAILED'} in {time.monotonic() - started:.1f} s", flush=True)
    return passed


def main(arguments: list[str]) -> int:
    """Run the steps asked for, or all; 0 when all of them passed."""
    unknown = [name for name in arguments if name not in STEPS]
    if unknown:
        print(f"no such step: {', '.join(unknown)}; there are {', '.join(STEPS)}", file=sys.stderr)
        return 2
    failed = [name for name in STEPS if (not arguments or name in arguments) and not run(name)]
    if failed:
        print(f"FAILED: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
