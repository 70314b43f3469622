/**
 * What a run log holds: one event a line, small enough to be read again and
 * drawn. This schema is the one place that says so: lines that may come from
 * anywhere are read by it, and the types of those who write them follow from it.
 */
import { z } from "zod";

/** Version of the format, in the first line of a log. */
export const logVersion = 1;

const number = z.number().nullable().transform((value) => value ?? NaN);
const count = z.number().int().min(0).max(1e12);
const maybe = z.number().nullable();
const name = z.string().max(1000);
const curve = z.array(maybe).max(10_000);

/** A performance with the bounds of its 95 % interval; null if unknown. */
const score = z.object({
  paper: maybe,
  strict: maybe,
  // Bounds of the strict performance.
  low: maybe,
  high: maybe,
  // Mean loss; null for spiking networks.
  loss: maybe,
  // Mean |output - target| in the strict window.
  outputError: maybe,
});

const side = z.number().int().min(1).max(1000);

/** Units' rates over a trial as bytes: every so many units and steps. */
const rates = z.object({
  rows: side,
  columns: side,
  // Units from one row to the next, steps from one column to the next.
  unitStride: count,
  stepStride: count,
  // The rate that byte 255 stands for.
  max: z.number(),
  // rows×columns bytes, row-major, in base64.
  bytes: z.string().max(1_400_000).regex(/^[A-Za-z0-9+/]*={0,2}$/),
});

/** An evaluation's trial, thinned to what a small plot can show. */
const example = z.object({
  condition: name,
  // In the task's words, if it has any.
  label: name.optional(),
  // Steps from one shown point to the next.
  stride: count.min(1),
  target: curve,
  outputs: curve,
  // One row a channel; logs of earlier versions lack the channels' names.
  inputs: z.array(curve).max(100),
  channels: z.array(name).max(100).optional(),
  rates,
  // The rates of each layer, on one scale, if there are several.
  layers: z.array(rates).max(100).optional(),
});

/** Spikes of a trial, one bit for every so many units and each bin of time. */
const raster = z.object({
  condition: name,
  // In the task's words, if it has any.
  label: name.optional(),
  // Duration of the trial, in ms, and its bins.
  duration: z.number().positive(),
  columns: side,
  // Units from one row to the next, within a population.
  unitStride: count.min(1),
  // Populations from the top, with their numbers of rows.
  groups: z.array(z.object({
    type: z.enum(["E", "I", "PV", "SST", "units"]),
    rows: count.max(1000),
  })).max(1000),
  // Rows of whole bytes, the first bin in the highest bit, in base64.
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
    // Multiple of the model's noise in training; logs of earlier versions lack it.
    noiseLevel: z.number().optional(),
    // Which easier task of the curriculum; absent for the task itself.
    lesson: count.optional(),
    // Training went back to the network of that update.
    returned: z.object({ to: count, learningRate: z.number() }).optional(),
    score,
    example: example.optional(),
  }),
  of("stopped", {
    reason: z.enum(["criterion", "limit", "interrupted"]),
    update: count,
    seconds: number,
    // Updates before the evaluation that met the criteria first.
    firstMet: count.optional(),
    // Updates of the network that was kept, if not every level of noise was met.
    kept: count.optional(),
  }),
  of("factor", {
    factor: z.number(),
    done: count,
    total: count,
    // Whether it gets no further trials; logs of earlier versions lack it.
    settled: z.boolean().optional(),
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

type DeepReadonly<T> = T extends (infer U)[] ? readonly DeepReadonly<U>[]
  : T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
  : T;

type WithoutTime<T> = T extends unknown ? Omit<T, "time"> : never;

/** A performance with the bounds of its 95 % interval; null if unknown. */
export type BriefScore = DeepReadonly<z.output<typeof score>>;

/** An evaluation's trial, thinned. */
export type ThinExample = DeepReadonly<z.output<typeof example>>;

/** Units' rates over a trial, thinned. */
export type ThinRates = DeepReadonly<z.output<typeof rates>>;

/** Spikes of a trial, thinned. */
export type ThinRaster = DeepReadonly<z.output<typeof raster>>;

/** A line of the log: an event and when it was, in seconds since 1970. */
export type LogLine = DeepReadonly<z.output<typeof line>>;

/** A line of the log, without its time. */
export type LogEvent = WithoutTime<LogLine>;

/** A line of a log; `undefined` for a text that is not one, or of an unknown kind. */
export function parseLine(text: string): LogLine | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined;
  }
  return line.safeParse(data).data;
}
