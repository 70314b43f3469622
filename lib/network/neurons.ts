/**
 * The neuron models: what they compute, and what follows from it elsewhere. A
 * further one is a row here and its file in kernels/lif/simd/models/, from which
 * `deno task build` makes the SIMD kernel. Refractory period, noise, synapses and
 * adaptation are the same for all.
 */
import { exp } from "../arithmetic/elementary.ts";
import { exp32 } from "./exponential32.ts";

const { fround } = Math;

/** Constants of a neuron model, without its bias. */
export interface NeuronConstants {
  /** Membrane time constant tm, ms. */
  readonly tauMembrane: number;
  /** Absolute refractory period tref, ms. */
  readonly refractory: number;
  /** Reset voltage, mV. */
  readonly reset: number;
  /** Spike threshold (vpeak), mV. */
  readonly peak: number;
  /** Exponential models: sharpness of spike initiation, mV. */
  readonly slope?: number;
  /** Exponential models: soft threshold, mV. */
  readonly threshold?: number;
  /** Adapting models: decay time constant of the adaptation current, ms. */
  readonly tauAdaptation?: number;
  /** Adapting models: what a spike adds to the adaptation current, mV. */
  readonly adaptationJump?: number;
}

/** A neuron model with its constants. */
export interface NeuronModel extends NeuronConstants {
  /** The membrane equation. */
  readonly name: NeuronName;
  /** Constant input, mV; by default the rheobase (LIF: the peak; QIF: 0). */
  readonly bias: number;
}

/** What a constant of neuron models means, and which values it may have. */
export interface NeuronConstant {
  /** Meaning, as help and errors say it. */
  readonly about: string;
  readonly unit: "ms" | "mV";
  /** A number that it must exceed. */
  readonly above?: number;
  /** The least that it may be. */
  readonly min?: number;
}

/** The constants, in the order of their errors. */
export const neuronConstants: Readonly<
  Record<keyof NeuronConstants, NeuronConstant>
> = {
  tauMembrane: { about: "membrane time constant", unit: "ms", above: 0 },
  refractory: { about: "absolute refractory period", unit: "ms", min: 0 },
  reset: { about: "reset voltage", unit: "mV" },
  peak: { about: "peak", unit: "mV" },
  slope: { about: "sharpness of spike initiation", unit: "mV", above: 0 },
  threshold: { about: "soft threshold", unit: "mV" },
  tauAdaptation: {
    about: "decay time constant of the adaptation current",
    unit: "ms",
    above: 0,
  },
  adaptationJump: {
    about: "jump of the adaptation current at a spike",
    unit: "mV",
    min: 0,
  },
};

/** Names of the constants. */
export const constantNames: readonly (keyof NeuronConstants)[] = Object.keys(
  neuronConstants,
) as (keyof NeuronConstants)[];

/** Constants of a neuron model as the float32 kernels take them. */
export interface Constants32 {
  readonly slope: number;
  /** 1/slope. */
  readonly sharpness: number;
  readonly threshold: number;
}

/** A neuron model. */
export interface NeuronEquation {
  /**
   * tm·dv/dt in double precision, mV.
   *
   * @param v voltage
   * @param current synaptic current, stimulus and bias together, less the
   *   adaptation current
   */
  derivative(v: number, current: number, constants: NeuronConstants): number;
  /**
   * The same in single precision, operation for operation as the SIMD kernel.
   * `constants` are float32.
   */
  derivative32(v: number, current: number, constants: Constants32): number;
  /** The same in WGSL, of `v[c]` and `current`; constants are literals. */
  wgsl(constants: Readonly<Record<string, string>>): string;
  /** The same in Python, for NumPy: of `v`, `current` and the numbers `p`. */
  readonly numpy: string;
  /** The same as an equation of Brian2: of `v`, `current`, and constants by name. */
  readonly brian2: string;
  /**
   * Whether tm·dv/dt is the current less v, as in the nodes of formats that have
   * leaky integrate-and-fire units alone.
   */
  readonly leaky: boolean;
  /**
   * Whether there is an adaptation current w, taken from the input: every spike
   * adds `adaptationJump` to it, and it decays with `tauAdaptation`. It costs
   * models without it nothing.
   */
  readonly adapts: boolean;
  /** All constants that the model has, with their defaults. */
  readonly defaults: NeuronConstants;
  /**
   * The rheobase, mV: the largest constant input at which a unit does not fire
   * without noise. It is the default bias.
   */
  rheobase(constants: NeuronConstants): number;
  /** What a report cites for it; the paper of the method for those without. */
  readonly source?: {
    readonly why: string;
    readonly text: string;
    readonly bibtex: string;
  };
}

/** Constants that the models have in common. */
const shared = { tauMembrane: 10, refractory: 2, reset: -65 };

/** Leaky integrate-and-fire: tm·dv/dt = I - v. */
const lif: NeuronEquation = {
  derivative: (v, current) => current - v,
  derivative32: (v, current) => fround(current - v),
  wgsl: () => "current - v[c]",
  numpy: "current - v",
  brian2: "current - v",
  leaky: true,
  adapts: false,
  defaults: { ...shared, peak: -40 },
  rheobase: ({ peak }) => peak,
};

/** Quadratic integrate-and-fire: tm·dv/dt = v² + I. */
const qif: NeuronEquation = {
  derivative: (v, current) => v * v + current,
  derivative32: (v, current) => fround(fround(v * v) + current),
  wgsl: () => "v[c] * v[c] + current",
  numpy: "v**2 + current",
  brian2: "v**2 / mV + current",
  leaky: false,
  adapts: false,
  defaults: { ...shared, peak: 30 },
  rheobase: () => 0,
};

