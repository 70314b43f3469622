/** What the original does not save: the task, and how the network came about. */
import type { Provenance } from "../../network/types.ts";
import type { Model } from "../../network/records.ts";
import type { MatValue } from "../../mat5/types.ts";
import type { Fields } from "./fields.ts";
import { decodeJson, encodeJson } from "./json.ts";

const taskField = "spikernn_task";
const provenanceField = "spikernn_provenance";

/** Takes the task; `undefined` if the file does not say. */
export function decodeTask(fields: Fields): Model["task"] {
  return fields.attempt(() => readTask(fields));
}

function readTask(fields: Fields): Model["task"] {
  const json = decodeJson(fields, taskField);
  if (json === undefined) return undefined;
  const timing = json.get("timing");
  const fingerprint = json.get("fingerprint");
  const file = json.get("file");
  return {
    name: json.get("name").text(),
    timing: Object.fromEntries(
      Object.keys(timing.object())
        .map((option) => [option, timing.get(option).number()]),
    ),
    ...(fingerprint.present && { fingerprint: fingerprint.text() }),
    ...(file.present && {
      file: {
        sha256: file.get("sha256").text(),
        path: file.get("path").text(),
      },
    }),
  };
}

/** Takes the provenance; `undefined` if the file does not say. */
export function decodeProvenance(fields: Fields): Provenance | undefined {
  return fields.attempt(() => readProvenance(fields));
}

function readProvenance(fields: Fields): Provenance | undefined {
  const json = decodeJson(fields, provenanceField);
  if (json === undefined) return undefined;
  const seed = json.get("seed");
  return {
    version: json.get("version").text(),
    seed: seed.present ? seed.number() : null,
    backend: json.get("backend").text(),
    created: json.get("created").text(),
    settings: json.get("settings").object(),
  };
}

/** Sets the fields of task and provenance. */
export function encodeNotes(
  fields: Map<string, MatValue>,
  { task, provenance }: Model,
): void {
  // What only a path says is not written as if it were known.
  if (task && !task.guessed) fields.set(taskField, encodeJson(task));
  if (provenance) fields.set(provenanceField, encodeJson(provenance));
}
