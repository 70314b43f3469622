/** Reads lines of a run log, which may come from anywhere. */
import { z } from "zod";
import type { LogLine } from "./types.ts";

const number = z.number().nullable().transform((value) => value ?? NaN);
const count = z.number().int().min(0).max(1e12);
const maybe = z.number().nullable();
const name = z.string().max(1000);
const curve = z.array(maybe).max(10_000);

const score = z.object({
  paper: maybe,
  strict: maybe,
  low: maybe,
  high: maybe,
  loss: maybe,
  outputError: maybe,
});

const side = z.number().int().min(1).max(1000);

const rates = z.object({
  rows: side,
  columns: side,
  unitStride: count,
  stepStride: count,
  max: z.number(),
  bytes: z.string().max(1_400_000).regex(/^[A-Za-z0-9+/]*={0,2}$/),
});

const example = z.object({
  condition: name,
  stride: count.min(1),
  target: curve,
  outputs: curve,
  inputs: z.array(curve).max(100),
  channels: z.array(name).max(100).optional(),
  rates,
  layers: z.array(rates).max(100).optional(),
});

const raster = z.object({
  condition: name,
  duration: z.number().positive(),
  columns: side,
  unitStride: count.min(1),
  groups: z.array(z.object({
    type: z.enum(["E", "I", "PV", "SST", "units"]),
    rows: count.max(1000),
  })).max(1000),
  bits: z.string().max(200_000).regex(/^[A-Za-z0-9+/]*={0,2}$/),
});

/** One factor a layer. */
const layerFactors = z.array(z.number()).max(1000);

const time = z.number();
const of = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ kind: z.literal(kind), time, ...shape });

const line = z.discriminatedUnion("kind", [
  of("run", { version: count, name }),
  of("started", {
    task: name,
    units: count,
    update: count,
    updates: count,
    batch: count,
    backend: name,
    seed: count,
  }),
  of("trained", { update: count, loss: number, gradientNorm: number }),
  of("evaluated", {
    update: count,
    noiseLevel: z.number().optional(),
    lesson: count.optional(),
    score,
    example: example.optional(),
  }),
  of("stopped", {
    reason: z.enum(["criterion", "limit", "interrupted"]),
    update: count,
    seconds: number,
    firstMet: count.optional(),
    kept: count.optional(),
  }),
  of("factor", {
    factor: z.number(),
    done: count,
    total: count,
    score,
    raster: raster.optional(),
  }),
  of("factorFailed", {
    factor: z.number(),
    done: count,
    total: count,
    error: z.string().max(10_000),
  }),
  of("layerFactors", {
    factors: layerFactors,
    done: count,
    score,
    best: layerFactors,
  }),
  of("mapped", {
    chosen: z.number(),
    plateau: z.array(z.number()).max(10_000),
  }),
  of("calibrated", {
    step: name,
    before: score,
    after: score,
    kept: z.boolean(),
  }),
  of("saved", { path: z.string().max(10_000) }),
  of("failed", { error: z.string().max(10_000) }),
]);

/** A line of a log; `undefined` for what is none, or of a kind that is unknown. */
export function parseLine(text: string): LogLine | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  return line.safeParse(data).data;
}
