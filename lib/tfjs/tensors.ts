/** tfjs's types by names of this module's own, as far as its functions need them. */
import type * as tf from "@tensorflow/tfjs";

/** A tensor of TensorFlow.js, of any shape. */
export type Tensor = ReturnType<(typeof tf)["tensor"]>;
/** A tensor of TensorFlow.js with one dimension. */
export type Tensor1D = ReturnType<(typeof tf)["tensor1d"]>;
/** A tensor of TensorFlow.js with two dimensions. */
export type Tensor2D = ReturnType<(typeof tf)["tensor2d"]>;
/** A tensor of TensorFlow.js with three dimensions. */
export type Tensor3D = ReturnType<(typeof tf)["tensor3d"]>;

/** Sizes of what a layer takes or gives; null is any. */
export type LayerShape = (number | null)[];
/** Configuration of a layer in a file, beside its weights. */
export type LayerConfig = ReturnType<
  InstanceType<(typeof tf)["layers"]["Layer"]>["getConfig"]
>;
/** A weight of a layer. */
export type LayerVariable = InstanceType<(typeof tf)["LayerVariable"]>;
