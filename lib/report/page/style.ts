/** The look of a page: one column, light and dark, printable. */
import { fontFaces } from "../font/font.ts";

const rules = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1a1a1a;--quiet:#5c5c5c;--line:#d4d4d4;--soft:#f4f4f2;--link:#00558a;--problem:#a33a00;--warning:#7a5200;--good:#006b4e}
@media (prefers-color-scheme:dark){:root{--paper:#16181b;--ink:#e8e8e6;--quiet:#a9aaa8;--line:#3a3d42;--soft:#1f2226;--link:#7fc4f2;--problem:#ff9a5c;--warning:#f0c04a;--good:#4fd0a4}}
*{box-sizing:border-box}
body{margin:0;overflow-wrap:break-word;background:var(--paper);color:var(--ink);font:15px/1.55 "DejaVu Sans",Verdana,Geneva,sans-serif}
main,header,footer{max-width:60rem;margin:0 auto;padding:0 1.25rem}
header{padding-top:2rem}
footer{padding-bottom:3rem;color:var(--quiet)}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.5rem 0 .75rem;padding-bottom:.25rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:3px solid var(--link);outline-offset:2px}
nav ul{display:flex;flex-wrap:wrap;gap:.25rem 1rem;list-style:none;padding:0;margin:1rem 0 0}
.skip{position:absolute;left:-999rem}
.skip:focus{left:1rem;top:1rem;background:var(--paper);padding:.5rem}
.quiet{color:var(--quiet)}
figure{margin:1.5rem 0;break-inside:avoid}
figure svg{display:block;max-width:100%;height:auto;color:var(--ink)}
@media (prefers-color-scheme:dark){figure svg{filter:brightness(1.3)}}
@media print{figure svg{filter:none}}
figcaption{margin-top:.5rem;font-size:.87rem;color:var(--quiet)}
.scroll{overflow-x:auto;margin:1rem 0}
table{border-collapse:collapse;font-size:.9rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:.87rem;padding-bottom:.35rem}
th,td{text-align:left;vertical-align:top;padding:.3rem 1rem .3rem 0;border-bottom:1px solid var(--line)}
th{font-weight:bold}
tbody th{font-weight:normal;color:var(--quiet)}
pre{background:var(--soft);border:1px solid var(--line);border-radius:4px;padding:.75rem;overflow-x:auto;font:13px/1.5 ui-monospace,"DejaVu Sans Mono",Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere}
.verdict{font-size:1.1rem;font-weight:bold;margin:.75rem 0}
.findings{padding-left:0;list-style:none}
.findings li{margin:.75rem 0;padding-left:.75rem;border-left:4px solid var(--line)}
.findings .problem{border-color:var(--problem)}.findings .warning{border-color:var(--warning)}
.problem strong{color:var(--problem)}.warning strong{color:var(--warning)}
.verdict-good{color:var(--good)}.verdict-undecided{color:var(--warning)}.verdict-poor{color:var(--problem)}
@media (max-width:40rem){main,header,footer{padding-left:.75rem;padding-right:.75rem}table{font-size:.75rem}th,td{padding:.3rem .4rem .3rem 0}tbody th{overflow-wrap:break-word}}
@media print{figure svg{min-width:0!important}:root{--paper:#fff;--ink:#000;--quiet:#333;--line:#aaa;--soft:#fff;--link:#000}body{font-size:9.5pt}nav,.skip{display:none}h2,h3{break-after:avoid}details::details-content{content-visibility:visible;display:block}}
`;

/** The style sheet of every page, with the figures' font in it. */
export function styleSheet(): string {
  return fontFaces() + rules;
}
