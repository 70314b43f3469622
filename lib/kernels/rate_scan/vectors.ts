/** Parameters, gradients and moments in the kernel's memory, and what acts on them. */
import type { AdamStep } from "../adam/reference.ts";
import { decayGradients, decayRates } from "./decay.ts";
import type { KernelMemory } from "./memory.ts";
import { type ParameterLayout, upToFour, type Wiring } from "./types.ts";

/** The vectors of a network that is trained. */
export class ParameterVectors {
  readonly memory: KernelMemory;
  readonly wiring: Wiring;
  readonly layout: ParameterLayout;
  /** Addresses. */
  readonly parameters: number;
  readonly gradients: number;
  readonly first: number;
  readonly second: number;
  /** Sign of every synapse. */
  readonly signs: number;
  /** Counts changes of the parameters. */
  version = 0;

  constructor(memory: KernelMemory, wiring: Wiring, layout: ParameterLayout) {
    this.memory = memory;
    this.wiring = wiring;
    this.layout = layout;
    const vector = () => {
      const at = memory.allocate(4 * layout.length);
      memory.floats(at, layout.length).fill(0);
      return at;
    };
    this.parameters = vector();
    this.gradients = vector();
    this.first = vector();
    this.second = vector();
    const signs = new Float32Array(upToFour(wiring.post.length)).fill(1);
    for (let s = 0; s < wiring.pre.length; s++) {
      signs[s] = wiring.signs[wiring.pre[s]];
    }
    this.signs = memory.store(signs);
  }

  /** View of a vector. */
  view(at: number): Float32Array {
    return this.memory.floats(at, this.layout.length);
  }

  /** View of one number a unit, of the parameters or the gradients. */
  #perUnit(vector: number, part: number): Float32Array {
    return this.memory.floats(vector + 4 * part, this.wiring.units);
  }

  get readout(): Float32Array {
    return this.#perUnit(this.parameters, this.layout.readout);
  }

  get bias(): number {
    return this.memory.floats(this.parameters + 4 * this.layout.bias, 1)[0];
  }

  /** Writes dt/tau of every unit. */
  writeAlphas(to: Float32Array): void {
    const tausGaus = this.#perUnit(this.parameters, this.layout.tausGaus);
    decayRates(this.wiring.taus, tausGaus, to);
  }

  /** Gradients by what the scan uses become gradients by the parameters. */
  finishGradients(): void {
    const { layout, memory, wiring } = this;
    memory.run.weightGradients(
      upToFour(wiring.post.length),
      this.parameters,
      this.signs,
      Number(wiring.dale),
      this.gradients,
    );
    const readout = this.#perUnit(this.gradients, layout.readout);
    for (let i = 0; i < wiring.units; i++) if (!wiring.read[i]) readout[i] = 0;
    decayGradients(
      wiring.taus,
      this.#perUnit(this.parameters, layout.tausGaus),
      this.#perUnit(this.gradients, layout.tausGaus),
    );
  }

  gradientNorm(): number {
    const { length } = this.layout;
    return this.memory.run.vectorNorm(this.gradients, length);
  }

  adam(step: AdamStep): void {
    this.memory.run.adam(
      this.parameters,
      this.gradients,
      this.first,
      this.second,
      this.layout.length,
      step.rate,
      step.beta1,
      1 - step.beta1,
      step.beta2,
      1 - step.beta2,
      step.epsilon,
      step.scale,
    );
    this.version++;
  }
}
