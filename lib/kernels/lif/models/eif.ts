/**
 * Exponential integrate-and-fire: tm·dv/dt = I - v + slope·exp((v - threshold)/
 * slope). Source: Fourcaud-Trocmé, Hansel, van Vreeswijk and Brunel, J.
 * Neurosci. 23:11628, 2003.
 */
import { exp } from "../../../arithmetic/elementary.ts";
import { literal } from "../../webgpu/source.ts";
import { exp32 } from "./exponential.ts";
import { type NeuronEquation, shared } from "./model.ts";

const { fround } = Math;

export const eif: NeuronEquation = {
  derivative: (v, current, { slope = 1, threshold = 0 }) =>
    current - v + slope * exp((v - threshold) / slope),
  derivative32(v, current, { slope, sharpness, threshold }) {
    const upstroke = exp32(fround(fround(v - threshold) * sharpness));
    return fround(fround(current - v) + fround(slope * upstroke));
  },
  wgsl: ({ slope = 1, threshold = 0 }) =>
    `current - v[c] + ${literal(slope)} * ` +
    `exp((v[c] - ${literal(threshold)}) / ${literal(slope)})`,
  adapts: false,
  defaults: { ...shared, peak: -30, slope: 2, threshold: -40 },
  // Where its two fixed points meet.
  rheobase: ({ slope = 1, threshold = 0 }) => threshold - slope,
};
