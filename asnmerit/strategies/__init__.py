"""What `asnmerit.testing` offers, in two parts.

People: `offered` (the strategies users take), `drawn` (how Hypothesis names them), `drawing` and `pairing` (a person, a
pair), `checks` (what is left to draw), `turning` (where answers turn), `omitting` (records with gaps), `library`
(Hypothesis itself). Assertions: `asserting`, `claiming` (what is asked), `settling` (by whom it is answered), `failing`
(what is said). `arguments` reads the names that callers use in both.
"""
