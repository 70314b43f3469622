/** Reading models for commands, which say what is odd about their files. */
import { readModel } from "../formats/model_file.ts";
import type { Model } from "../network/records.ts";
import type { Reporter } from "./reporter.ts";

/** Says what is odd about a model file. */
export function remarkOn(path: string, output: Reporter, remark: string): void {
  output.note(`${path}: ${remark}`);
}

/**
 * Reads a model file and says what is odd about it.
 *
 * @throws {ModelFileError} if it cannot be read
 */
export async function readModelFor(
  path: string,
  output: Reporter,
): Promise<Model> {
  const model = await readModel(path);
  for (const remark of model.remarks ?? []) remarkOn(path, output, remark);
  return model;
}
