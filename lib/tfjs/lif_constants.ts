/** Constants of the spiking scan: what callers give, and what kernels take. */
import type { SurrogateNeuron } from "../kernels/lif/surrogate.ts";
import { refractorySteps } from "../kernels/lif/types.ts";
import { expectNumber } from "./shapes.ts";

/** Constants of the units; times in ms, voltages in mV. */
export interface LifConstants {
  /** Integration step. Defaults to 0.05. */
  readonly dt?: number;
  /** Membrane time constant, at least half of a step. Defaults to 10. */
  readonly tauMembrane?: number;
  /**
   * Refractory period. Defaults to 2. It ends with the first step that is more
   * than this after the spike.
   */
  readonly refractory?: number;
  /** Reset voltage. Defaults to -65. */
  readonly reset?: number;
  /** Threshold. Defaults to -40. */
  readonly peak?: number;
  /**
   * Rise time constant of the synapses, at least a step. Defaults to 2; 0 for
   * single exponentials.
   */
  readonly rise?: number;
  /**
   * Surrogate derivative of a spike at threshold: spikes in a step for each mV.
   * Defaults to dt/tauMembrane, with which the gradient does not depend on the
   * step and is about as large as that of the smoothed model over a second and
   * more. 1 is the published fast sigmoid of Zenke and Ganguli, whose gradient
   * explodes in recurrent networks.
   */
  readonly height?: number;
  /** How fast the surrogate derivative falls, per mV. Defaults to 1.5. */
  readonly steepness?: number;
}

const op = "lifScan";

/**
 * Constants as the kernels take them.
 *
 * @param steps of a trial
 * @throws {RangeError} for one that is not finite or out of range
 */
export function surrogateNeuron(
  constants: LifConstants,
  steps: number,
): SurrogateNeuron {
  const {
    dt = 0.05,
    tauMembrane = 10,
    refractory = 2,
    reset = -65,
    peak = -40,
    rise = 2,
    height = dt / tauMembrane,
    steepness = 1.5,
  } = constants;
  const finite = "a finite number";
  const check = (
    name: string,
    value: number,
    allowed: boolean,
    what: string,
  ) => expectNumber(op, name, value, allowed, `${finite}${what}`);
  check("dt", dt, dt > 0, " above 0");
  check(
    "tauMembrane",
    tauMembrane,
    // Whole multiples of a step may fall short of it by rounding.
    2 * tauMembrane >= dt * (1 - 1e-9),
    `, at least half of the step of ${dt} ms`,
  );
  check("refractory", refractory, refractory >= 0, " from 0");
  check(
    "rise",
    rise,
    rise === 0 || rise >= dt,
    `, at least the step of ${dt} ms, or 0 for single exponentials`,
  );
  check("peak", peak, true, "");
  check("reset", reset, reset < peak, ` below the peak of ${peak} mV`);
  check("height", height, height >= 0, " from 0");
  check("steepness", steepness, steepness >= 0, " from 0");
  return {
    rate: dt / tauMembrane,
    refractorySteps: refractorySteps(refractory, dt, steps),
    reset,
    peak,
    height,
    steepness,
    dt,
    rise: rise > 0 ? Math.exp(-dt / rise) : 0,
  };
}