/**
 * Exponential integrate-and-fire: tm·dv/dt = I - v + slope·exp((v - threshold)/
 * slope). Source: Fourcaud-Trocmé, Hansel, van Vreeswijk and Brunel, J.
 * Neurosci. 23:11628, 2003.
 */
const eif: NeuronEquation = {
  derivative: (v, current, { slope = 1, threshold = 0 }) =>
    current - v + slope * exp((v - threshold) / slope),
  derivative32(v, current, { slope, sharpness, threshold }) {
    const upstroke = exp32(fround(fround(v - threshold) * sharpness));
    return fround(fround(current - v) + fround(slope * upstroke));
  },
  wgsl: ({ slope, threshold }) =>
    `current - v[c] + ${slope} * exp((v[c] - ${threshold}) / ${slope})`,
  numpy: `current - v + p["slope"] * np.exp((v - p["vt"]) / p["slope"])`,
  brian2: "current - v + slope * exp((v - vt) / slope)",
  leaky: false,
  adapts: false,
  defaults: { ...shared, peak: -30, slope: 2, threshold: -40 },
  // Where its two fixed points meet.
  rheobase: ({ slope = 1, threshold = 0 }) => threshold - slope,
  source: {
    why: "the exponential integrate-and-fire neuron",
    text:
      "Fourcaud-Trocmé N, Hansel D, van Vreeswijk C, Brunel N (2003). How spike " +
      "generation mechanisms determine the neuronal response to fluctuating " +
      "inputs. Journal of Neuroscience 23(37):11628–11640. " +
      "doi:10.1523/JNEUROSCI.23-37-11628.2003",
    bibtex: `@article{fourcaudtrocme2003spike,
  author = {Fourcaud-Trocm{\\'e}, Nicolas and Hansel, David and van Vreeswijk, Carl and Brunel, Nicolas},
  title = {How spike generation mechanisms determine the neuronal response to fluctuating inputs},
  journal = {Journal of Neuroscience},
  year = {2003}, volume = {23}, number = {37}, pages = {11628--11640},
  doi = {10.1523/JNEUROSCI.23-37-11628.2003}
}`,
  },
};

/**
 * Leaky integrate-and-fire with a spike-triggered adaptation current:
 * tm·dv/dt = I - v - w, tau·dw/dt = -w, and w rises by a jump at every spike.
 * Source: Treves, Network 4:259, 1993; Benda and Herz, Neural Computation
 * 15:2523, 2003. It is the adaptation of Brette and Gerstner, J. Neurophysiol.
 * 94:3637, 2005, without its coupling to the voltage (a = 0).
 */
const alif: NeuronEquation = {
  ...lif,
  adapts: true,
  defaults: { ...lif.defaults, tauAdaptation: 100, adaptationJump: 0.5 },
  source: {
    why: "spike-frequency adaptation",
    text: "Benda J, Herz AVM (2003). A universal model for spike-frequency " +
      "adaptation. Neural Computation 15(11):2523–2564. " +
      "doi:10.1162/089976603322385063",
    bibtex: `@article{benda2003universal,
  author = {Benda, Jan and Herz, Andreas V. M.},
  title = {A universal model for spike-frequency adaptation},
  journal = {Neural Computation},
  year = {2003}, volume = {15}, number = {11}, pages = {2523--2564},
  doi = {10.1162/089976603322385063}
}`,
  },
};

/**
 * Adaptive exponential integrate-and-fire, adapting at spikes alone: tm·dv/dt =
 * I - v + slope·exp((v - threshold)/slope) - w, tau·dw/dt = -w, and w rises by a
 * jump at every spike. Source: Brette and Gerstner, J. Neurophysiol. 94:3637,
 * 2005, without the coupling of w to the voltage (a = 0). With a reset near the
 * threshold a unit bursts when an input sets in (Naud et al., Biol. Cybern.
 * 99:335, 2008).
 */
const adex: NeuronEquation = {
  ...eif,
  adapts: true,
  defaults: { ...eif.defaults, tauAdaptation: 100, adaptationJump: 0.5 },
  source: {
    why: "the adaptive exponential integrate-and-fire neuron",
    text:
      "Brette R, Gerstner W (2005). Adaptive exponential integrate-and-fire " +
      "model as an effective description of neuronal activity. Journal of " +
      "Neurophysiology 94(5):3637–3642. doi:10.1152/jn.00686.2005",
    bibtex: `@article{brette2005adaptive,
  author = {Brette, Romain and Gerstner, Wulfram},
  title = {Adaptive exponential integrate-and-fire model as an effective description of neuronal activity},
  journal = {Journal of Neurophysiology},
  year = {2005}, volume = {94}, number = {5}, pages = {3637--3642},
  doi = {10.1152/jn.00686.2005}
}`,
  },
};

/** The membrane equation of a unit. */
export type NeuronName = "lif" | "qif" | "eif" | "alif" | "adex";

/** The neuron models by name, in the order in which help and errors list them. */
export const neuronModels: Readonly<Record<NeuronName, NeuronEquation>> = {
  lif,
  qif,
  eif,
  alif,
  adex,
};

/** Names of the neuron models. */
export const neuronNames: readonly NeuronName[] = Object.keys(
  neuronModels,
) as NeuronName[];
