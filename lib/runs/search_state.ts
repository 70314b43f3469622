/**
 * What an interrupted search leaves beside the model file: the factors that it
 * has tried, so that the next one goes on from there.
 */
import { fileProblem, files } from "../platform/files.ts";
import { createHash } from "node:crypto";
import { z } from "zod";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, writeAtomic } from "../formats/atomic.ts";
import type { ScoredFactors, SearchRecord } from "../network/records.ts";
import type { ScoredFactor } from "../map/selection.ts";
import { toJson } from "./json.ts";
import type { Reporter } from "./reporter.ts";

/** Largest such file that is read, in bytes. */
const largest = 16_000_000;

// NaN (the loss of a spiking network, the rate of no units) is null in JSON.
const number = z.number().nullable().transform((value) => value ?? NaN);

const proportion = z.object({
  correct: number,
  trials: number,
  value: number,
  low: number,
  high: number,
});

const score = z.object({
  paper: proportion,
  strict: proportion,
  loss: number,
  outputError: number,
  conditions: z.array(z.object({
    condition: z.string(),
    paper: proportion,
    strict: proportion,
    outputError: number,
    meanOutput: number,
  })),
  rates: z.object({
    excitatory: number,
    inhibitory: number,
    sst: number,
    pv: number,
  }).optional(),
});

const stateSchema = z.object({
  fingerprint: z.string(),
  seed: z.number().int().nonnegative(),
  tried: z.array(z.object({ factor: z.number().positive(), score })),
  layers: z.array(
    z.object({ factors: z.array(z.number().positive()), score }),
  ).optional(),
});

/** What is kept. */
export interface SearchState {
  /** Stands for the network and everything that shapes a score. */
  readonly fingerprint: string;
  readonly seed: number;
  /** Scores of each factor after every part of its trials. */
  readonly tried: readonly ScoredFactor[];
  /** Factors of layers that were tried, once all for the whole network were. */
  readonly layers?: readonly ScoredFactors[];
}

/** Where the state of a model's search is kept. */
function statePath(modelPath: string): string {
  return `${modelPath.replace(/\.mat$/i, "")}.search.json`;
}

/** The state beside a model; `undefined` if there is none that can be used. */
export async function readState(
  modelPath: string,
): Promise<SearchState | undefined> {
  const path = statePath(modelPath);
  try {
    const { isFile, size } = await files.stat(path);
    if (!isFile || size > largest) return undefined;
    return stateSchema.parse(JSON.parse(await files.readTextFile(path)));
  } catch (error) {
    if (fileProblem(error) === "NotCapable") throw error;
    // A state that is damaged or cannot be read costs the time of a new search,
    // nothing else.
    return undefined;
  }
}

/**
 * Keeps the state beside a model, whole or not at all. One that cannot be kept is
 * no reason to stop the search.
 *
 * @returns whether it was kept
 */
export async function keepState(
  modelPath: string,
  state: SearchState,
  output: Reporter,
): Promise<boolean> {
  const path = statePath(modelPath);
  try {
    await writeAtomic(path, new TextEncoder().encode(toJson(state)));
    return true;
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    output.unwritten("the state of the search", error.message);
    return false;
  }
}

/** Removes the state, once the model file holds the result. */
export async function removeState(
  modelPath: string,
  output: Reporter,
): Promise<void> {
  const path = statePath(modelPath);
  try {
    await files.remove(path);
  } catch (error) {
    if (fileProblem(error) === "NotFound") return;
    output.problem(
      `Cannot remove ${path}: ${fileTrouble(error)}; it is not needed any more`,
    );
  }
}

/**
 * Removes a state whose search the model file holds: its run was stopped between
 * the two. That of another search, begun with `--force`, stays.
 *
 * @param search the record in the model file
 */
export async function removeSaved(
  modelPath: string,
  { factors, scores }: SearchRecord,
  output: Reporter,
): Promise<void> {
  const state = await readState(modelPath);
  const last = new Map(state?.tried.map((one) => [one.factor, one]));
  const held = state && [...last.values()].every(({ factor, score }) => {
    const saved = scores[factors.indexOf(factor)];
    return saved !== undefined &&
      saved.strict.trials === score.strict.trials &&
      saved.strict.correct === score.strict.correct &&
      saved.paper.correct === score.paper.correct &&
      Math.abs(saved.outputError - score.outputError) <=
        1e-9 * score.outputError;
  });
  if (held) await removeState(modelPath, output);
}

/**
 * A short text that is the same for the same network and settings alone.
 *
 * @param parts plain data; typed arrays count by their bytes
 */
export function fingerprint(parts: unknown): string {
  const hash = createHash("sha256");
  const visit = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) {
      const { buffer, byteOffset, byteLength } = value;
      hash.update(`<${byteLength}>`)
        .update(new Uint8Array(buffer, byteOffset, byteLength));
    } else if (typeof value === "object" && value !== null) {
      for (const [key, part] of Object.entries(value)) {
        hash.update(`${JSON.stringify(key)}:`);
        visit(part);
      }
      hash.update(";");
    } else {
      hash.update(`${JSON.stringify(value)},`);
    }
  };
  visit(parts);
  return hash.digest("hex");
}
