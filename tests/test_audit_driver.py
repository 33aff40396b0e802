"""Questions are answered in time, with proofs that hold and people who can be replayed; no process stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

import asnmerit as am
from asnmerit.auditing.crowd.people import People
from asnmerit.auditing.proving import asked, driver, racing, workers
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.questions import Exists, Extended, Extreme, Pairs, read_step, whole
from asnmerit.auditing.replaying import replay
from asnmerit.rules import types as t
from asnmerit.rules.expr import Call

ROOT = Path(__file__).resolve().parent.parent
HEAD = {"asnmerit": 1, "policy": "page/example", "title": "Example", "effective": {"from": "2020-01-01"}}
MILLION = {"type": "integer", "from": 1, "to": 1_000_000}
PRIME = 1_000_000_000_039
"""A prime above a million: no product of whole numbers up to a million."""


def law_of(**sections):
    return am.in_force(am.load({**HEAD, "enacted": "2019-12-01", **sections}), on="2026-04-01")


def derived(facts, **steps):
    return law_of(facts=facts, derived=steps)


def hard(number):
    facts = dict.fromkeys("abc", MILLION)
    return derived(facts, hit=f"a * b * c == {number}")


def measured(law, key, people):
    return [p.raw[law.index[key]] for p in (replay(law, People(law).record(one)) for one in people)]


def attacked(law, question, rows=100_000, seed=7):
    """Give how many of so many samples refute that there is nobody."""
    people = People(law, seed=seed)
    tried = found = 0
    while tried < rows:
        block = people.draw(50_000)
        assert block.rows
        if isinstance(question, Pairs):
            block, second = people.pairs(block, question.varying)
            a, b = (people.values([question.key], x)[question.key].astype("int64") for x in (block, second))
            found += int((a != b if question.op == "ne" else a - b >= question.by).sum())
        else:
            found += int(people.values([question.key], block)[question.key].sum())
        tried += block.rows
    return found


def children():
    """The processes that this one started and that are still there, the dead among them."""
    mine = str(os.getpid())
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text(encoding="utf-8")
        except OSError:
            continue
        if text.rpartition(")")[2].split()[1] == mine:
            found.append(stat.parent.name)
    return found


@pytest.fixture(autouse=True)
def _nothing_stays():
    before = set(children())
    threads = set(threading.enumerate())
    yield
    left = set()
    for _ in range(40):
        left = set(threading.enumerate()) - threads
        if not left and not set(children()) - before:
            return
        time.sleep(0.05)
    assert not set(children()) - before
    assert not left


# --- time ---


def test_a_claim_made_to_be_hard_comes_back_open_in_time():
    law = hard(PRIME)
    started = time.monotonic()
    with Prover(law, Budget(total=3, each=100)) as prover:
        answer = prover.ask(Exists("hit"))
    assert time.monotonic() - started < 5
    assert (answer.verdict, answer.people) == ("open", ())
    assert answer.samples > 100_000


def test_a_hard_pair_and_a_hard_bound_come_back_open_in_time():
    law = derived(dict.fromkeys("abc", MILLION), hit=f"1 if a * b * c == {PRIME} else 0")
    started = time.monotonic()
    with Prover(law, Budget(total=3)) as prover:
        pair, most = prover.ask_all([Pairs("hit", "ne", {("a", None): "any"}), Extreme("hit", "max")])
    assert time.monotonic() - started < 5
    assert pair.verdict == "open"
    assert (most.verdict, most.value, most.bound, most.proved) == ("found", 0, 1, False)


def test_easy_questions_are_answered_though_a_hard_one_is_among_them():
    law = derived(
        dict.fromkeys("abc", MILLION),
        hit=f"a * b * c == {PRIME}",
        never="a + b == 3 and a * b == 3",
        some="a == 777777 and b == 31",
    )
    with Prover(law, Budget(total=4)) as prover:
        hit, never, some = prover.ask_all([Exists("hit"), Exists("never"), Exists("some")])
    assert hit.verdict == "open"
    assert (never.verdict, never.method) == ("none", "solver")
    assert attacked(law, Exists("never")) == 0
    assert some.verdict == "found"
    assert measured(law, "some", some.people) == [True]


# --- what is said ---


def test_answers_come_in_the_order_of_the_questions_and_say_how_they_were_found():
    law = derived(
        {"a": MILLION, "b": MILLION},
        up="a + 2 * b >= 100",
        never="a < 1",
        capped="min(a * 3, 90000)",
        exact="a == 123456",
    )
    questions = [
        Pairs("up", "gt", {("a", None): "up"}),
        Exists("up"),
        Extreme("capped", "max"),
        Exists("never"),
        Pairs("exact", "ne", {("b", None): "any"}),
        Pairs("exact", "gt", {("a", None): "next"}),
        Extreme("capped", "min", where="up"),
    ]
    with Prover(law, Budget(total=20)) as prover:
        answers = prover.ask_all(questions)
    up, some, most, never, blind, step, least = answers
    assert (
        (up.verdict, up.method)
        == (never.verdict, never.method)
        == (blind.verdict, blind.method)
        == ("none", "structure")
    )
    for question in (questions[0], questions[3], questions[4]):
        assert attacked(law, question) == 0
    assert (some.verdict, some.method) == ("found", "samples")
    assert measured(law, "up", some.people) == [True]
    assert (most.value, most.bound, most.proved, most.method) == (90_000, 90_000, True, "structure")
    assert measured(law, "capped", most.people) == [90_000]
    assert step.verdict == "found"
    assert measured(law, "exact", step.people) == [True, False]
    assert step.people[1]["a", None] == step.people[0]["a", None] + 1 == 123_457
    assert step.people[0]["b", None] == step.people[1]["b", None]
    assert (least.value, least.proved) == (3, True)
    assert measured(law, "capped", least.people) == [3]
    assert all(a.seconds >= 0 for a in answers)


def test_a_bound_that_only_the_solver_closes():
    law = derived({"a": MILLION, "b": MILLION}, s="2 * a + b if a + b <= 1000001 else 0", q="a >= 3 and b >= 7")
    with Prover(law, Budget(total=20)) as prover:
        answer, within, nobody = prover.ask_all(
            [
                Extreme("s", "max"),
                Extreme("s", "max", where="q", within={("b", None): 11}),
                Extreme("s", "max", where="q", within={("b", None): 5}),
            ]
        )
    assert (answer.value, answer.bound, answer.proved) == (2_000_001, 2_000_001, True)
    assert measured(law, "s", answer.people) == [2_000_001]
    assert (within.value, within.proved, within.people[0]["b", None]) == (1_999_991, True, 11)
    assert (nobody.verdict, nobody.value, nobody.people) == ("none", None, ())


def test_a_cap_one_rupiah_off_is_found():
    facts = {"a": {"type": "rupiah", "from": 0, "to": 10_000_000}, "b": {"type": "integer", "from": 0, "to": 100}}
    law = derived(facts, paid="min(a * b, 777777777)", over="paid > 777777776 and a > 9999990 and b == 78")
    with Prover(law, Budget(total=20)) as prover:
        answer = prover.ask(Exists("over"))
    assert answer.verdict == "found"
    assert measured(law, "over", answer.people) == [True]


def test_the_checks_of_a_law_are_part_of_every_question():
    law = law_of(
        facts={"a": MILLION, "b": MILLION},
        checks={"order": "a <= b"},
        derived={"wrong": "a > b", "gap": "b - a", "other": "a + b >= 3"},
    )
    with Prover(law, Budget(total=20)) as prover:
        wrong, gap, pair = prover.ask_all(
            [Exists("wrong"), Extreme("gap", "min"), Pairs("gap", "gt", {("a", None): "up"})]
        )
    assert (wrong.verdict, wrong.method) == ("none", "solver")
    assert attacked(law, Exists("wrong")) == 0
    assert (gap.value, gap.proved) == (0, True)
    assert pair.verdict == "found"
    first, second = measured(law, "gap", pair.people)
    assert first > second >= 0


def test_hard_arithmetic_is_proved_by_what_is_known_of_its_direction():
    """Two copies of a product of three, each of a million: the solver alone does not get there."""
    facts = {**dict.fromkeys("abc", MILLION), "club": {"type": "bool"}}
    law = derived(
        facts, value="a * b * c", pay="(value if club else value * 2 - half_up(value / 3)) + half_up(value / 7) - b"
    )
    question = Pairs("pay", "gt", {("a", None): "up"})
    with Prover(law, Budget(total=20)) as prover:
        answer = prover.ask(question)
    assert answer.verdict == "none", answer
    assert attacked(law, question) == 0


def test_a_missing_step_is_a_key_error_and_nothing_stays():
    law = hard(PRIME)
    with Prover(law, Budget(total=3)) as prover, pytest.raises(KeyError):
        prover.ask(Exists("no such step"))


def test_no_budget_is_an_honest_open():
    law = hard(PRIME)
    with Prover(law, Budget(total=0)) as prover:
        answer = prover.ask(Exists("hit"))
    assert answer.verdict == "open"


def test_the_budget_is_for_all_questions_of_a_prover():
    law = hard(PRIME)
    started = time.monotonic()
    with Prover(law, Budget(total=3)) as prover:
        for _ in range(3):
            assert prover.ask(Exists("hit")).verdict == "open"
        assert prover.left < 0.5
    assert time.monotonic() - started < 6


def test_progress_is_told():
    told = []
    law = derived(dict.fromkeys("ab", MILLION), s="a + b == 5 and a * b == 7", u="a + b >= 5")
    with Prover(law, Budget(total=10), progress=lambda *args: told.append(args)) as prover:
        prover.ask_all([Exists("s"), Exists("u")])
    assert {text for _, _, text in told} >= {"structure", "samples", "solver"}
    assert told[-1][:2] == (2, 2)
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_the_same_questions_get_the_same_people_again():
    law = derived(dict.fromkeys("ab", MILLION), s="a * 7 == b + 3", u="a >= 500000 and b <= 77")
    found = []
    for _ in range(2):
        with Prover(law, Budget(total=10, samples=5000)) as prover:
            found.append([a.people for a in prover.ask_all([Exists("s"), Exists("u")])])
    assert found[0] == found[1]


def test_a_worker_told_to_stop_answers_the_next_question_of_that_number():
    law = derived(
        dict.fromkeys("abc", MILLION), hit=f"a * b * c == {PRIME}", never="2 * a + 4 * b == 2 * c + 7 and a < c"
    )
    with workers.Workers(law, law.on, 1, 2_000) as one:
        one.start()
        (mine,) = one.all
        said = []
        for key in ("hit", "never"):
            tasks = iter([asked.Task(0, Exists(key), "plain", 20.0)])
            one.give(lambda of=tasks: next(of, None), time.monotonic() + 30)
            if key == "hit":
                assert one.wait(time.monotonic() + 2) is None
                one.drop(0)
            said.append(one.wait(time.monotonic() + 30)[1].verdict)
        assert one.all == [mine]
    assert said == ["open", "none"]


# --- what goes wrong ---


def test_a_worker_that_is_killed_is_replaced():
    law = hard(PRIME)
    killed = []

    def kill(_done, _total, text):
        if text == "solver" and len(killed) < 3:
            pids = [w.process.pid for w in prover._workers.all]
            killed.append(pids)
            os.kill(pids[0], signal.SIGKILL)

    with Prover(law, Budget(total=5), progress=kill) as prover:
        prover._solver([]).start()
        hit, never = prover.ask_all([Exists("hit"), Exists("hit")])
        assert prover._workers.deaths == 0 or not prover._workers.gone
    assert hit.verdict == never.verdict == "open"
    assert len(killed) == 3


def test_workers_that_only_die_are_given_up(monkeypatch):
    monkeypatch.setattr(workers, "_PROGRAM", "raise SystemExit(3)")
    law = hard(PRIME)
    started = time.monotonic()
    with Prover(law, Budget(total=30, samples=1000)) as prover:
        answer = prover.ask(Exists("hit"))
    assert answer.verdict == "open"
    assert "died" in answer.note
    assert time.monotonic() - started < 15


def test_too_little_memory_is_an_open_question_and_no_crash():
    law = hard(PRIME)
    with Prover(law, Budget(total=4, memory=300)) as prover:
        answer = prover.ask(Exists("hit"))
    assert answer.verdict == "open"


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_an_exception_ends_every_process(error):
    law = hard(PRIME)

    def told(_done, _total, text):
        if text == "solver":
            raise error

    prover = Prover(law, Budget(total=10), progress=told)
    with pytest.raises(error):
        prover.ask(Exists("hit"))
    assert prover._workers is None


def test_a_prover_that_is_forgotten_leaves_no_process():
    law = hard(PRIME)
    prover = Prover(law, Budget(total=2))
    assert prover.ask(Exists("hit")).verdict == "open"
    del prover
    import gc

    gc.collect()


def test_control_c_ends_the_program_and_its_workers():
    script = textwrap.dedent(
        f"""
        import signal, sys
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
        sys.path.insert(0, {str(ROOT / "tests")!r})
        import test_audit_driver as this
        law, budget = this.hard(this.PRIME), this.Budget(total=60, each=60)
        with this.Prover(law, budget, progress=lambda *x: print(x[2], flush=True)) as p:
            p.ask(this.Exists("hit"))
        """
    )
    with subprocess.Popen(
        [sys.executable, "-W", "error", "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        while program.stdout.readline().strip() != "solver":
            assert program.poll() is None
        time.sleep(1)
        mine = workers_of(program.pid)
        assert len(mine) == 2
        program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=10)
    assert "KeyboardInterrupt" in errors
    assert "Warning" not in errors
    assert not [pid for pid in mine if Path(f"/proc/{pid}").exists()]


def workers_of(parent):
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if stat.read_text(encoding="utf-8").rpartition(")")[2].split()[1] == str(parent):
                found.append(int(stat.parent.name))
        except OSError:
            continue
    return found


def test_workers_end_when_the_program_is_killed():
    script = textwrap.dedent(
        f"""
        import sys
        sys.path.insert(0, {str(ROOT / "tests")!r})
        import test_audit_driver as this
        law, budget = this.hard(this.PRIME), this.Budget(total=60, each=60)
        with this.Prover(law, budget, progress=lambda *x: print(x[2], flush=True)) as p:
            p.ask(this.Exists("hit"))
        """
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as program:
        while program.stdout.readline().strip() != "solver":
            assert program.poll() is None
        time.sleep(1)
        mine = workers_of(program.pid)
        program.kill()
    assert len(mine) == 2
    for _ in range(60):
        left = [pid for pid in mine if running(pid)]
        if not left:
            break
        time.sleep(0.05)
    assert not left


def running(pid):
    """Whether a process is there and alive: whoever adopts it may take its time to bury it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_provers_work_in_threads_side_by_side():
    law = derived(dict.fromkeys("ab", MILLION), s="a + b == 5 and a * b == 7", u="a * 3 == b + 1 and b > 999000")
    found = []

    def one():
        with Prover(law, Budget(total=20, jobs=1, samples=2000)) as prover:
            found.append([a.verdict for a in prover.ask_all([Exists("s"), Exists("u")])])

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == [["none", "found"]] * 3


