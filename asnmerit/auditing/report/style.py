"""How the page of an audit looks, and the one script in it, which only copies scenarios."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --paper: #f4f6fa; --sheet: #ffffff; --ink: #1b2433; --faint: #566176; --line: #d5dbe6; --head: #eaeef5;
  --good: #14652f; --good-paper: #e2f4e7; --bad: #a3161b; --bad-paper: #fdeaea;
  --open: #7a4a00; --open-paper: #fff1d6; --seen: #1d4f91; --seen-paper: #e5eefb; --mark: #fff3c4; --mark-ink: #1b2433;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #10151d; --sheet: #182029; --ink: #e3e8f0; --faint: #a5b0c1; --line: #34404f; --head: #222c38;
    --good: #86dc9f; --good-paper: #153322; --bad: #ff9c98; --bad-paper: #431d1f;
    --open: #f2c572; --open-paper: #3d2e10; --seen: #9cc4ff; --seen-paper: #1a2f4d;
    --mark: #4a4114; --mark-ink: #fff6d6;
  }
}
* { box-sizing: border-box }
html { -webkit-text-size-adjust: 100% }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif }
main, header, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem }
header { padding-top: 1.75rem }
h1, h2, h3, h4 { line-height: 1.25; overflow-wrap: anywhere }
h1 { font-size: 1.75rem; margin: .1rem 0 1rem }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .75rem }
h3 { font-size: 1.1rem; margin: 0 }
h4 { font-size: 1rem; margin: 0 0 .4rem }
p { margin: .35rem 0 }
code, pre { font-family: ui-monospace, "SF Mono", Consolas, monospace; font-size: .875em }
code { overflow-wrap: anywhere }
.kicker { color: var(--faint); margin: 0; font-weight: 600 }
.faint { color: var(--faint) }
.tongues { border: 1px solid var(--line); border-radius: .5rem; padding: .3rem .8rem .45rem; margin: 0 0 1rem;
  display: inline-flex; flex-wrap: wrap; gap: .2rem 1.1rem; background: var(--sheet) }
.tongues legend { font-size: .8rem; color: var(--faint); padding: 0 .3rem }
.tongues label { display: inline-flex; align-items: center; gap: .4rem; min-height: 1.75rem; cursor: pointer }
input { accent-color: var(--seen); width: 1.05rem; height: 1.05rem; margin: 0 }
.run { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: 0; font-size: .92rem }
.run dt { color: var(--faint) } .run dd { margin: 0; overflow-wrap: anywhere }
.sums { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.4rem 0 0;
  padding: 0; list-style: none }
.sums li { background: var(--sheet); border: 1px solid var(--line); border-top: 4px solid var(--tone);
  border-radius: .5rem; padding: .6rem .9rem; color: var(--faint) }
.sums b { display: block; font-size: 1.7rem; line-height: 1.2; color: var(--tone) }
.good { --tone: var(--good); --tone-paper: var(--good-paper) }
.bad { --tone: var(--bad); --tone-paper: var(--bad-paper) }
.open { --tone: var(--open); --tone-paper: var(--open-paper) }
.seen { --tone: var(--seen); --tone-paper: var(--seen-paper) }
.badge { display: inline-block; padding: .1rem .55rem; border-radius: 1rem; font-size: .8rem; font-weight: 700;
  line-height: 1.5; color: var(--tone); background: var(--tone-paper); border: 1px solid var(--tone) }
.badge + .badge { margin-left: .35rem }
table { border-collapse: collapse; width: 100%; background: var(--sheet); border: 1px solid var(--line) }
caption { text-align: left; font-weight: 600; padding: .2rem 0 .35rem }
th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid var(--line);
  overflow-wrap: anywhere }
thead th { background: var(--head); font-size: .85rem }
thead th::first-letter { text-transform: uppercase }
tbody th { font-weight: 500 }
td { white-space: pre-line }
.sheet > tbody > tr > th { width: 45% }
.sheet th > code { display: block; color: var(--faint); font-weight: 400 }
.sums-up > caption { position: absolute; clip-path: inset(50%) }
h3.kind { font-size: 1rem; margin: 1rem 0 .2rem }
.people { table-layout: fixed }
.people th:first-child { width: 38% }
section > details > table { margin-top: .5rem }
.people tr.differs th, .people tr.differs td { background: var(--mark); color: var(--mark-ink); font-weight: 600 }
.differs .sign { font-weight: 700 }
.card { background: var(--sheet); border: 1px solid var(--line); border-left: 5px solid var(--tone);
  border-radius: .5rem; padding: 1rem 1.2rem 1.1rem; margin: 0 0 1.25rem }
.card .top { display: flex; flex-wrap: wrap; gap: .3rem .8rem; align-items: baseline }
.card .people { margin: 1rem 0 0 }
.told { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem; margin: .7rem 0 0 }
.told dt { color: var(--faint) } .told dd { margin: 0; overflow-wrap: anywhere }
details { margin: .9rem 0 0 } summary { cursor: pointer; font-weight: 600; min-height: 1.6rem }
details details { margin-left: 0 }
.list { list-style: none; margin: .4rem 0; padding: 0 }
.list li { padding: .35rem 0; border-top: 1px solid var(--line) }
.list li:first-child { border-top: 0 }
.why { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem 1.5rem;
  margin-top: .6rem }
.lines { list-style: none; margin: 0; padding: 0; font-size: .93rem }
.lines li { padding: .12rem .3rem .12rem calc(.3rem + var(--deep) * 1.15rem);
  overflow-wrap: anywhere; border-radius: .2rem }
.lines li.head { font-weight: 700; margin-top: .4rem }
.lines li.differs { background: var(--mark); color: var(--mark-ink) }
.lines .cite { font-size: .9em; opacity: .8 } .lines .value { font-weight: 600 }
.met > b { color: var(--good) } .unmet > b { color: var(--bad) } .not-known > b { color: var(--open) }
.differs > b { color: inherit }
.d0 { --deep: 0 } .d1 { --deep: 1 } .d2 { --deep: 2 } .d3 { --deep: 3 }
.d4 { --deep: 4 } .d5 { --deep: 5 } .d6 { --deep: 6 }
pre { background: var(--head); border: 1px solid var(--line); border-radius: .4rem; padding: .75rem; margin: .5rem 0 0;
  overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }
button { font: inherit; font-size: .9rem; padding: .3rem .9rem; border-radius: .4rem; border: 1px solid var(--seen);
  background: var(--seen-paper); color: var(--seen); cursor: pointer; margin-top: .5rem }
:is(a, summary, input, button, pre):focus-visible { outline: 3px solid var(--seen); outline-offset: 2px }
a { color: var(--seen) }
footer { padding: 2rem 1.25rem; color: var(--faint); font-size: .9rem }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
:root:has(#show-id:checked) body [lang=en], :root:has(#show-en:checked) body [lang=id] { display: none }
:root:has(#show-both:checked) :is(span, li)[lang=id] + [lang=en] { display: block; font-style: italic; opacity: .85 }
:root:has(#show-both:checked) :is(.badge, .unseen, button) [lang=id] + [lang=en] { display: inline }
:root:has(#show-both:checked) :is(.badge, button) [lang=id] + [lang=en]::before { content: " · " }
@media (max-width: 40rem) {
  main, header, footer { padding-left: .8rem; padding-right: .8rem }
  h1 { font-size: 1.4rem } .card { padding: .8rem .8rem .9rem } th, td { padding: .35rem .45rem }
  .run, .told { grid-template-columns: 1fr; gap: 0 } .run dd, .told dd { margin-bottom: .4rem }
  .people { font-size: .88rem } .people th:first-child { width: 32% }
  .people :is(th, td) { padding: .35rem .3rem } .sums { grid-template-columns: 1fr 1fr }
}
@media print {
  :root { --paper: #fff; --sheet: #fff; --ink: #000; --faint: #333; --line: #999; --head: #eee; --mark: #eee;
    --mark-ink: #000 }
  body { font-size: 10pt } .tongues, button { display: none } .card { break-inside: avoid-page; border-color: #999 }
  h2, h3, caption { break-after: avoid } tr { break-inside: avoid }
  details::details-content { content-visibility: visible; display: block; height: auto }
}
"""

SCRIPT: Final = """
for (const button of document.querySelectorAll("button[data-copy]")) {
  const text = document.getElementById(button.dataset.copy);
  const told = button.nextElementSibling;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      getSelection().selectAllChildren(text);
      document.execCommand("copy");
    }
    told.hidden = false;
    setTimeout(() => { told.hidden = true; }, 2500);
  });
}
"""

COMPACT: Final = (
    ".asnmerit-audit table{border-collapse:collapse}.asnmerit-audit :is(th,td){text-align:left;padding:.2em .8em;"
    "vertical-align:top}"
)
"""For a notebook, which has its own colours."""
