/**
 * A spiking network as a graph in GraphML (Brandes et al., Graph Drawing 2001,
 * LNCS 2265:501), which NetworkX, igraph, Gephi and Cytoscape read: a node a
 * unit, an edge a synapse.
 */
import { unitTypes } from "../network/geometry.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import type { SpikingParameters } from "../network/spiking_parameters.ts";
import type { Exported, ToWrite } from "./types.ts";

/** An attribute of nodes, edges or the graph, and the value that each has. */
interface Attribute {
  readonly name: string;
  readonly type: "boolean" | "int" | "double" | "string";
  readonly of: (index: number) => unknown;
}

/** The network as a graph: presynaptic unit → postsynaptic unit. */
export function write(
  { spiking, parameters, name, by }: ToWrite,
): Exported {
  const text = new TextEncoder().encode(graph(spiking, parameters, by));
  return {
    files: [{ name: `${name}.graphml`, bytes: text }],
    lost: [
      "the rate network",
      "constants of the neuron and synapse models, besides decay and bias",
    ],
  };
}

function graph(
  spiking: SpikingNetwork,
  parameters: SpikingParameters,
  by: string,
): string {
  const { units, weights } = parameters;
  const nodes = nodeAttributes(spiking, parameters);
  const synapse: Attribute = {
    name: "weight",
    type: "double",
    of: (k) => weights[k],
  };
  const about: Attribute[] = [
    { name: "neuron", type: "string", of: () => spiking.neuron.name },
    { name: "synapse", type: "string", of: () => spiking.synapse.kind },
    { name: "b_out", type: "double", of: () => parameters.offset },
  ];
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<!-- Written by ${by}: weight in mV s, decay in ms, bias and w_in in mV -->`,
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">',
    ...keys("graph", about),
    ...keys("node", nodes),
    ...keys("edge", [synapse]),
    '<graph edgedefault="directed">',
    ...data("graph", about, 0),
  ];
  for (let i = 0; i < units; i++) {
    lines.push(`<node id="n${i}">`, ...data("node", nodes, i), "</node>");
  }
  for (let to = 0; to < units; to++) {
    for (let from = 0; from < units; from++) {
      const k = to * units + from;
      if (weights[k] === 0) continue;
      lines.push(
        `<edge source="n${from}" target="n${to}">` +
          `${data("edge", [synapse], k)[0]}</edge>`,
      );
    }
  }
  return [...lines, "</graph>", "</graphml>", ""].join("\n");
}

function nodeAttributes(
  { rate }: SpikingNetwork,
  { channels, inputWeights, readout, bias, decay }: SpikingParameters,
): Attribute[] {
  const layers = rate.layers.flatMap((each, layer) => {
    const sst = new Set(unitTypes(each).sst);
    return Array.from(each.inhibitory, (flag, i) => ({
      layer,
      inhibitory: flag === 1,
      sst: sst.has(i),
    }));
  });
  return [
    { name: "layer", type: "int", of: (i) => layers[i].layer },
    { name: "inhibitory", type: "boolean", of: (i) => layers[i].inhibitory },
    { name: "sst", type: "boolean", of: (i) => layers[i].sst },
    { name: "decay", type: "double", of: (i) => decay[i] },
    { name: "bias", type: "double", of: (i) => bias[i] },
    { name: "w_out", type: "double", of: (i) => readout[i] },
    ...Array.from({ length: channels }, (_, c): Attribute => ({
      name: `w_in${c}`,
      type: "double",
      of: (i) => inputWeights[i * channels + c],
    })),
  ];
}

function keys(of: string, attributes: readonly Attribute[]): string[] {
  return attributes.map(({ name, type }) =>
    `<key id="${of}_${name}" for="${of}" attr.name="${name}" ` +
    `attr.type="${type}"/>`
  );
}

function data(
  of: string,
  attributes: readonly Attribute[],
  index: number,
): string[] {
  return attributes.map((attribute) =>
    `<data key="${of}_${attribute.name}">${attribute.of(index)}</data>`
  );
}
