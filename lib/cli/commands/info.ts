/** `info`: what a model file holds. */
import { readModel } from "../../formats/model_file.ts";
import type { Model, SearchRecord } from "../../formats/types.ts";
import { type NetworkSummary, summarise } from "../../network/summary.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { outputFlags } from "../common_flags.ts";
import { formatNumber, formatPercent } from "../format.ts";
import { pairs } from "../table.ts";

/** Says what a model file holds. */
export default defineCommand({
  usage: ["MODEL.mat [FLAGS]"],
  description:
    "Says what a model file holds: units by type, synapses, decay time constants, spectral radius of the effective weights, how the network was trained, and its scaling factor if it has been searched. Reads files of the original as well.",
  operands: { name: "MODEL.mat", brief: "a model file", least: 1, most: 1 },
  flags: outputFlags,
  examples: [
    ["info model.mat", "in words"],
    ["info model.mat --json", "as one JSON object"],
  ],
  async run({ operands: [path], output }: Invocation<typeof outputFlags>) {
    const model = await readModel(path);
    const summary = summarise(model.network);
    const { task, provenance, search } = model;
    output.event({
      kind: "info",
      path,
      summary,
      activation: model.network.activation,
      dale: model.network.dale,
      taus: model.network.taus,
      task,
      training: trainingOf(model),
      search,
      provenance,
    });
    output.result(path);
    for (
      const line of pairs([
        ...networkLines(model, summary),
        ...trainingLines(model),
        ...searchLines(search),
        ...provenanceLines(model),
      ])
    ) output.result(line);
  },
});

type Line = readonly [string, string];
