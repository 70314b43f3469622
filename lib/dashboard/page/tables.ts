/** The page's tables: factors of layers, calibration. */
import { element } from "./dom.ts";
import { number, percent } from "./said.ts";
import { inWords, type RunView } from "./state.ts";

/** The best choice of one factor a layer, and the one that was tried last. */
export function drawLayerFactors(run: RunView | undefined): void {
  const tried = run?.layerFactors;
  const last = tried && [...tried.values()].at(-1);
  element("#layers").hidden = !last;
  if (!last) return;
  // A search that goes on from an earlier one has no curve to show.
  element("#search").hidden = false;
  const best = inWords(last.best);
  const rows = [
    { name: "best", factors: best, score: tried.get(best)?.score },
    {
      name: `choice ${last.done}`,
      factors: inWords(last.factors),
      score: last.score,
    },
  ];
  element("#layers tbody").replaceChildren(
    ...rows.map(({ name, factors, score }) =>
      tableRow([
        name,
        factors,
        percent(score?.strict ?? null),
        percent(score?.paper ?? null),
        number(score?.outputError ?? null),
      ])
    ),
  );
}

/** What each step of a calibration gave. */
export function drawCalibration(run: RunView | undefined): void {
  const steps = run?.calibrated ?? [];
  element("#calibration").hidden = steps.length === 0;
  element("#calibration tbody").replaceChildren(
    ...steps.map(({ step, before, after, kept }) => {
      const change = (from: string, to: string) => `${from} → ${to}`;
      return tableRow([
        step,
        change(percent(before.strict), percent(after.strict)),
        change(percent(before.paper), percent(after.paper)),
        change(number(before.outputError), number(after.outputError)),
        kept ? "yes" : "no",
      ]);
    }),
  );
}

function tableRow(texts: readonly string[]): HTMLElement {
  const row = document.createElement("tr");
  for (const text of texts) row.insertCell().textContent = text;
  return row;
}
