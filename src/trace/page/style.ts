/** The look of the page. It asks for nothing: fonts are those of the system, pictures are drawn in place. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f7f8fb;--panel:#fff;--text:#191c26;--quiet:#596075;--line:#dfe2eb;--grid:#e9ebf2;--accent:#4744c9;
--model:#5a57d6;--tool:#0a7487;--terminal:#27793f;--mcp:#a65608;--agent:#bf2f86;--code:#8647c4;--compaction:#6a7186;--bad:#cf222e;--warn:#a86400;--good:#1b7a3d;
--bad-soft:#fdecec;--shade:#f0f1f6;--cols:minmax(16rem,33%) 1fr 5.5rem 7rem}
@media (prefers-color-scheme:dark){:root{--bg:#0e1017;--panel:#161923;--text:#e7e9f2;--quiet:#a2a9bd;--line:#2b3041;--grid:#222635;--accent:#a9a7ff;
--model:#8380ff;--tool:#38b6cc;--terminal:#56b870;--mcp:#e59a47;--agent:#ee6cb6;--code:#b887ec;--compaction:#98a0b5;--bad:#ff7078;--warn:#e0a33c;--good:#5cc481;
--bad-soft:#341a20;--shade:#1d2130}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--text);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main,.top,footer{max-width:84rem;margin:0 auto;padding:0 1.5rem}
.top{padding-top:1.75rem}
h1,h2,h3,h5,p,dl,dd,ol,figure,blockquote{margin:0;padding:0}
h1{font-size:1.7rem;line-height:1.25;letter-spacing:-.015em;font-weight:650;overflow-wrap:anywhere}
h1 .state{font-size:.9rem;vertical-align:.3em;margin-left:.35rem}
h2{font-size:1.15rem;letter-spacing:-.01em;margin:2.25rem 0 .75rem}
h3{font-size:1rem;overflow-wrap:anywhere}
h5{font-size:.75rem;text-transform:uppercase;letter-spacing:.06em;color:var(--quiet);margin:.9rem 0 .35rem}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
h3 a{color:inherit}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,pre,.id,.number{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em}
bdi,td,dd,pre,.said,blockquote{unicode-bidi:isolate;overflow-wrap:anywhere}
.quiet,.cut,.left-out,.note{color:var(--quiet)}.cut{font-style:italic}
.brand{color:var(--quiet);font-size:.8rem;letter-spacing:.04em;margin-bottom:.3rem}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--panel);padding:.5rem 1rem;z-index:9}
.note{margin-top:.4rem}
.top dl{display:flex;flex-wrap:wrap;gap:.2rem 2rem;margin-top:.75rem;color:var(--quiet);font-size:.9rem}
dl>div{display:flex;gap:.5rem;min-width:0}dt{color:var(--quiet);white-space:nowrap}dd{min-width:0}
.top dd{color:var(--text)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(6.7rem,1fr));gap:.6rem;margin-top:1.5rem}
.tile{flex-direction:column;gap:0;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.65rem .75rem}
.tile dt{font-size:.8rem}.tile dd{overflow-wrap:normal;font-size:1.3rem;font-weight:620;font-variant-numeric:tabular-nums;line-height:1.3}
.more-of{display:block;font-size:.78rem;font-weight:400;color:var(--quiet)}
.state{font-size:.82rem;font-weight:600;white-space:nowrap}
.state.completed{color:var(--good)}.state.failed{color:var(--bad)}.state.cancelled,.state.aborted{color:var(--warn)}.state.running{color:var(--quiet)}
.refused{margin-top:1.5rem;background:var(--bad-soft);border:1px solid var(--bad);border-radius:10px;padding:.9rem 1.1rem}
.refused h2{margin:0 0 .4rem;font-size:1rem;color:var(--bad)}
.refused ol{padding-left:1.25rem}.refused li{margin:.35rem 0}
.refused dl{display:flex;flex-wrap:wrap;gap:.1rem 1.5rem}
.overview{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:.5rem .75rem;overflow:hidden}
.overview svg{display:block;width:100%;overflow:visible}
svg text{font:11px system-ui,-apple-system,"Segoe UI","Liberation Sans",sans-serif;fill:var(--quiet)}
svg text.lane{font-weight:600;font-size:12px;fill:var(--text);paint-order:stroke;stroke:var(--panel);stroke-width:4px}
.overview .bar{opacity:.85}
line.tick{stroke:var(--grid)}rect.break{fill:var(--shade);stroke:var(--line);stroke-dasharray:2 3}
rect.turn{fill:var(--shade);stroke:var(--line)}rect.turn.failed{stroke:var(--bad)}rect.turn.cancelled,rect.turn.aborted{stroke:var(--warn)}
a:hover rect.turn{stroke:var(--accent);stroke-width:2}
line.edge{stroke:var(--agent);stroke-width:1.5;stroke-dasharray:4 3}circle.edge{fill:var(--agent)}circle.end{stroke:var(--panel);stroke-width:1.5}
.bar{fill:var(--tool);stroke:var(--tool);stroke-width:1}
.inference .bar,.bar.inference{fill:var(--model);stroke:var(--model)}.terminal .bar,.session .bar,.bar.terminal,.bar.session{fill:var(--terminal);stroke:var(--terminal)}
.mcp .bar,.bar.mcp{fill:var(--mcp);stroke:var(--mcp)}.agent .bar,.bar.agent{fill:var(--agent);stroke:var(--agent)}
.code .bar,.bar.code{fill:var(--code);stroke:var(--code)}.compaction .bar,.bar.compaction{fill:var(--compaction);stroke:var(--compaction)}
.session .bar,.bar.session{fill-opacity:.25}
.failed>details .bar,.bar.failed{fill:var(--bad);stroke:var(--bad)}.cancelled>details .bar,.aborted>details .bar,.bar.cancelled,.bar.aborted{fill:var(--warn);stroke:var(--warn)}
.bar.open,.bar.running{fill-opacity:.35;stroke-dasharray:4 3}
.filter{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;align-items:center;gap:.4rem 1rem;background:var(--bg);border-bottom:1px solid var(--line);padding:.6rem 0;margin-top:2rem}
.filter [type=search]{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.35rem .7rem;width:14rem;max-width:100%}
.filter fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.2rem .9rem}
.filter label{display:inline-flex;align-items:center;gap:.35rem;white-space:nowrap}
.filter input[type=checkbox]{accent-color:var(--own,var(--accent));margin:0;width:1rem;height:1rem}
.filter .inference{--own:var(--model)}.filter .tool{--own:var(--tool)}.filter .terminal{--own:var(--terminal)}.filter .mcp{--own:var(--mcp)}
.filter .agent{--own:var(--agent)}.filter .code{--own:var(--code)}.filter .compaction{--own:var(--compaction)}.filter .bad{--own:var(--bad)}
.filter button{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:.3rem .7rem;cursor:pointer}
.filter [role=status]{color:var(--quiet);margin-left:auto}
[hidden]{display:none!important}
section.turn{background:var(--panel);border:1px solid var(--line);border-radius:10px;margin:1rem 0;padding:.9rem 1.1rem;content-visibility:auto;contain-intrinsic-size:auto 20rem;scroll-margin-top:4rem}
section.turn:target,.step:target{outline:2px solid var(--accent);outline-offset:1px}
.head{display:flex;flex-wrap:wrap;align-items:baseline;gap:.1rem .75rem}.facts{flex-basis:100%;color:var(--quiet);font-size:.86rem;font-variant-numeric:tabular-nums}
blockquote{border-left:3px solid var(--line);padding-left:.75rem;margin:.5rem 0;max-height:9rem;overflow:auto}
.fall{margin-top:.5rem}
.axis{display:grid;grid-template-columns:var(--cols);gap:0 .75rem;padding:0 .4rem}.axis svg{grid-column:2;width:100%;height:18px;overflow:visible}
.steps{list-style:none}
.step{border-top:1px solid var(--grid);scroll-margin-top:4.5rem}
.step>details>summary{display:grid;grid-template-columns:var(--cols);gap:0 .75rem;align-items:center;padding:0 .4rem;cursor:pointer;list-style:none;min-height:30px}
.step>details>summary::-webkit-details-marker{display:none}
.step>details>summary:hover,.step>details[open]>summary{background:var(--shade)}
.name{white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.name::before{content:"▸";content:"▸" / "";display:inline-block;width:1em;color:var(--quiet);font-size:.8em}[open]>summary>.name::before{content:"▾";content:"▾" / ""}
.kind{font-size:.78rem;font-weight:600;color:var(--tool)}
.inference .kind{color:var(--model)}.terminal .kind,.session .kind{color:var(--terminal)}.mcp .kind{color:var(--mcp)}.agent .kind{color:var(--agent)}.code .kind{color:var(--code)}.compaction .kind{color:var(--compaction)}
.hint{color:var(--quiet);font-size:.88em}
.chart{align-self:stretch;display:flex;align-items:center;background-image:linear-gradient(90deg,var(--grid) 1px,transparent 1px);border-right:1px solid var(--grid)}
.g1 .chart{background-size:100% 100%}.g2 .chart{background-size:50% 100%}.g3 .chart{background-size:calc(100%/3) 100%}.g4 .chart{background-size:25% 100%}
.g5 .chart{background-size:20% 100%}.g6 .chart{background-size:calc(100%/6) 100%}.g7 .chart{background-size:calc(100%/7) 100%}.g8 .chart{background-size:12.5% 100%}
.chart svg{width:100%;height:22px;overflow:visible}
.took{text-align:right;color:var(--quiet);font-variant-numeric:tabular-nums;white-space:nowrap;font-size:.88rem}
.more{padding:.5rem .5rem 1rem 1.6rem;font-size:.9rem}
.more>dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(21rem,1fr));gap:.15rem 1.5rem}
.auth{display:grid;grid-template-columns:repeat(auto-fit,minmax(16rem,1fr));gap:0 1.5rem;border-left:3px solid var(--line);padding-left:.9rem;margin-top:.6rem}
.items ol{list-style:none;display:grid;gap:.35rem}
.items .label{display:inline-block;min-width:10.5rem;color:var(--quiet);font-size:.86rem;vertical-align:top}.items li{display:grid;grid-template-columns:11rem 1fr}
.said{white-space:pre-wrap}
figcaption{font-size:.75rem;font-weight:700;text-transform:uppercase;letter-spacing:.06em;color:var(--quiet);margin:.8rem 0 .25rem}
pre{margin:0;background:var(--shade);border-radius:8px;padding:.6rem .8rem;max-height:24rem;overflow:auto;white-space:pre-wrap}
.payload{margin:.25rem 0}.payload summary{cursor:pointer}.payload pre{margin-top:.3rem}
.known{margin-top:.6rem;font-size:.9rem}.known summary,.table summary{cursor:pointer;color:var(--quiet)}
.scroll{overflow:auto;background:var(--panel);border:1px solid var(--line);border-radius:10px;margin-top:.5rem;max-height:40rem}
table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{text-align:left;padding:.3rem .75rem;border-bottom:1px solid var(--grid);vertical-align:top;font-weight:400}
thead th{position:sticky;top:0;background:var(--shade);color:var(--quiet);white-space:nowrap}td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
footer{color:var(--quiet);font-size:.85rem;padding-top:1.5rem;padding-bottom:3rem}
@media (max-width:50rem){:root{--cols:1fr auto auto}.axis{display:none}.step>details>summary{padding:.35rem .4rem}.chart{grid-row:2;grid-column:1/-1}main,.top,footer{padding-left:.75rem;padding-right:.75rem}.items li{display:block}}
@media (forced-colors:active){.bar,rect.turn,circle.edge{fill:CanvasText;stroke:CanvasText}rect.turn{fill:Canvas}}
@media print{:root{color-scheme:light}body{background:#fff;font-size:11px}.filter,.skip{display:none}section.turn{break-inside:auto;content-visibility:visible;border-color:#bbb}.step{break-inside:avoid}pre,.scroll,blockquote{max-height:none;overflow:visible}*{print-color-adjust:exact}}
${hiddenByBoxes()}`;

/** A box for each kind hides its rows, without a script. */
function hiddenByBoxes(): string {
  const kinds = ['inference', 'tool', 'terminal', 'mcp', 'agent', 'code', 'compaction'];
  const rules = kinds.map((kind) => {
    const rows = kind === 'terminal' ? ['terminal', 'session'] : [kind];
    return `${rows.map((row) => `body:has(#show-${kind}:not(:checked)) .step.${row}`).join(',')}{display:none}`;
  });
  const bad = '.failed,.cancelled,.aborted';
  return `${rules.join('\n')}
body:has(#only-bad:checked) .step:not(${bad}){display:none}
body:has(#only-bad:checked) section.turn:not(${bad}):not(:has(.step:is(${bad}))){display:none}
`;
}
