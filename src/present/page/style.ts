/**
 * The only style sheet, in the page itself: the content security policy allows it by its hash, and nothing else.
 */
import { createHash } from "node:crypto";

const LIGHT = `--page:#f6f7f9;--card:#fff;--text:#1c2128;--soft:#57606a;--edge:#d5dae0;--link:#0a58ca;
--good:#1a7f37;--wait:#8a5d00;--bad:#c81e2b;--good-soft:#e3f4e7;--wait-soft:#fbf1d6;--bad-soft:#fdebec;`;
const DARK = `--page:#0e1217;--card:#161b22;--text:#e2e7ec;--soft:#9aa5b1;--edge:#2d343d;--link:#79b8ff;
--good:#56d364;--wait:#e3b341;--bad:#ff8b85;--good-soft:#12281a;--wait-soft:#2b2311;--bad-soft:#331619;`;

export const STYLE = `
:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.55 system-ui,-apple-system,"Segoe UI",sans-serif}
header,main,footer{max-width:58rem;margin:0 auto;padding:0 1.25rem}
header{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;align-items:baseline;padding-top:1.25rem;padding-bottom:.5rem}
header b{font-weight:600;margin-right:auto}nav{display:flex;gap:1.25rem}
a{color:var(--link);text-underline-offset:.15em}a:not(:hover){text-decoration-thickness:1px}
nav a{text-decoration:none}nav a:hover,nav a[aria-current]{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-100rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.25rem .75rem}
h1{font-size:1.5rem;line-height:1.25;margin:.75rem 0 .25rem}h2{font-size:1.1rem;line-height:1.35;margin:0}
h3{font-size:1rem;margin:1.25rem 0 .25rem;border-top:1px solid var(--edge);padding-top:.75rem}h4{font-size:.875rem;font-weight:600;color:var(--soft);margin:.6rem 0 .2rem}h1,h2,h3,dd,li,p,td,th,summary{overflow-wrap:anywhere}
p{margin:.35rem 0}ul{margin:.35rem 0;padding-left:1.25rem}
.card{background:var(--card);border:1px solid var(--edge);border-radius:.6rem;padding:1rem 1.25rem;margin:1rem 0}
.lead{font-size:1.05rem}.soft{color:var(--soft)}.small{font-size:.875rem}
.good{color:var(--good)}.wait{color:var(--wait)}.bad{color:var(--bad)}
.mark{font-weight:600}.mark::before{content:"";display:inline-block;width:.6em;height:.6em;border-radius:50%;margin-right:.5em;background:currentColor}
.mark.wait::before{background:none;border:.17em solid}.mark.bad::before{border-radius:.1em}
.note{border-left:.25rem solid;border-radius:.25rem;padding:.4rem .8rem;margin:.6rem 0}
.note.wait{background:var(--wait-soft)}.note.bad{background:var(--bad-soft)}.note.good{background:var(--good-soft)}
.note>*{color:var(--text)}
.title{display:flex;flex-wrap:wrap;gap:.1rem 1rem;align-items:baseline;justify-content:space-between}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1.5rem;margin:0}dt{color:var(--soft)}dd{margin:0}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft);font-size:.875rem}
td,th{padding:.3rem 1.25rem .3rem 0;vertical-align:top}tbody tr{border-top:1px solid var(--edge)}
tbody th{color:inherit;font-size:1rem;font-weight:500}
.scroll{overflow-x:auto}.nowrap td,.nowrap th{white-space:nowrap}
tbody .details{border-top:0}.details td{padding-top:0}.details ul{margin-top:0}
.fields{table-layout:fixed}.fields th:first-child{width:24%}.fields tbody th{font-weight:600;padding-top:.6rem}
details{margin:.5rem 0}summary{cursor:pointer}
code,pre,samp{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
code{background:color-mix(in srgb,var(--soft) 14%,transparent);border-radius:.25rem;padding:.1em .3em;overflow-wrap:anywhere}
pre{margin:.5rem 0 0;overflow:auto;max-height:75vh;border:1px solid var(--edge);border-radius:.4rem;padding:.5rem 0}
pre span{display:block;width:max-content;min-width:100%;padding:0 .75rem;white-space:pre;tab-size:4}
pre .add{background:var(--good-soft)}pre .del{background:var(--bad-soft)}pre .hunk{color:var(--soft)}
form{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:end;margin:.6rem 0}
label{display:flex;flex-direction:column;font-size:.875rem;color:var(--soft)}
input,button{font:inherit;color:var(--text);background:var(--page);border:1px solid var(--soft);border-radius:.4rem;padding:.3rem .7rem;min-height:2.5rem}
input{width:16rem;max-width:100%}button{cursor:pointer;background:var(--card);font-weight:500}button:hover{border-color:var(--link);color:var(--link)}
.strip{margin:.6rem 0}.strip svg{display:block;width:100%;height:3.5rem}.strip rect{fill:currentColor}.strip .line{fill:var(--edge)}.strip .quiet{fill:var(--soft)}
.records{list-style:none;padding:0}.records details{margin:.2rem 0}
.buttons{display:flex;flex-wrap:wrap;gap:.5rem}
footer{padding-top:.5rem;padding-bottom:2rem}
@media (max-width:36rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.4rem}.card{padding:.8rem .9rem}
.stack thead{position:absolute;left:-100rem}.stack tr{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.4rem 0}.stack td,.stack tbody th{display:block;padding:.05rem 0}
.stack [colspan],.fields td:first-child{flex-basis:100%}.details td{padding-top:0}.fields td:not(:first-child)::before{content:attr(data-of);display:inline-block;min-width:2.5rem;color:var(--soft)}}
@media print{.skip,nav{display:none}.card{break-inside:avoid}}
`;

/** For `style-src`. */
export const STYLE_SOURCE = `'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`;
