"""Documents of a policy while a reform is written into them: whose what is, what may be changed where, and marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import attrs

from asnmerit.reforming.dating import When, table, with_key, with_keys
from asnmerit.rules.document import Node, Scalar, Sequence, Table
from asnmerit.rules.editing import Add, edited, node_at

if TYPE_CHECKING:
    from asnmerit.diagnostics import Faults
    from asnmerit.reforming.documents import Documents
    from asnmerit.reforming.overlay import Asked, Changes
    from asnmerit.rules.declarations import Module

SOURCE: Final = "usulan-perubahan"
"""The source that changed values cite: not a law."""
TITLES: Final = {
    False: {"id": "Usulan perubahan (bukan hukum)", "en": "Proposed reform (not law)"},
    True: {"id": "USULAN DI LUAR DELEGASI (bukan hukum)", "en": "REFORM BEYOND DELEGATION (not law)"},
}


@attrs.define(eq=False)
class Drafts:
    """Copies of the documents as they are changed. `beyond`: names whose delegation is passed over."""

    documents: Documents
    changes: Changes
    when: tuple[int, int]
    beyond: frozenset[str]
    faults: Faults
    roots: dict[str, Table] = attrs.field(factory=dict)
    unbound: list[str] = attrs.field(factory=list)
    """The keys of the changes that go beyond delegation."""

    @property
    def own(self) -> Module:
        """The policy's own document."""
        return self.documents.policy.module

    def root(self, module: Module) -> Table:
        """Give a document as it is now."""
        return self.roots.get(module.name, self.documents.roots[module.name])

    def edit(self, module: Module, *edits: Any) -> None:  # noqa: ANN401 - changes of documents
        """Change a document."""
        self.roots[module.name] = edited(self.root(module), *edits)  # type: ignore[assignment]  # a mapping stays one

    def known(self, section: str) -> tuple[str, ...]:
        """Name what the documents have in a section."""
        return tuple(dict.fromkeys(n for m in self.documents.policy.modules for n in getattr(m.document, section)))

    def holder(self, section: str, name: str) -> Module | None:
        """Give the document that declares something."""
        declared = self.documents.policy.declared
        if section in {"parameters", "tables", "decisions"} and name in declared.owners:
            return declared.owners[name]
        found = (m for m in self.documents.policy.modules if name in getattr(m.document, section))
        return next(found, None)

    def chain(self, owner: Module) -> list[Module]:
        """Give the documents from the policy's own up to that of the owner, nearest first; none if it is no parent."""
        ancestors = self.own.ancestors
        return ancestors[: ancestors.index(owner) + 1] if owner in ancestors else []

    def when_of(self, one: Asked) -> When:
        """Give the days of a change."""
        days = getattr(one.said, "from_", None), getattr(one.said, "until", None)
        return When(*self.when, *days)

    def _refused(self, one: Asked, name: str, owner: Module, about: Any) -> None:  # noqa: ANN401 - of a declaration
        """Note a change of what belongs to another policy, and cannot be written as a child's."""
        article = ", ".join(map(str, about.citations)) if about is not None else ""
        self.faults.add(
            "not-delegated", one.position, related=[about.position] if about is not None else [],
            policy=self.own.name, name=name, parent=owner.name, article=article or "no article given",
            own=TITLES[False]["id"],
        )  # fmt: skip

    def mine(self, one: Asked, name: str, owner: Module, about: Any = None) -> Module | None:  # noqa: ANN401
        """Give the document in which something that no child can change is changed, or note that it is refused."""
        if owner is self.own:
            return owner
        if name not in self.beyond:
            self._refused(one, name, owner, about)
            return None
        self.unbound.append(one.key)
        return owner

    # --- what is said of a change ---

    def about(self, one: Asked, *, old: Table | None = None) -> dict[str, Node | None]:
        """Give source, grade and note of a change: its own, those of the whole overlay, or that it is a reform."""
        here = one.position
        refs = getattr(one.said, "source", ()) or (self.changes.about.source if self.changes.about else ())
        texts = [str(r) for r in refs] or [SOURCE]
        cited: list[Node] = [Scalar(here, t) for t in texts]
        if old is not None and not refs and (before := old.get("source")) is not None:
            cited = [*(before.items if isinstance(before, Sequence) else (before,)), *cited]
        grade = getattr(one.said, "grade", None) or "illustrative"
        note = getattr(one.said, "note", None)
        return {
            "source": Sequence(here, tuple(cited)),
            "grade": Scalar(here, grade),
            "note": None if note is None else Scalar(here, note),
        }

    def cite(self, name: str) -> None:
        """Enter the reform among the sources of a document, and say in the title that it is changed."""
        own = name == self.own.name
        root = self.roots[name]
        here = root.position
        titles = {k: Scalar(here, v, quoted=True) for k, v in TITLES[not own].items()}
        source = table(here, {"title": table(here, titles), "grade": Scalar(here, "illustrative")})
        sources = root.get("sources")
        entries = sources if isinstance(sources, Table) else Table(here, ())
        self.roots[name] = with_key(root, "sources", with_key(entries, SOURCE, source))

    def entitle(self) -> None:
        """Say in the title of the policy that it is a reform, and whether it goes beyond what is delegated."""
        root, here = self.root(self.own), self.own.document.position
        marks = TITLES[bool(self.unbound)]
        more = {lang: f": {said}" for lang, said in self.changes.title.items()}
        title = {
            lang: Scalar(here, f"{said} — {marks[lang]}{more.get(lang, '')}", quoted=True)
            for lang, said in self.documents.policy.title.items()
        }
        self.roots[self.own.name] = with_key(root, "title", table(here, title))
        self.cite(self.own.name)

    def widen(self, one: Asked, parents: list[Module], may: tuple[str, ...], name: str = "") -> None:
        """Let the parents delegate what they do not, beyond what the law says."""
        name = name or one.name
        if parents and one.key not in self.unbound:
            self.unbound.append(one.key)
        for module in parents:
            entry = node_at(self.root(module), ("delegates", name))
            here = one.position
            base = entry if isinstance(entry, Table) else Table(here, ())
            held = module.document.delegates.get(name)
            allowed = dict.fromkeys([*((held.may or ()) if held else ()), *may])
            words = Sequence(here, tuple(Scalar(here, w) for w in allowed))
            new = with_keys(base, {"may": words, "within": None, "source": Scalar(here, SOURCE)})
            self.edit(module, Add(("delegates", name), new))
