/**
 * A rate network on the GPU: its tables and vectors, and the dispatches of a
 * batch. Nothing here waits for the device; the caller reads back.
 */
import { groupsOf64 } from "../../adam/webgpu/adam.ts";
import type { Dispatch, Gpu } from "../../webgpu/gpu.ts";
import { Scratch } from "../../webgpu/scratch.ts";
import type { ParameterLayout, Wiring } from "../types.ts";
import { backwardSource, backwardTurns } from "./backward.ts";
import type { GpuBatch, GpuResults } from "./batch.ts";
import { chunks } from "../../webgpu/chunks.ts";
import { collectSource } from "./collect.ts";
import { forwardSource, forwardTurns } from "./forward.ts";
import { outerParts, outerSource, tile } from "./outer.ts";
import { lossSource, outputSource } from "./output.ts";
import {
  alphasSource,
  type SynapseTable,
  synapseTable,
  unroll,
  weightsSource,
} from "./tables.ts";

/** A rate network on a device. */
export class GpuRateNetwork {
  /** Vectors in the layout of the parameters. */
  readonly parameters: GPUBuffer;
  readonly gradient: GPUBuffer;
  readonly first: GPUBuffer;
  readonly second: GPUBuffer;
  readonly norm: GPUBuffer;
  readonly #gpu: Gpu;
  readonly #wiring: Wiring;
  readonly #layout: ParameterLayout;
  readonly #scratch: Scratch;
  readonly #incoming: PlacedTable;
  readonly #outgoing: PlacedTable;
  readonly #alphas: GPUBuffer;
  readonly #unitFacts: GPUBuffer;
  readonly #synapses: GPUBuffer;
  readonly #workgroupSize: number;
  readonly #shared: boolean;

