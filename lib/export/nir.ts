/**
 * A spiking network as a graph of NIR, the Neuromorphic Intermediate
 * Representation (Pedersen et al., Nature Communications 15:8122, 2024), version
 * 1.0 in HDF5.
 *
 * Voltages are shifted by minus the reset, so that leak and reset are 0. A spike
 * is a pulse with an area of 1 s·(1/s): the weights are in mV·s.
 */
import { countOf } from "../count.ts";
import {
  encodeHdf5,
  type Hdf5Dataset,
  type Hdf5Group,
} from "../formats/hdf5.ts";
import { neuronModels, neuronNames } from "../network/neurons.ts";
import type { SpikingNetwork } from "../network/spiking.ts";
import { filterOf } from "../network/synapses.ts";
import type { SpikingParameters } from "../network/spiking_parameters.ts";
import type { Exported, NirFlavour, ToWrite } from "./types.ts";

/** The step that snnTorch 1.0 puts behind every graph that it reads, s. */
const snntorchStep = 1e-4;

/** Version of the format. */
const nirVersion = "1.0";

/** What a file of NIR cannot hold of any network. */
const always = [
  "the noise of the voltages",
  "the initial voltages (the nodes start at 0, the reset)",
];

/**
 * What is lost when a network becomes a graph of NIR, a phrase each.
 *
 * @throws {RangeError} for a network that it cannot hold
 */
function lostInNir(
  { rate, neuron, synapse }: Pick<
    SpikingNetwork,
    "rate" | "neuron" | "synapse"
  >,
  flavour: NirFlavour,
): string[] {
  const refused = (what: string, instead: string) =>
    new RangeError(
      `Cannot export the network to NIR: ${what}; ${instead}`,
    );
  const { leaky, adapts } = neuronModels[neuron.name];
  if (!leaky) {
    const allowed = neuronNames.filter((name) => neuronModels[name].leaky);
    throw refused(
      `its neurons are ${neuron.name}, nodes of NIR are leaky integrate-and-fire`,
      `map it as ${allowed.join(" or ")}, or export to numpy or brian2`,
    );
  }
  const refractory = neuron.refractory > 0
    ? [`the refractory period of ${neuron.refractory} ms`]
    : [];
  if (flavour === "graph") return [...refractory, ...always];
  if (rate.layers.length > 1) {
    throw refused(
      `it has ${
        countOf(rate.layers.length, "layer")
      }, the form for snnTorch has one`,
      "leave out --flavour snntorch",
    );
  }
  if (adapts) {
    throw refused(
      "its neurons adapt, those of the form for snnTorch do not",
      "leave out --flavour snntorch, or map it as lif",
    );
  }
  const { decays, rises } = filterOf(synapse);
  if (!decays) {
    throw refused(
      "its synapses have no filter, those of the form for snnTorch have one",
      "leave out --flavour snntorch",
    );
  }
  return [
    ...refractory,
    ...always,
    ...rises === "tr"
      ? [`the rise of the synapses (${synapse.rise} ms)`]
      : rises === "td"
      ? ["the rise of the synapses (as long as their decay)"]
      : [],
    "the difference between synapses and other inputs: stimulus and bias " +
    "go through the synapses' decay too (run half a second without stimulus " +
    "first, in which the bias arrives)",
    "the readout: the output is the spikes of all units",
  ];
}

/** A graph: nodes by name, and which leads to which. */
interface Graph {
  readonly nodes: Readonly<Record<string, Hdf5Group>>;
  readonly edges: readonly (readonly [string, string])[];
}

/**
 * The bytes of a file.
 *
 * @param by the program that writes it
 * @param lost what `lostInNir` says, for those who open the file
 */
export async function nirBytes(
  parameters: SpikingParameters,
  flavour: NirFlavour,
  by: string,
  lost: readonly string[],
): Promise<Uint8Array<ArrayBuffer>> {
  const graph = flavour === "graph"
    ? exactGraph(parameters)
    : snntorchGraph(parameters);
  return await encodeHdf5({
    members: {
      version: text(nirVersion),
      node: {
        members: {
          ...membersOf(graph),
          metadata: {
            members: {
              program: text(by),
              lost: text(lost.join("; ")),
              units: text(
                "tau in s, voltages in mV above the reset, weights of spikes in mV s",
              ),
              dt: single(
                flavour === "graph" ? parameters.dt / 1000 : snntorchStep,
              ),
              reset: single(parameters.neuron.reset),
            },
          },
        },
      },
    },
  });
}

function membersOf({ nodes, edges }: Graph): Hdf5Group["members"] {
  return {
    type: text("NIRGraph"),
    nodes: { members: nodes },
    edges: { value: edges.flat(), shape: [edges.length, 2] },
  };
}

const text = (value: string): Hdf5Dataset => ({ value });
const single = (value: number): Hdf5Dataset => ({
  value: Float64Array.of(value),
  shape: [],
});

function node(
  type: string,
  members: Record<string, Hdf5Dataset>,
): Hdf5Group {
  return { members: { ...members, type: text(type) } };
}

/** A vector of NIR: one number a unit. */
function vector(units: number, value: number | Float64Array): Hdf5Dataset {
  return {
    value: typeof value === "number"
      ? new Float64Array(units).fill(value)
      : value,
    shape: [units],
  };
}

function ends(channels: number, outputs: number): Record<string, Hdf5Group> {
  const shape = (size: number): Hdf5Dataset => ({
    value: BigInt64Array.of(BigInt(size)),
  });
  return {
    input: node("Input", { shape: shape(channels) }),
    output: node("Output", { shape: shape(outputs) }),
  };
}

