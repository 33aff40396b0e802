"""The rows of the catalogue of diagnostics: one for each thing that can be wrong with a policy document."""

from __future__ import annotations

from typing import Final

import attrs


@attrs.frozen
class FaultKind:
    """One row: its code, whether it stops the load, its text (with the fields of a case) and what to do."""

    code: str
    severity: str
    message: str
    hint: str = ""


def _rows(severity: str, *rows: tuple[str, ...]) -> list[FaultKind]:
    return [FaultKind(row[0], severity, *row[1:]) for row in rows]


_DOCUMENT = _rows(
    "error",
    ("document-unreadable", "the document cannot be read: {reason}", "policy documents are UTF-8 text"),
    (
        "document-syntax",
        "not well-formed {format}: {reason}",
        "an expression with , [ ] or ': ' inside { } must be quoted or put on its own line",
    ),
    ("document-size", "the document has {size} characters; at most {limit} are read", "split it with `uses`"),
    ("document-depth", "nested deeper than {limit} levels"),
    ("document-nodes", "the document has more than {limit} values"),
    ("document-alias", "anchors, aliases and merge keys are not part of the format", "write the value out"),
    ("document-several", "a file holds one document; a second one starts here"),
    ("document-empty", "the document is empty"),
    (
        "document-tag",
        "the tag {tag} is not part of the format",
        "remove it: values are read by what the format expects",
    ),
    ("duplicate-key", "the key `{key}` is here twice", "keep one of them"),
)

_SHAPE = _rows(
    "error",
    ("shape-kind", "{what}: expected {expected}, got {got}"),
    ("shape-missing", "{what}: `{key}` is missing"),
    ("shape-unknown-key", "{what}: unknown key `{key}`"),
    (
        "flow-expression",
        "{what}: `{key}` looks like the rest of the text before it",
        "a text or expression with , [ ] or ': ' inside { } must be quoted or put on its own line",
    ),
    ("shape-choice", "{what}: `{value}` is not one of {expected}"),
    ("shape-name", "`{value}` is not a name: {expected}"),
    ("shape-number", "{what}: `{value}` is not {expected}"),
    ("shape-digits", "{what}: a number of {digits} digits; at most {limit} are read"),
    ("shape-date", "{what}: `{value}` is not a date; expected YYYY-MM-DD, between 1900 and 2199, that exists"),
    ("shape-together", "{what}: {expected}"),
    ("format-version", "this library reads format 1, not `{value}`"),
)

_NAMES = _rows(
    "error",
    ("unknown-name", "unknown {kind}: `{name}`"),
    (
        "ambiguous-name",
        "`{name}` is {first} and also {second}",
        "in quotes it means the member, and a value may be renamed",
    ),
    (
        "name-taken",
        "`{name}` is already {kind}",
        (
            "names are shared by a policy, its parents and those it uses; "
            "to change a parent's delegated value leave `type` or `by` out"
        ),
    ),
    (
        "reserved-name",
        "`{name}` is a word of the language",
        "choose another name; the words of Python's grammar (class, raise, in) cannot be read in expressions",
    ),
    ("unknown-policy", "the policy `{name}` is not found"),
    ("policy-cycle", "`{name}` needs itself: {path}"),
    ("policy-chain", "more than {limit} {what}"),
    ("unknown-source", "unknown source `{name}`", "add it to `sources:`"),
)

_EXPRESSIONS = _rows(
    "error",
    ("expression-length", "an expression of {length} characters; at most {limit}", "name its parts under `derived:`"),
    ("expression-depth", "an expression or condition nested deeper than {limit}", "name its parts under `derived:`"),
    ("expression-syntax", "`{text}` is not an expression: {reason}"),
    ("expression-construct", "{construct} is not part of the language", "the reference lists what is"),
    ("type-mismatch", "expected {expected}, got {got}"),
    ("type-compare", "{left} cannot be compared with {right}"),
    ("type-order", "members of {type} have no order", "declare the type with `order:`, or use =="),
    ("type-arithmetic", "{op} does not take {left} and {right}"),
    ("type-versions", "`{name}` is {first} in one version and {second} in another"),
    ("unknown-member", "`{name}` is not a member of {type}"),
    ("argument-count", "{name} takes {expected}, got {got}"),
    ("unknown-function", "unknown function `{name}`"),
    ("not-a-value", "`{name}` is {kind}, not a value: {expected}"),
    ("needs-constant", "{what} must be known when the law is made: a literal or a parameter"),
    ("needs-default", "{name} over rows that may be none needs `default=`"),
    (
        "division-place",
        "division by something that varies must stand directly inside a rounding or on one side of a comparison",
        "for example half_up(a / b, 0.01), or a / b >= c",
    ),
    (
        "generator-source",
        "a generator goes over a list, a yearly or per-member fact, types.NAME or a months parameter, not {got}",
    ),
    ("generator-size", "nested generators make {size} combinations; at most {limit}"),
    ("slice-bound", "a slice must be [:n] with n between 1 and {limit}, got {got}"),
    ("index-bound", "`{name}` has places 0 to {limit}, got {got}"),
    (
        "unguarded-indicator",
        "`{name}` does not apply to everyone; it is read here without a guard",
        "write `NAME.applies and ...`, `... if NAME.applies else ...`, or a condition with `when: NAME.applies`",
    ),
    ("needs-otherwise", "`{name}` is read here but has no `otherwise:`", "say what holds when nothing is granted"),
    ("not-readable", "`{name}` cannot be read: {reason}"),
    ("dependency-cycle", "`{name}` depends on itself: {path}"),
)