  /** @throws {BackendError} if the network does not fit into one buffer */
  constructor(gpu: Gpu, wiring: Wiring, layout: ParameterLayout) {
    this.#gpu = gpu;
    this.#wiring = wiring;
    this.#layout = layout;
    this.#scratch = new Scratch(gpu);
    const keep = this.#scratch;
    const vector = (name: string) => keep.get(name, 4 * layout.length);
    this.parameters = vector("parameters");
    this.gradient = vector("gradient");
    this.first = vector("first");
    this.second = vector("second");
    this.norm = keep.get("norm", 8);
    this.#incoming = this.#place("incoming");
    this.#outgoing = this.#place("outgoing");
    this.#alphas = keep.put(
      "alphas",
      new Float32Array(wiring.units).fill(1 / wiring.taus[0]),
    );
    this.#unitFacts = keep.put("unit facts", unitFacts(wiring));
    this.#synapses = keep.put("synapses", synapsePairs(wiring));
    this.#workgroupSize = gpu.workgroupSizeFor(wiring.units);
    this.#shared = 4 * wiring.units <= gpu.capacity.workgroupStorage;
  }

  #place(direction: "incoming" | "outgoing"): PlacedTable {
    const table = synapseTable(this.#wiring, direction);
    return {
      rows: table.rows,
      count: table.sources.length,
      table: table.entries,
      entries: this.#scratch.put(`${direction} entries`, table.entries),
      sources: this.#scratch.put(`${direction} sources`, table.sources),
    };
  }

  /** Brings effective weights and decay up to date with the parameters. */
  prepare(): Dispatch[] {
    const { taus, units } = this.#wiring;
    const gpu = this.#gpu;
    const dispatches = [this.#incoming, this.#outgoing]
      .map((table) => this.#fill(table, this.parameters));
    if (taus.length === 2) {
      dispatches.push({
        kernel: gpu.kernel(alphasSource(taus)),
        buffers: [
          gpu.uniform([units, this.#layout.tausGaus]),
          this.parameters,
          this.#alphas,
        ],
        workgroups: [Math.ceil(units / 64)],
      });
    }
    return dispatches;
  }

  /** Brings the weights of a table up to date. */
  #fill(
    { count, entries, sources }: PlacedTable,
    parameters: GPUBuffer,
  ): Dispatch {
    const gpu = this.#gpu;
    return {
      kernel: gpu.kernel(weightsSource(this.#wiring.dale)),
      buffers: [
        gpu.uniform([count, this.#layout.weights]),
        parameters,
        sources,
        entries,
      ],
      workgroups: groupsOf64(gpu, count),
    };
  }

  /** Synapses by the step from which their weights hold. */
  #incomingFrom(
    weights: NonNullable<GpuBatch["weights"]>,
  ): { from: number; entries: GPUBuffer }[] {
    const put = (name: string, data: Float32Array | Uint32Array) =>
      this.#scratch.put(name, data);
    const others = weights.map(({ from, parameters }, k) => {
      if (!parameters) return { from, entries: this.#incoming.entries };
      const entries = put(`incoming entries ${k}`, this.#incoming.table);
      this.#gpu.run([
        this.#fill(
          { ...this.#incoming, entries },
          put(`parameters ${k}`, parameters),
        ),
      ]);
      return { from, entries };
    });
    return [{ from: 0, entries: this.#incoming.entries }, ...others];
  }

  /** Submits a batch forward. */
  forward(
    batch: GpuBatch,
    keep: { readonly states: boolean; readonly drives: boolean },
  ): GpuResults {
    const { units, channels, activation } = this.#wiring;
    const { trials, steps, noise } = batch;
    const gpu = this.#gpu;
    const history = 4 * trials * steps * units;
    const get = (name: string, bytes: number) => this.#scratch.get(name, bytes);
    const results = {
      outputs: get("outputs", 4 * trials * (steps - 1)),
      rates: get("rates", history),
      states: keep.states
        ? get("states", history)
        : get("last states", 4 * trials * units),
      losses: get("losses", 8 * trials),
    };
    const variant = {
      activation,
      units,
      channels,
      workgroupSize: this.#workgroupSize,
      drive: "channels",
      noise: "drawn" in noise ? "drawn" : "given",
      keepStates: keep.states,
      keepDrives: keep.drives,
      shared: this.#shared,
    } as const;
    const kernel = gpu.kernel(forwardSource(variant));
    const incoming = this.#incomingFrom(batch.weights ?? []);
    const buffers = [
      this.#unitFacts,
      this.#alphas,
      this.#scratch.put("inputs", batch.inputs),
      "drawn" in noise
        ? this.#scratch.put("noises", noise.drawn)
        : this.#scratch.put("disturbances", noise.given),
      results.rates,
      results.states,
      ...keep.drives ? [get("drives", history)] : [],
    ];
    const { rows } = this.#incoming;
    const turns = forwardTurns(variant, rows, unroll);
    for (const [k, { from, entries }] of incoming.entries()) {
      const to = Math.min(incoming[k + 1]?.from ?? steps, steps);
      for (const [first, last] of chunks(gpu, from, to, turns)) {
        gpu.run([{
          kernel,
          buffers: [
            gpu.uniform([first, last, steps, rows]),
            entries,
            ...buffers,
          ],
          workgroups: [trials],
        }]);
      }
    }
    gpu.run([{
      kernel: gpu.kernel(outputSource(units)),
      buffers: [
        gpu.uniform([steps, this.#layout.readout, this.#layout.bias]),
        this.parameters,
        results.rates,
        results.outputs,
      ],
      workgroups: [steps - 1, trials],
    }]);
    return results;
  }

  /**
   * Submits losses and gradient of the batch that went forward last.
   *
   * @param scale the gradient is that of `scale` times the sum of the losses
   * @param add whether it is added to the gradient that is there
   */
  backward(
    batch: GpuBatch,
    results: GpuResults,
    loss: "l1" | "l2",
    scale: number,
    add: boolean,
  ): void {
    const { units, activation } = this.#wiring;
    const { trials, steps } = batch;
    const gpu = this.#gpu;
    const get = (name: string, bytes: number) => this.#scratch.get(name, bytes);
    const slopes = get("output gradient", 4 * trials * (steps - 1));
    const weighted = batch.lossWeights !== undefined;
    gpu.run([{
      kernel: gpu.kernel(lossSource(loss, weighted)),
      buffers: [
        gpu.uniform([steps], [scale]),
        results.outputs,
        this.#scratch.put("targets", batch.targets!),
        ...weighted
          ? [this.#scratch.put("loss weights", batch.lossWeights!)]
          : [],
        slopes,
        results.losses,
      ],
      workgroups: [trials],
    }]);
    const variant = {
      activation,
      units,
      workgroupSize: this.#workgroupSize,
      from: "outputs",
      shared: this.#shared,
    } as const;
    const sums = get("sums", 12 * trials * units);
    const drives = get("drives", 4 * trials * steps * units);
    const { rows, entries } = this.#outgoing;
    const kernel = gpu.kernel(backwardSource(variant));
    const turns = backwardTurns(variant, rows, unroll);
    for (const [first, last] of chunks(gpu, 0, steps, turns).reverse()) {
      gpu.run([{
        kernel,
        buffers: [
          gpu.uniform([first, last, steps, rows, this.#layout.readout]),
          entries,
          this.#alphas,
          this.parameters,
          slopes,
          results.rates,
          drives,
          sums,
        ],
        workgroups: [trials],
      }]);
    }
    this.#collect(batch, results, drives, sums, add);
  }

  #collect(
    { trials, steps }: GpuBatch,
    results: GpuResults,
    drives: GPUBuffer,
    sums: GPUBuffer,
    add: boolean,
  ): void {
    const gpu = this.#gpu;
    const layout = this.#layout;
    const { units } = this.#wiring;
    const terms = trials * (steps - 1);
    const room = Math.min(gpu.capacity.bufferBytes, gpu.capacity.batchBytes);
    const { parts, termsPerPart } = outerParts(units, terms, room);
    const product = this.#scratch.get("product", 4 * parts * units * units);
    const tiles = Math.ceil(units / tile);
    gpu.run([{
      kernel: gpu.kernel(outerSource(units)),
      buffers: [
        gpu.uniform([steps, terms, termsPerPart]),
        drives,
        results.rates,
        product,
      ],
      workgroups: [tiles, tiles, parts],
    }, {
      kernel: gpu.kernel(collectSource(this.#wiring)),
      buffers: [
        gpu.uniform([
          this.#wiring.post.length,
          trials,
          parts,
          add ? 1 : 0,
          layout.weights,
          layout.readout,
          layout.tausGaus,
          layout.bias,
        ]),
        this.parameters,
        this.#synapses,
        product,
        sums,
        results.losses,
        this.gradient,
      ],
      workgroups: groupsOf64(gpu, this.#wiring.post.length + 2 * units + 1),
    }]);
  }

  /** Gives its buffers back. */
  close(): void {
    this.#scratch.close();
  }
}

interface PlacedTable extends Pick<SynapseTable, "rows"> {
  readonly count: number;
  /** What the entries hold, but for their weights. */
  readonly table: SynapseTable["entries"];
  readonly entries: GPUBuffer;
  readonly sources: GPUBuffer;
}

/** Noise counters, then input weights C×N as bits. */
function unitFacts(wiring: Wiring): Uint32Array {
  const { units, channels, unitIds, inputWeights } = wiring;
  const facts = new Uint32Array(units * (channels + 1));
  facts.set(unitIds);
  const weights = new Float32Array(facts.buffer);
  for (let i = 0; i < units; i++) {
    for (let c = 0; c < channels; c++) {
      weights[(c + 1) * units + i] = inputWeights[i * channels + c];
    }
  }
  return facts;
}

/** What the gradient of each synapse is gathered by, then whether units are read. */
function synapsePairs(wiring: Wiring): Uint32Array {
  const { post, pre, signs, read, units } = wiring;
  const pairs = new Uint32Array(2 * (post.length + units));
  for (let s = 0; s < post.length; s++) {
    pairs[2 * s] = post[s];
    pairs[2 * s + 1] = pre[s] + (signs[pre[s]] < 0 ? 0x8000_0000 : 0);
  }
  for (let i = 0; i < units; i++) pairs[2 * (post.length + i)] = read[i];
  return pairs;
}
