/** How training ended, in a model file. */
import type { TrainingOutcome } from "../../network/records.ts";
import type { MatValue } from "../../mat5/types.ts";
import type { Fields } from "./fields.ts";
import { decodeJson, encodeJson } from "./json.ts";

const outcomeField = "spikernn_outcome";

/** Takes how training ended; `undefined` if the file does not say what we know. */
export function decodeOutcome(fields: Fields): TrainingOutcome | undefined {
  return fields.attempt(() => {
    const json = decodeJson(fields, outcomeField);
    if (json === undefined) return undefined;
    const met = json.get("met").oneOf(true, false);
    const reason = json.get("reason")
      .oneOf("criterion", "limit", "interrupted", "diverged");
    return { reason, met };
  });
}

/** Sets how training ended. */
export function encodeOutcome(
  fields: Map<string, MatValue>,
  outcome: TrainingOutcome | undefined,
): void {
  if (outcome) fields.set(outcomeField, encodeJson(outcome));
}