/** tau·dv/dt = -v + r·input. */
function leaky(
  units: number,
  tau: number | Float64Array,
  r: number = 1,
): Hdf5Group {
  return node("LI", {
    tau: vector(units, tau),
    r: vector(units, r),
    v_leak: vector(units, 0),
  });
}

/**
 * Input → Affine → LIF, spikes back through Linear and filters, and through
 * filters of their own to the readout. Units that adapt have their adaptation as
 * a leaky integrator of their own spikes.
 */
function exactGraph(parameters: SpikingParameters): Graph {
  const { units, channels, neuron, synapse } = parameters;
  const decay = parameters.decay.map((ms) => ms / 1000);
  const nodes: Record<string, Hdf5Group> = {
    ...ends(channels, 1),
    input_weights: node("Affine", {
      weight: { value: parameters.inputWeights, shape: [units, channels] },
      bias: vector(units, parameters.bias.map((bias) => bias - neuron.reset)),
    }),
    lif: node("LIF", {
      tau: vector(units, neuron.tauMembrane / 1000),
      r: vector(units, 1),
      v_leak: vector(units, 0),
      v_threshold: vector(units, neuron.peak - neuron.reset),
      v_reset: vector(units, 0),
    }),
    weights: node("Linear", {
      weight: { value: parameters.weights, shape: [units, units] },
    }),
    output_weights: node("Affine", {
      weight: { value: parameters.readout, shape: [1, units] },
      bias: vector(1, parameters.offset),
    }),
  };
  const edges: [string, string][] = [["input", "input_weights"], [
    "input_weights",
    "lif",
  ]];
  const { decays, rises } = filterOf(synapse);
  const filters = [...rises ? ["rise"] : [], ...decays ? ["decay"] : []];
  const chain = (from: string, suffix: string, to: string) => {
    const path = [from, ...filters.map((name) => name + suffix), to];
    for (const name of filters) {
      nodes[name + suffix] = leaky(
        units,
        name === "rise" && rises === "tr" ? synapse.rise / 1000 : decay,
      );
    }
    path.slice(1).forEach((name, k) => edges.push([path[k], name]));
  };
  edges.push(["lif", "weights"]);
  chain("weights", "", "lif");
  chain("lif", "_out", "output_weights");
  edges.push(["output_weights", "output"]);
  if (neuronModels[neuron.name].adapts) {
    const { tauAdaptation = 100, adaptationJump = 0 } = neuron;
    const tau = tauAdaptation / 1000;
    // A spike takes the jump from the input at once, which then fades.
    nodes.adaptation = leaky(units, tau, -adaptationJump * tau);
    edges.push(["lif", "adaptation"], ["adaptation", "lif"]);
  }
  return { nodes, edges };
}

/**
 * Input → Affine → neurons → Output, the neurons as a graph of four nodes: Input
 * → CubaLIF → Output, and Linear from the CubaLIF back to it. With what snnTorch
 * asks for: r = tau_mem/dt and one threshold; w_in = tau_syn/dt, so that it
 * scales nothing. Weights are scaled for its step in their place. Files list
 * nodes by the alphabet, and snnTorch wants them in the order of the signal: the
 * names are chosen so.
 */
function snntorchGraph(parameters: SpikingParameters): Graph {
  const { units, channels, neuron } = parameters;
  const decay = parameters.decay.map((ms) => ms / 1000);
  const membrane = neuron.tauMembrane / 1000;
  const toStep = snntorchStep / membrane;
  // A constant input arrives, through the decay, as what it is.
  const input = decay.map((tau) => toStep * snntorchStep / tau);
  const neurons: Graph = {
    nodes: {
      ...ends(units, units),
      lif: node("CubaLIF", {
        tau_syn: vector(units, decay),
        tau_mem: vector(units, membrane),
        r: vector(units, membrane / snntorchStep),
        v_leak: vector(units, 0),
        v_threshold: vector(units, neuron.peak - neuron.reset),
        v_reset: vector(units, 0),
        w_in: vector(units, decay.map((tau) => tau / snntorchStep)),
      }),
      weights: node("Linear", {
        weight: {
          value: parameters.weights.map((weight, k) =>
            weight * toStep / decay[Math.floor(k / units)]
          ),
          shape: [units, units],
        },
      }),
    },
    edges: [["input", "lif"], ["lif", "weights"], ["weights", "lif"], [
      "lif",
      "output",
    ]],
  };
  return {
    nodes: {
      ...ends(channels, units),
      input_weights: node("Affine", {
        weight: {
          value: parameters.inputWeights.map((weight, k) =>
            weight * input[Math.floor(k / channels)]
          ),
          shape: [units, channels],
        },
        bias: vector(
          units,
          parameters.bias.map((bias, i) => (bias - neuron.reset) * input[i]),
        ),
      }),
      neurons: { members: membersOf(neurons) },
    },
    edges: [["input", "input_weights"], ["input_weights", "neurons"], [
      "neurons",
      "output",
    ]],
  };
}

/** The spiking network as a graph. */
export async function write(
  { spiking, parameters, name, by, flavour = "graph" }: ToWrite,
): Promise<Exported> {
  const lost = lostInNir(spiking, flavour);
  const bytes = await nirBytes(parameters, flavour, by, lost);
  return { files: [{ name: `${name}.nir`, bytes }], lost };
}
