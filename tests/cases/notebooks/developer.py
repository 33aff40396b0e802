"""Claims of docs/notebooks/developer.ipynb."""

import csv

NUMBERS = ("no", "one", "two", "three", "four")

cites("as 0 and 1")

# One person: each of the answers, and why.
assert again.meaning == law.meaning
assert answers == {
    "Ayu": {"status": "granted", "rank": "III/d"},
    "Budi": {"status": "undetermined", "ask for": ["sanctions"]},
    "Citra": {"status": "refused", "because": answers["Citra"]["because"]},
    "Dewi": {"status": "not decided", "mend": answers["Dewi"]["mend"]},
}
assert len(answers["Citra"]["because"]) == 1
assert "sanction" in answers["Citra"]["because"][0]
assert set(answers["Dewi"]["mend"]) == {"rank", "rank_date"}
marked = [line for line in str(explained).split("Aturan: ") if "tidak berlaku bagi pegawai ini" not in line]
assert sum(part.count("✗") for part in marked[1:]) == 1
assert "IV/a" not in granted

# What was stored.
assert [nip for nip, _, _ in stored].count(BUDI) == 2
assert {nip for nip, _, _ in stored} == {AYU, BUDI, CITRA}
assert NUMBERS[len(stored)] == "four"
assert len({record for _, _, record in stored}) == 3
assert not any(nip in record for nip, _, record in stored)
assert all(am.replay(record).status == "same" for _, _, record in stored)
assert {name: end.status for name, end in ends.items()} == {
    "changed by hand": "different",
    "another law": "law changed",
    "policy not found": "law unavailable",
}
assert [d.partition(":")[0] for d in ends["changed by hand"].differences] == ["kenaikan_pangkat.outcome"]
assert ends["another law"].decision["kenaikan_pangkat"].status == "refused"
(change,) = stricter.changes
assert "+reform-" in ends["another law"].decision.law.policy
says(f"ask for {change.after} months in rank")

# The export: no row is lost.
with EXPORT.open(encoding="utf-8", newline="") as stream:
    assert len(rows) == len(list(csv.reader(stream))) - 1
decided_rows = sum(status in {"granted", "refused", "undetermined", "conflict"} for status in statuses)
assert sum(status.startswith("not ") for status in statuses) == len(rows) - decided_rows
says(f"{len(rows)} rows, and none was lost: {decided_rows} are decided, and {len(rows) - decided_rows} wait")

# Its quality.
assert total.people == len(rows)
assert sum(total.flaws.values()) == 3
with EXPORT.open("rb") as stream:
    flawed = [
        row.number
        for row in read_csv(stream, quality_facts(), TableOptions(ignore=("*",))).rows
        if data_quality(row.record, on=law.on, employee_number=row.id, carries=row.carries).flaws
    ]
assert len(flawed) == 1

# Reader and frame.
differ = [row for row, one, other in zip(rows, by_reader, by_frame, strict=True) if one != other]
assert NUMBERS[len(differ)] == "three"
assert [row.refusals[0].code for row in differ] == ["nip-lost-digits"] * 2 + ["row-cells"]

# Many.
says(f"{staff.num_rows:,} synthetic civil servants")
assert done.num_rows == staff.num_rows
assert done["error"].null_count == done.num_rows
assert person.record["performance"] == {2025: "baik"}
assert person.record["sanctions"] == []
assert [finding.code for finding in person.findings] == ["years-disagree"]
assert "performance_2024" in list(am.decide(law, person.record)["kenaikan_pangkat"].missing)