_PROOF = _rows(
    "error",
    (
        "overflow",
        (
            "`{name}` can reach {bits} bits ({low} to {high} over {denominator}); 63 are computed. Largest "
            "factors: {factors}"
        ),
        "round where the law rounds, declare a coarser step, or narrow a range",
    ),
    (
        "divisor",
        "the divisor of `{name}` ranges from {low} to {high}; it must be at least 1 unit",
        "guard it, for example max(x, 1)",
    ),
    ("outside-table", "`{name}` looks up {key} from {low} to {high} in `{table}`, which covers {first} to {last}"),
    ("value-range", "{what}: {value} is outside {first} to {last}"),
    ("outside-range", "`{name}` ranges from {low} to {high}, outside {first} to {last}"),
    ("rounding-step", "`{name}` rounds to a step of {step}", "a step is above 0"),
    (
        "not-whole",
        "`{name}` is rupiah but can have a fraction (denominator {denominator})",
        "round it, for example half_up(x, 1)",
    ),
    ("date-range", "`{name}` can leave the calendar (years 1 to 9999)"),
    ("weights", "the weights sum to {total}, not to 100%"),
    (
        "scheme-total",
        "`{name}`: the last scheme may not apply to everyone",
        "let it rest on kinds that are `required: true` (indicators that always apply), or say `otherwise:`",
    ),
    ("table-coverage", "`{table}` has no row for {missing}", "add the row, or say `otherwise:`"),
    ("table-row", "`{table}`: {reason}"),
    ("table-duplicate", "`{table}` has the row {row} twice"),
    ("law-size", "the law has more than {limit} {what}"),
)

_DATES = _rows(
    "error",
    (
        "no-value-in-force",
        "`{name}` has no value in force {when}",
        "add a version for these days, or date what reads it",
    ),
    ("overlap", "two versions of `{name}` were enacted on {enacted} and start on {start}"),
    (
        "wipes-later-value",
        "this version of `{name}` starts before one enacted earlier ({start}) and names no `until`",
        "say `until:`; without it the value enacted earlier would be lost",
    ),
    ("empty-period", "the period ends ({until}) before it begins ({start})"),
    ("outside-parent", "{policy} is in force on days on which its parent {parent} is not"),
    ("version-payload", "`{name}`: a version needs {expected}"),
    ("repeal-first", "`{name}`: nothing enacted earlier is there to repeal"),
)

_LAYERS = _rows(
    "error",
    (
        "not-delegated",
        "{policy} changes `{name}`, which {parent} ({article}) does not delegate; its own article: {own}",
        "only what the parent's `delegates:` names may change, and only in the way it says",
    ),
    (
        "outside-delegation",
        "{policy} ({own}) sets `{name}` to {value}, outside what {parent} ({article}) allows: {allowed}",
    ),
    ("delegates-more", "{policy} hands on more of `{name}` than it holds: {reason}"),
    ("delegates-nothing", "`{name}` cannot be delegated: {reason}"),
)

_RECORD_DECLARATIONS = _rows(
    "error",
    ("range-missing", "{what} of type {type} needs {missing}"),
    ("range-empty", "{what}: from {low} to {high} is empty"),
    ("range-step", "{what}: {high} is not a whole number of steps of {step} from {low}"),
    ("assume-source", "the presumption on `{name}` cites no source", "a presumption is an act of law: say `source:`"),
)

_SCENARIOS = _rows(
    "error",
    ("scenario-no-case", "the file holds no case", "a file of scenarios that tests nothing is a mistake"),
    (
        "scenario-expects-nothing",
        "`{name}` expects nothing",
        "say what must come out: `values`, `decisions` or `faults`, and in an answer its `status`",
    ),
    (
        "scenario-refused-and-answered",
        "`{name}` expects that the record is refused, and answers too",
        "a refused record has no answers: make two cases of it",
    ),
    ("scenario-is-policy", "this is a policy, not a file of scenarios", "`asnmerit check` reads policies"),
    (
        "scenario-file-name",
        "a file of this name is not run",
        "the names of files of scenarios end in .scenarios.yaml, .scenarios.yml or .scenarios.json",
    ),
    ("scenario-unused-person", "no case uses the person `{name}`"),
    ("scenario-both", "the example {name} is encoded by a case and stands under `not_encoded` too"),
    ("scenario-no-day", "`{name}` has no day: neither it nor the file says `on`"),
    ("scenario-did-not-run", "`{name}` did not run: {reason}"),
)

_WARNINGS = _rows(
    "warning",
    (
        "law-number",
        "the number {value} stands in an expression",
        "numbers of the law belong in `parameters:`, with a source",
    ),
    (
        "count-compare",
        "a comparison of count(...) stays unknown longer than `at_least`",
        "a condition `at_least: n, of: ...` is settled as soon as n hold",
    ),
    (
        "conflict-possible",
        "two rules of `{decision}` may both hold with different outcomes: {rules}",
        "the answer `conflict` stays possible; make the rules exclusive or choose another hit policy",
    ),
    ("no-source", "{what} cites no source"),
)

CATALOGUE: Final[dict[str, FaultKind]] = {
    row.code: row
    for row in (
        *_DOCUMENT,
        *_SHAPE,
        *_NAMES,
        *_EXPRESSIONS,
        *_PROOF,
        *_DATES,
        *_LAYERS,
        *_RECORD_DECLARATIONS,
        *_SCENARIOS,
        *_WARNINGS,
    )
}
