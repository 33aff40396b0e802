"""Where it runs does not matter: locale, time zone, hash seed, -O, -W error, threads; nor how large a law is."""

from __future__ import annotations

import hashlib
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import localcontext

import pytest

import asnmerit as am

PROGRAM = """
import asnmerit as am, datetime, hashlib
law = am.in_force(am.load("manokwari/merit"), on=datetime.date(2026, 4, 1))
record = {"active": True, "performance": {2025: "baik"}, "quality_supervisor": [80.5], "sanctions": []}
decision = am.decide(law, record)
said = decision.to_json() + str(am.explain(decision, lang="id")) + str(am.explain(decision, lang="en"))
print(hashlib.sha256(said.encode()).hexdigest())
"""
SURROUNDINGS = {
    "plain": ({}, []),
    "optimised": ({}, ["-O"]),
    "warnings are errors": ({}, ["-W", "error"]),
    "Jayapura": ({"TZ": "Asia/Jayapura"}, []),
    "Kiritimati": ({"TZ": "Pacific/Kiritimati"}, []),
    "Turkish": ({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}, []),
    "C": ({"LC_ALL": "C", "PYTHONUTF8": "0"}, []),
    "seed 1": ({"PYTHONHASHSEED": "1"}, []),
    "seed 4711": ({"PYTHONHASHSEED": "4711"}, []),
}


def said_in(surroundings):
    changed, flags = surroundings
    done = subprocess.run(
        [sys.executable, *flags, "-c", PROGRAM],
        env={**os.environ, **changed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_a_decision_and_its_words_are_the_same_everywhere():
    said = {name: said_in(surroundings) for name, surroundings in SURROUNDINGS.items()}
    assert len(set(said.values())) == 1, said
    assert len(said["plain"]) == len(hashlib.sha256().hexdigest())


def large(steps):
    """A policy of about so many steps, in which every derived value leads to the next."""
    scores = {f"f{i}": {"type": "number", "from": 0, "to": 100, "step": "0.01"} for i in range(20)}
    first = {f"d{i}": f"half_up((f{i} + f{(i + 7) % 20}) / 2, 0.01)" for i in range(20)}
    rest = {f"d{i}": f"min(d{i - 1}, f{i % 20}) + 0 * p{i % 20}" for i in range(20, steps // 2)}
    rules = {
        f"r{i}": {
            "decides": "prize",
            "source": "s",
            "requires": {"a": f"d{i} >= p{i % 20}", "b": f"f{i % 20} < 90"},
            "grants": {"worth": i},
        }
        for i in range(steps // 8)
    }
    return {
        "asnmerit": 1,
        "policy": "case/large",
        "title": "large",
        "effective": {"from": "2020-01-01"},
        "enacted": "2020-01-01",
        "sources": {"s": {"title": "s", "grade": "A"}},
        "facts": scores,
        "parameters": {f"p{i}": {"type": "number", "value": 40 + i, "source": "s"} for i in range(20)},
        "derived": {**first, **rest},
        "decisions": {
            "prize": {
                "outcome": {"worth": {"type": "integer", "from": 0, "to": 9999}},
                "hit": "collect",
                "total": {"worth": "sum"},
            }
        },
        "rules": rules,
    }


@pytest.fixture(scope="module")
def law():
    return am.in_force(am.load(large(1_000)), on="2026-04-01")


def test_a_law_of_a_thousand_steps_decides_and_travels(law):
    assert len(law.steps) >= 1_000
    record = {f"f{i}": 80 - i for i in range(20)}
    decided = am.decide(law, record)
    travelled = pickle.loads(pickle.dumps(law))  # noqa: S301 - our own bytes
    assert travelled.meaning == law.meaning
    for given in (record, {**record, "f3": None}):
        here, there = am.decide(law, given), am.decide(travelled, given)
        assert here.to_json() == there.to_json()
        assert pickle.loads(pickle.dumps(here)).to_json() == here.to_json()  # noqa: S301
    assert decided["prize"].status == "granted"


def test_many_threads_compile_one_law_at_once():
    fresh = pickle.loads(pickle.dumps(am.in_force(am.load(large(200)), on="2026-04-01")))  # noqa: S301
    records = [{f"f{i}": (n * i) % 100 for i in range(20)} for n in range(64)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda r: am.decide(fresh, r)["prize"].total, records))
    assert answers == [am.decide(fresh, r)["prize"].total for r in records]


def test_the_callers_decimal_context_does_not_matter(law):
    record = {f"f{i}": 80 - i for i in range(20)}
    usual = am.decide(law, record).to_json()
    with localcontext() as context:
        context.prec = 2
        assert am.decide(law, record).to_json() == usual
        assert str(am.explain(am.decide(law, record), lang="en"))
