/** What notebooks show. */
import {
  deepStrictEqual as equal,
  ok,
  rejects,
  throws,
} from "node:assert/strict";
import {
  createNetwork,
  evaluate,
  getTask,
  randomStream,
  train,
} from "../../mod.ts";
import { show, watch } from "../../lib/entry/notebook.ts";
import { tausFigure } from "../../lib/report/mod.ts";

const display = Symbol.for("Jupyter.display");

Deno.test("show() gives figures as SVG, scores and rows as tables", async () => {
  const figure = tausFigure({
    populations: [{ type: "E", taus: [20, 30] }],
    bounds: [20, 100],
  });
  ok((await show(figure)[display]())["image/svg+xml"].startsWith("<svg"));
  const both = await show([figure, figure])[display]();
  equal(both["text/html"].match(/<svg/g)?.length, 2);

  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const score = await evaluate(network, getTask("go-nogo"), {
    seed: 1,
    trials: 4,
  });
  const { "text/html": html } = await show(score)[display]();
  equal(html.match(/<tr>/g)?.length, 4);
  ok(html.includes("<td>nogo</td>"));

  equal(await show([{ a: 1, b: "<x>" }, { a: 0.123456 }])[display](), {
    "text/html": "<table><tr><th>a</th><th>b</th></tr>" +
      "<tr><td>1</td><td>&lt;x&gt;</td></tr><tr><td>0.123</td><td></td></tr>" +
      "</table>",
    "text/plain": "a\tb\n1\t<x>\n0.123\t",
  });
  throws(() => show({} as never), /^TypeError: Cannot show this: allowed are/);
});

Deno.test("watch() shows one line while a network is trained, and gives the result", async () => {
  const task = getTask("go-nogo");
  const network = createNetwork({ channels: 1, units: 8 }, randomStream(1));
  const lines: { text: string; update?: boolean; id: string }[] = [];
  const events = train(network, task, { seed: 1, updates: 3, evalTrials: 2 });
  const { update } = await watch(events, {
    display: {
      display(contents, { update, display_id }) {
        const text = String((contents as Record<string, string>)["text/plain"]);
        lines.push({ text, update, id: display_id });
        return Promise.resolve();
      },
    },
  });
  equal(update, 3);
  ok(/^update 1, loss \d/.test(lines[0].text), lines[0].text);
  ok(/^update 3, loss .* s$/.test(lines.at(-1)!.text), lines.at(-1)!.text);
  equal(lines.map(({ update }) => update).slice(0, 2), [false, true]);
  equal(new Set(lines.map(({ id }) => id)).size, 1);
  await rejects(
    () => watch((async function* () {})()),
    /ended without one/,
  );
});