def test_without_the_solver_structure_and_samples_answer(monkeypatch):
    monkeypatch.setattr(driver.importlib.util, "find_spec", lambda _: None)
    law = derived(dict.fromkeys("ab", MILLION), never="a < 1", u="a >= 500000", s="a + b == 5 and a * b == 7")
    with Prover(law, Budget(total=5, samples=10_000)) as prover:
        never, some, open_ = prover.ask_all([Exists("never"), Exists("u"), Exists("s")])
    assert (never.method, some.method, open_.verdict) == ("structure", "samples", "open")
    assert "asnmerit[audit]" in open_.note


def test_a_solver_that_is_missing_only_in_the_worker_is_told(monkeypatch):
    hidden = workers._PROGRAM.replace("main()", "sys.modules['z3'] = None; main()")
    monkeypatch.setattr(workers, "_PROGRAM", hidden)
    law = derived(dict.fromkeys("ab", MILLION), s="a + b == 5 and a * b == 7")
    with Prover(law, Budget(total=10, samples=1000)) as prover:
        answer = prover.ask(Exists("s"))
        again = prover.ask(Exists("s"))
    assert answer.verdict == again.verdict == "open"
    assert "asnmerit[audit]" in answer.note
    assert "asnmerit[audit]" in again.note


@pytest.mark.parametrize("asked", ["prover.ask(Exists('predikat_kinerja.granted'))", "prover.people"])
def test_without_numpy_the_error_names_what_to_install(asked):
    script = f"""
import sys
sys.modules["numpy"] = None
import asnmerit
from asnmerit.auditing.proving.driver import Budget, Prover
from asnmerit.auditing.questions import Exists
law = asnmerit.in_force(asnmerit.load("indonesia/kinerja"), on="2026-04-01")
with Prover(law, Budget(total=5)) as prover:
    {asked}
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert last.startswith("ModuleNotFoundError")
    assert "pip install 'asnmerit[audit]'" in last


def test_the_people_that_are_tried_are_made_once_with_the_seed_of_the_budget():
    law = derived({"a": MILLION}, u="a >= 500000")
    with Prover(law, Budget(total=5, seed=3)) as prover:
        assert isinstance(prover.people, People)
        assert prover.people is prover.people
        assert prover.people.lanes_at(prover.people.draw(1), 0) == People(law, seed=3).lanes_at(
            People(law, seed=3).draw(1), 0
        )


# --- the order of work ---


def test_every_question_gets_a_short_turn_before_any_gets_a_long_one():
    cases = [driver.Case(i, Exists("x")) for i in range(3)] + [driver.Case(3, Pairs("x", "ne", {}))]
    race = racing.Race(cases, 10, 0)
    tasks = [race.next() for _ in range(8)]
    assert [t.number for t in tasks] == [0, 1, 2, 3] * 2
    assert {t.limit for t in tasks} == {racing.FIRST}
    assert len({(t.number, t.encoding) for t in tasks}) == 8


def test_a_question_that_had_its_time_gets_no_more():
    case = driver.Case(0, Exists("x"))
    race = racing.Race([case], 5, 0)
    total = 0.0
    while (task := race.next()) is not None:
        total += task.limit
        race.take(task, racing.Result(0, "open", seconds=task.limit))
        assert total < 20
    assert 5 <= total < 5.1


def test_a_measured_step_can_be_added_and_asked():
    law = derived({"a": MILLION}, s="a * 2")
    more = Extended(law)
    key = more.add("odd one out", Call(t.BOOL, "eq", (read_step(law, "s"), whole(77)), None))
    with Prover(more.law(), Budget(total=10)) as prover:
        assert prover.ask(Exists(key)).verdict == "none"
    assert attacked(more.law(), Exists(key)) == 0
