"""durable_rules as a second witness: an independent engine must find the same rules true, or nothing is decided.

It is used in the one way that is known to do no harm: no host and no thread of its own; one case at a time in each
ruleset, behind a lock, deleted at once; a rule that always fires, which proves that the engine ran; a bound on its
steps; and after any fault the ruleset is thrown away, never repaired.
"""

from __future__ import annotations

import os
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from asnmerit.errors import ArgumentError, WitnessError, WitnessUnavailableError
from asnmerit.rules.law import A_LAW, Law
from asnmerit.rules.to_durable import SENTINEL, to_durable

if TYPE_CHECKING:
    from asnmerit.edge import Input
    from asnmerit.rules.to_durable import RulesetText

WITNESSES: Final = ("durable",)
CASE: Final = "c"
"""The one case of a ruleset. Cases are told apart by a 32-bit hash, so two people must never be in one at once."""
NEWEST_PYTHON: Final = (3, 12)
INSTALL: Final = 'pip install "asnmerit[durable]", on Python 3.11 or 3.12 and with a C compiler'


def durable() -> Any:  # noqa: ANN401 - a module without types
    """Import the engine. Raises `WitnessUnavailableError` that says what to do."""
    try:
        import durable_rules_engine  # noqa: PLC0415 - an extra, loaded when it is asked for
    except ImportError as error:
        reason = "it is not installed" if isinstance(error, ModuleNotFoundError) else f"it does not load: {error}"
        if sys.version_info[:2] > NEWEST_PYTHON:
            reason = f"it does not work on Python {sys.version_info[0]}.{sys.version_info[1]}"
        raise WitnessUnavailableError(reason, INSTALL) from error
    return durable_rules_engine


class Ruleset:
    """A ruleset inside the engine: made when it is first asked, and again after a fault."""

    def __init__(self, engine: Any, written: RulesetText) -> None:  # noqa: ANN401
        """Keep what to make it from."""
        self._engine, self._text, self._reads = engine, written.text, written.reads
        self._verdicts = {f"r{i}": verdict for i, verdict in enumerate(written.verdicts)}
        self._lock = threading.Lock()
        self._handle: int | None = None

    def fired(self, values: Sequence[Any]) -> set[int]:
        """Assert the values of one person, and give the verdicts whose rules fired."""
        reads = [values[at] for at in self._reads]
        facts = "".join([f',"f{i}":{value:d}' for i, value in enumerate(reads) if value is not None])
        with self._lock:
            told = False
            try:
                names = self._case(f'{{"sid":"{CASE}","id":"m","k":1{facts}}}')
                told = True
            finally:
                if not told:
                    self._drop()
        if SENTINEL not in names:
            raise EngineError("it did not run")
        names.remove(SENTINEL)
        return {self._verdicts[name] for name in names}

    def _case(self, fact: str) -> set[str]:
        """Run one case to its end. A rule fires once at most, so more steps than rules are a fault."""
        engine = self._engine
        if self._handle is None:
            self._handle = engine.create_ruleset("asnmerit", self._text)
        code, state = engine.assert_fact(self._handle, fact)
        if code:
            raise EngineError(f"it did not take the fact: {code}")
        started = engine.start_action_for_state(self._handle, state)
        message = started and started[1]
        names: set[str] = set()
        for _ in range(len(self._verdicts) + 1):
            if message is None:
                break
            names.add(message[2 : message.index('"', 2)])
            message = engine.complete_and_start_action(self._handle, state)
        if message is not None or not names:
            raise EngineError("it did not come to an end" if names else "no rule fired")
        engine.delete_state(self._handle, CASE)
        return names

    def close(self) -> None:
        """Give the memory back. It is made again when it is asked again."""
        with self._lock:
            self._drop()

    def _drop(self) -> None:
        """Delete the ruleset whole: to delete a case in which nothing fired would end the process."""
        handle, self._handle = self._handle, None
        if handle is not None:
            self._engine.delete_ruleset(handle)


class EngineError(Exception):
    """The engine did something that it must not do; it becomes a `WitnessError`."""


class Witness:
    """The second witness for one law."""

    def __init__(self, law: Law) -> None:
        """Translate the rules; the law itself is not kept."""
        engine = durable()
        told = to_durable(law)
        self.policy, self.verdicts = law.policy, told.verdicts
        self._measured, self._steps = told.measured(law), len(law.steps)
        self._faults = (EngineError, engine.error, MemoryError)
        self.rulesets = tuple(Ruleset(engine, written) for written in told.rulesets)
        self.ended = weakref.finalize(self, _close, self.rulesets)

    def confirm(self, given: Input, raw: Sequence[Any]) -> None:
        """Compare the verdict on every rule. Raises `WitnessError` where the two differ, or the witness fails."""
        if not self.rulesets:
            return
        values = self._measured(given.lanes)[self._steps :]
        fired: set[int] = set()
        try:
            for ruleset in self.rulesets:
                fired |= ruleset.fired(values)
        except self._faults as error:
            raise WitnessError(self.policy, f"durable_rules failed, so nothing is decided: {error}") from error
        differ = [
            f"{verdict.name}: {'not ' if at in fired else ''}true here, {'' if at in fired else 'not '}true there"
            for at, verdict in enumerate(self.verdicts)
            if verdict.ours(raw, values) != (at in fired)
        ]
        if differ:
            raise WitnessError(self.policy, "durable_rules does not confirm it, so nothing is decided", differ)

    def close(self) -> None:
        """Give the engine's memory back."""
        _close(self.rulesets)


def _close(rulesets: Sequence[Ruleset]) -> None:
    for ruleset in rulesets:
        ruleset.close()


# --- one witness for each law, for as long as the law lives ---

_witnesses: weakref.WeakKeyDictionary[Law, Witness] = weakref.WeakKeyDictionary()
_making = threading.Lock()


def witness_of(law: Law, name: str = "durable") -> Witness:
    """Give the witness for a law, made on first use. Raises `WitnessUnavailableError`, and `ArgumentError` for a name.

    It lives as long as its law; `close` ends it before.
    """
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    if name not in WITNESSES:
        raise ArgumentError("witness", name, 'None or "durable"')
    found = _witnesses.get(law)
    if found is None:
        with _making:
            found = _witnesses.get(law) or _witnesses.setdefault(law, Witness(law))
    return found


def close(law: Law) -> None:
    """Give back what the witness for a law holds; asked again, it is made again.

    Raises:
        ArgumentError: for what is not a law.
    """
    if not isinstance(law, Law):
        raise ArgumentError("law", law, A_LAW)
    with _making:
        found = _witnesses.pop(law, None)
    if found is not None:
        found.close()


def _forget() -> None:
    """Begin anew in a forked process: a lock that another thread held at that moment would never open."""
    global _making  # noqa: PLW0603 - the lock itself may be the one held
    for found in list(_witnesses.values()):
        found.ended.detach()
    _witnesses.clear()
    _making = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)
