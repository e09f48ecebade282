import { STATUSES } from '../../src/doctor/report.ts';
import { DARK, LIGHT, variablesOf } from './palette.ts';

/** The look of the page. It asks for nothing: fonts are those of the system, signs are drawn in place. */
export const STYLE = `
:root{color-scheme:light dark;${variablesOf(LIGHT)};--mono:ui-monospace,SFMono-Regular,"Cascadia Mono",Menlo,Consolas,"Liberation Mono",monospace}
@media (prefers-color-scheme:dark){:root{${variablesOf(DARK)}}}
*{box-sizing:border-box}
html{scroll-padding-top:6.5rem}
body{margin:0;background:var(--page);color:var(--text);font:15px/1.55 Inter,ui-sans-serif,-apple-system,"Segoe UI",Roboto,"Liberation Sans",system-ui,sans-serif;font-feature-settings:"cv05","ss03"}
h1,h2,h3,h4,p,dl,dd,ul,ol,pre{margin:0;padding:0}ul,ol{list-style:none}
h1{font-size:1.65rem;line-height:1.25;font-weight:660;letter-spacing:-.018em}
h2{font-size:1.2rem;line-height:1.3;font-weight:640;letter-spacing:-.012em;margin-bottom:.9rem}
h3{font-size:1rem;font-weight:620}
h4{font-size:.8rem;font-weight:620;color:var(--quiet);margin-bottom:.2rem}
a{color:var(--accent);text-decoration:underline;text-decoration-color:color-mix(in srgb,currentColor 35%,transparent);text-underline-offset:.18em}
a:hover{text-decoration-color:currentColor}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:5px}
h2:focus-visible{outline-offset:6px}
code,pre,kbd{font-family:var(--mono);font-size:.88em}pre code{font-size:1em}
h1,h3,p,dd,td,th,li,.said{overflow-wrap:anywhere;unicode-bidi:plaintext}
b{font-weight:640}
.quiet,.empty,.more{color:var(--quiet)}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:1rem;background:var(--panel);padding:.5rem 1rem;z-index:9}
time{white-space:nowrap}
.signs{position:absolute;width:0;height:0}[hidden]{display:none!important}
.sign{width:1em;height:1em;flex:none;vertical-align:-.125em;color:var(--calm)}
.ok{--own:var(--ok);--own-soft:var(--ok-soft)}.warning{--own:var(--warning);--own-soft:var(--warning-soft)}
.fail{--own:var(--fail);--own-soft:var(--fail-soft)}.crashed{--own:var(--crashed);--own-soft:var(--fail-soft)}
.incomplete{--own:var(--calm);--own-soft:var(--warning-soft)}.idle,.skipped{--own:var(--calm);--own-soft:var(--shade)}
.sign.ok,.sign.warning,.sign.fail,.sign.crashed{color:var(--own)}
.disc{fill:currentColor}.mark{fill:none;stroke:var(--mark);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round}
.ring,.line{fill:none;stroke:currentColor;stroke-width:1.6;stroke-linecap:round;stroke-linejoin:round}
.badge{display:inline-flex;align-items:center;gap:.4rem;font-size:.85rem;font-weight:640;color:var(--own)}
.chip{display:inline-block;font-size:.78rem;line-height:1.5;padding:0 .5rem;border-radius:99px;background:var(--shade);color:var(--quiet);white-space:nowrap}
.chip.passed{white-space:normal;background:none;box-shadow:inset 0 0 0 1px var(--line)}

.top,.layout,footer{max-width:82rem;margin:0 auto;padding:0 2rem}
.top{padding-top:1.75rem}
.brand{display:flex;align-items:center;gap:.5rem;color:var(--quiet);font-size:.9rem}
.brand strong{color:var(--text);font-weight:660}
.logo{width:1.4rem;height:1.4rem;fill:none;stroke:var(--accent);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.verdict{display:flex;gap:1.1rem;align-items:flex-start;margin-top:1.1rem;padding:1.35rem 1.5rem;border-radius:16px;background:var(--own-soft);box-shadow:inset 0 0 0 1px color-mix(in srgb,var(--own) 22%,transparent)}
.verdict .sign{width:2.1rem;height:2.1rem}
.lead{margin-top:.35rem}
.facts{display:flex;flex-wrap:wrap;gap:.9rem 2.75rem;margin-top:1.4rem}
.facts dt{font-size:.8rem;color:var(--quiet)}
.shares{display:block;margin-top:1.5rem;border-radius:5px}
.share{fill:var(--own);stroke:var(--page);stroke-width:2}.share.ok{fill:color-mix(in srgb,var(--ok) 75%,var(--page))}.share.idle,.share.skipped,.share.incomplete{fill:color-mix(in srgb,var(--calm) 40%,var(--page))}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.4rem;margin-top:.65rem;font-size:.9rem}
.legend li{display:flex;align-items:center;gap:.4rem}

.layout{display:grid;grid-template-columns:10.5rem minmax(0,1fr);gap:2.5rem;margin-top:2.5rem}
nav{position:sticky;top:1.5rem;align-self:start;font-size:.92rem}
nav li+li{margin-top:.15rem}
nav a{display:block;padding:.25rem .7rem;margin-left:-.7rem;border-radius:7px;color:var(--quiet);text-decoration:none}
nav a:hover{background:var(--shade);color:var(--text)}
main>section+section{margin-top:3rem}main>.filter+section{margin-top:1.4rem}

.card{background:var(--panel);border:1px solid var(--line);border-left:4px solid var(--own);border-radius:12px;padding:1.1rem 1.4rem 1.25rem}
.card+.card{margin-top:.9rem}
.head{display:flex;flex-wrap:wrap;align-items:center;gap:.3rem .8rem}
.card h3{margin:.45rem 0 .75rem;font-size:1.08rem;line-height:1.4;letter-spacing:-.006em}
.issue+.issue{margin-top:.9rem}
.issue .cause{margin-bottom:.3rem;font-weight:560}.issue .cause .sign{margin-right:.45rem}
.issue dd{min-width:0}.issue dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,18rem),1fr));gap:.5rem 2rem}
.issue dt{font-size:.8rem;font-weight:620;color:var(--quiet)}
.actions,.card h4{margin-top:.95rem}.actions h4{margin-top:0}.actions p+p{margin-top:.35rem}
.command{display:flex;align-items:flex-start;gap:.5rem;margin-top:.6rem;background:var(--shade);border-radius:9px;padding:.4rem .4rem .4rem .9rem}
.command pre{position:relative;flex:1;min-width:0;overflow-x:auto;padding:.25rem 0;line-height:1.5}
.symptoms li{display:flex;gap:.55rem}.symptoms li+li{margin-top:.2rem}.symptoms .sign{margin-top:.29em}
.notes li{padding:.45rem 0;border-top:1px solid var(--line)}.notes li:first-child{border-top:0}.notes .chip.warning{background:var(--warning-soft);color:var(--warning)}

.gate{background:var(--panel);border:1px solid var(--line);border-radius:12px;padding:1.1rem 1.4rem 1.25rem}
.gate h2{margin-bottom:.3rem}.decision strong{color:var(--own)}
.decisions{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,20rem),1fr));gap:1rem 2rem;margin-top:.95rem}
.decisions h3{font-size:.8rem;color:var(--quiet);margin-bottom:.2rem}

.filter{position:sticky;top:0;z-index:5;display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1.2rem;background:var(--page);padding:.65rem 0;margin-top:-.65rem;border-bottom:1px solid var(--line)}
.words{position:relative;flex:1 1 15rem;max-width:24rem}
input,button{font:inherit;color:inherit}
[type=search]{width:100%;background:var(--panel);border:1px solid color-mix(in srgb,var(--quiet) 60%,transparent);border-radius:9px;padding:.4rem 2.3rem .4rem .8rem}
[type=search]::placeholder{color:var(--quiet);opacity:1}
kbd{position:absolute;right:.6rem;top:50%;translate:0 -50%;border:1px solid var(--line);border-radius:5px;padding:0 .4rem;color:var(--quiet);background:var(--shade)}
[type=search]:focus+kbd{display:none}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.25rem 1rem;font-size:.9rem}
label{display:inline-flex;align-items:center;gap:.4rem;white-space:nowrap}
[type=checkbox]{accent-color:var(--accent);margin:0;width:1rem;height:1rem}
.buttons{display:inline-flex;gap:.4rem}
button{background:var(--panel);border:1px solid color-mix(in srgb,var(--quiet) 45%,transparent);border-radius:8px;padding:.25rem .7rem;font-size:.87rem;cursor:pointer}
button:hover{background:var(--shade)}
[role=status]{color:var(--quiet);font-size:.9rem}

.area{margin-top:1.4rem}.area h3{font-size:.95rem;margin-bottom:.5rem}
.rows{background:var(--panel);border:1px solid var(--line);border-radius:12px;overflow:clip}
.row+.row{border-top:1px solid var(--line)}
.row>summary{display:grid;grid-template-columns:1.1rem 7rem minmax(0,1fr) auto 4rem;gap:0 .75rem;align-items:baseline;padding:.5rem 1.1rem;cursor:pointer;list-style:none}
.row>summary::-webkit-details-marker{display:none}
.row>summary:hover{background:var(--shade)}.row>summary:focus-visible{outline-offset:-2px;border-radius:12px}
.row>summary .sign{align-self:start;margin-top:.27rem}
.category{font-weight:600}.id{color:var(--quiet);font-size:.8rem}.took{color:var(--quiet);font-size:.8rem;text-align:right;font-variant-numeric:tabular-nums}
.row[open]>summary{background:var(--shade)}
.body{padding:.9rem 1.1rem 1.2rem 2.95rem;display:grid;grid-template-columns:minmax(0,1fr);gap:.9rem}.body .actions{margin-top:0}
.title{font-weight:560}.more{font-size:.85rem}
.note{color:var(--quiet)}

table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;font-weight:400;padding:.32rem .8rem}
.evidence{border-top:1px solid var(--line)}.evidence tr{border-bottom:1px solid var(--line)}
.evidence th{width:34%;color:var(--quiet)}.evidence span,.evidence li{white-space:pre-wrap}
.evidence .string,.evidence .number,.evidence li{font-family:var(--mono);font-size:.88em}
.evidence .number{font-variant-numeric:tabular-nums}
.concerned{background:var(--own-soft);box-shadow:inset 3px 0 var(--own)}.concerned th{color:var(--text);font-weight:600}
.expected{font-size:.9em;color:var(--quiet)}.expected::before{content:"→ "}
.scroll{position:relative;overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:12px}
thead th{color:var(--quiet);font-size:.83rem;border-bottom:1px solid var(--line);white-space:nowrap}
td.number{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
.timeline th,.timeline td{padding:.1rem .8rem;vertical-align:middle}.timeline thead th{padding:.45rem .8rem}.timeline th[scope=row]{white-space:nowrap}
.timeline .sign{margin-right:.5rem}.timeline thead th:nth-child(2),.timeline thead th:nth-child(3),.ledger thead th+th{text-align:right}
.timeline .axis,.timeline .drawn{width:58%;min-width:14rem}.timeline .drawn{padding-top:0;padding-bottom:0}.tick{stroke:var(--line)}
.timeline .axis svg,.drawn svg{display:block;overflow:visible}.timeline text{font-size:11px;fill:var(--quiet)}
.timeline code{font-size:.82rem}.timeline a{color:inherit;text-decoration:none}.timeline a:hover{text-decoration:underline}
.bar{fill:var(--own);stroke:var(--own);stroke-width:1.5}.bar.ok{fill:color-mix(in srgb,var(--ok) 70%,var(--panel));stroke:color-mix(in srgb,var(--ok) 70%,var(--panel))}
.ledger{max-width:40rem}.ledger tr+tr{border-top:1px solid var(--line)}
.scroll:has(.ledger){width:fit-content;max-width:100%;margin-top:.7rem}
#data~p+p,#data+p+p{margin-top:.7rem}
footer{color:var(--quiet);font-size:.85rem;margin-top:3rem;padding-top:1.25rem;padding-bottom:3rem}
footer p{border-top:1px solid var(--line);padding-top:1.25rem}
::highlight(found){background:var(--found);color:var(--text)}
${hiddenByBoxes()}
@media (prefers-reduced-motion:no-preference){html{scroll-behavior:smooth}button,nav a,.row>summary{transition:background-color .12s}}
@media (max-width:64rem){.layout{display:block}nav{position:static;margin-bottom:2rem}nav ol{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}nav li+li{margin:0}nav a{margin:0;padding:.2rem 0}}
@media (max-width:46rem){.top,.layout,footer{padding-left:1rem;padding-right:1rem}h1{font-size:1.3rem}.verdict{padding:1rem}.filter{position:static}
.row>summary{grid-template-columns:1.1rem minmax(0,1fr) auto;padding:.55rem .8rem}.row .said{grid-column:2/-1}.row .id{grid-column:2}.row .took{grid-column:3;grid-row:1}.row .category{grid-column:2;grid-row:1}
.body{padding:.8rem}.evidence th{width:42%}.card,.gate{padding:1rem}}
@media (forced-colors:active){.disc,.bar,.share{fill:CanvasText}.mark{stroke:Canvas}.card,.concerned{border-left:4px solid CanvasText}}
@media print{:root{color-scheme:light;${variablesOf(LIGHT)}}body{background:#fff;font-size:11px}.filter,nav,.skip,button,.more{display:none!important}
.layout{display:block}.top,.layout,footer{max-width:none;padding:0}.card,.gate,.row>summary,.evidence tr,.timeline tr{break-inside:avoid}h2,h3{break-after:avoid}
.rows{overflow:visible}details::details-content{content-visibility:visible;display:block}*{print-color-adjust:exact}}
`;

/** A box for each status hides its rows, without a script. */
function hiddenByBoxes(): string {
  return STATUSES.map(
    (status) => `body:has(#show-${status}:not(:checked)) .item.${status}{display:none}`,
  ).join('\n');
}
