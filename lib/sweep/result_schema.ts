/** What the files of a point must hold, so that a damaged one is known by its name. */
import { z } from "zod";

/** JSON has no NaN: the rate of no units is null. */
const number = z.number().nullable();
const table = z.record(z.string(), z.unknown());

const score = z.looseObject({
  paper: number,
  strict: number,
  outputError: number,
  trials: z.number(),
});

const correspondence = z.looseObject({
  unitCorrelation: number,
  cka: number,
  weightChange: number,
  synapsesChanged: number,
});

/** `result.json`; what a later version adds is let through. */
export const resultSchema = z.looseObject({
  id: z.string(),
  varied: table,
  seed: z.number(),
  settings: z.looseObject({ train: table, map: table.optional() }),
  version: z.string(),
  trained: z.boolean(),
  updates: z.number(),
  trials: z.number(),
  trialsToCriterion: z.number().optional(),
  rate: score,
  spiking: score.extend({
    uncalibrated: score.optional(),
    steps: z.array(z.looseObject({
      step: z.string(),
      strict: number,
      rounds: z.number().optional(),
    })).optional(),
    correspondence: correspondence.optional(),
    uncalibratedCorrespondence: correspondence.optional(),
    factor: z.number(),
    paperFactor: z.number(),
    paperFactorPerformance: number,
    excitatoryRate: number,
    inhibitoryRate: number,
  }).optional(),
  analyses: z.record(z.string(), number).optional(),
  perturbations: z.record(z.string(), number).optional(),
  seconds: z.looseObject({
    train: number,
    map: number.optional(),
    evaluate: number,
    total: number,
  }),
  host: z.string(),
  model: z.string(),
});

/** `trained.json`. */
export const trainedSchema = z.object({
  /** The model, relative to the point's folder. */
  model: z.string().refine(staysInside, "leaves the folder of its point"),
  /** Whether the task's criteria were met. */
  met: z.boolean(),
  updates: z.number(),
  /** Updates before the evaluation that met the criteria first. */
  firstMet: z.number().optional(),
  /** JSON has no NaN. */
  seconds: z.number().nullable().transform((seconds) => seconds ?? NaN),
});

/** Whether a path, relative to a folder, leads to a place in it. */
export function staysInside(path: string): boolean {
  return path !== "" && !/^([/\\]|[a-z]:)/i.test(path) &&
    !path.split(/[/\\]/).includes("..");
}

/** Where a value does not fit a schema, in a few words. */
export function misfit({ issues }: z.ZodError): string {
  const [{ path, message }] = issues;
  return path.length === 0 ? message : `its ${path.join(".")}: ${message}`;
}
