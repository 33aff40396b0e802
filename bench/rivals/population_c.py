"""The population policy in C: `c/population.c`, compiled by the machine's own compiler when the benchmark runs."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import tempfile
from calendar import monthrange
from pathlib import Path
from typing import TYPE_CHECKING

from bench.columns import AS_OF, empty_answer, same

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.columns import Columns

SOURCE = Path(__file__).parents[1] / "c" / "population.c"


def compiled(*flags: str) -> ctypes.CDLL:
    """Compile into a shared library and open it. ImportError where there is no compiler."""
    compiler = shutil.which(os.environ.get("CC", "cc"))
    if compiler is None:
        message = "no C compiler on the path"
        raise ImportError(message)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "population.so"
        command = [compiler, "-O2", *flags, "-shared", "-fPIC", "-o", str(library), str(SOURCE)]
        subprocess.run(command, check=True)
        return ctypes.CDLL(str(library))


def _pointers(columns: Columns) -> ctypes.Array[ctypes.c_void_p]:
    return (ctypes.c_void_p * len(columns))(*[c.ctypes.data for c in columns.values()])


def prepare(*flags: str) -> tuple[Callable[[Columns], Columns], Callable[[Columns], Columns]]:
    """Give how the columns are taken in, and the function that is timed."""
    population = compiled(*flags).population
    population.argtypes = [ctypes.c_int64, ctypes.c_int32, ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p]
    population.restype = None
    length = monthrange(AS_OF.year, AS_OF.month)[1]

    def decide(columns: Columns) -> Columns:
        rows = len(columns["rank"])
        answer = empty_answer(rows)
        population(rows, AS_OF.toordinal(), length, _pointers(columns), _pointers(answer))
        return answer

    return same, decide


def prepare_table() -> tuple[Callable[[Columns], Columns], Callable[[Columns], Columns]]:
    """Give the same, compiled with a table of days in place of the arithmetic."""
    return prepare("-DDAYS_BY_TABLE")
