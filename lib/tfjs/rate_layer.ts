/** A rate network as a layer of tfjs models. */
import * as tf from "@tensorflow/tfjs";
import { readOut } from "./network.ts";
import {
  NetworkLayer,
  type NetworkLayerArgs,
  oneOf,
  stimulusOf,
} from "./network_layer.ts";
import { rateScan, type ScanNoise } from "./rate_scan.ts";
import { expectBackend } from "./shapes.ts";
import type { LayerConfig, LayerShape, Tensor } from "./tensors.ts";

/** Arguments of a rate layer. */
export interface RateLayerArgs extends NetworkLayerArgs {
  /**
   * Output of the layer: the network's `outputs`, or `rates`. Defaults to
   * `outputs`.
   */
  readonly output?: "outputs" | "rates";
  /**
   * Noise of the states. Every call draws new noise, because trials are
   * numbered on. Defaults to none.
   */
  readonly noise?: ScanNoise;
}

/**
 * A rate network as a layer: takes a stimulus, trials×steps×channels, and gives
 * outputs, trials×steps×1, or rates, trials×steps×units. Output and rates of step
 * 0 are those of the initial state.
 *
 * Runs on tfjs's backends `cpu` and `webgpu`, see {@linkcode rateScan}.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import * as tf from "@tensorflow/tfjs";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { RateLayer } from "@spikernn/spikernn/tfjs";
 * await tf.setBackend("cpu");
 * const network = createNetwork({ units: 20, channels: 1 }, randomStream(1));
 * const layer = new RateLayer({ network });
 * const model = tf.sequential({
 *   layers: [tf.layers.inputLayer({ inputShape: [50, 1] }), layer],
 * });
 * const outputs = model.predict(tf.ones([3, 50, 1])) as tf.Tensor;
 * assert.deepEqual(outputs.shape, [3, 50, 1]);
 * assert.deepEqual((await layer.network()).layers[0].mask, network.layers[0].mask);
 * ```
 */
export class RateLayer extends NetworkLayer {
  /** Name of the class in files of models. */
  static className = "SpikernnRateLayer";
  readonly #output: "outputs" | "rates";
  readonly #noise: ScanNoise | undefined;
  #trials = 0;

  /**
   * Makes a layer of a network.
   *
   * @param args network, and what the layer gives
   * @throws {TypeError} without a network
   * @throws {RangeError} for another output
   */
  constructor(args: RateLayerArgs) {
    super("RateLayer", args);
    this.#output = oneOf("RateLayer", args.output, ["outputs", "rates"]);
    this.#noise = args.noise ?? undefined;
  }

  /** Shape of what it gives. */
  override computeOutputShape(
    inputShape: LayerShape | LayerShape[],
  ): LayerShape {
    const [trials, steps] = inputShape as LayerShape;
    return [trials, steps, this.#output === "rates" ? this.units : 1];
  }

  /** Runs the network. */
  override call(inputs: Tensor | Tensor[]): Tensor {
    expectBackend("RateLayer");
    return tf.tidy(() => {
      const stimulus = stimulusOf(inputs);
      const noise = this.#noise;
      const trial = (noise?.trial ?? 0) + this.#trials;
      this.#trials += stimulus.shape[0];
      const rates = rateScan({
        weights: this.effectiveWeights(),
        decay: this.decay(),
        drive: this.drive(stimulus),
        activation: this.structure.activation,
        noise: noise && { ...noise, trial },
      });
      return this.#output === "rates"
        ? rates
        : readOut(rates, this.readoutWeights(), this.variable("bias"));
    });
  }

  /** What a file says of the layer beside its weights. */
  override getConfig(): LayerConfig {
    return {
      ...super.getConfig(),
      output: this.#output,
      noise: (this.#noise ?? null) as LayerConfig | null,
    };
  }
}

tf.serialization.registerClass(RateLayer);
