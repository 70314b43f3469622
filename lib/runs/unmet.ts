/** Models that were saved before training had met its criteria. */
import { countOf } from "../count.ts";
import type { Model } from "../network/records.ts";

/**
 * What to know of a model whose training did not meet its criteria;
 * `undefined` if it met them, or the file does not say.
 */
export function unmetText({ training }: Model): string | undefined {
  if (!training?.outcome || training.outcome.met) return undefined;
  const updates = training.losses.length;
  const ended = {
    // Criteria that are met end training: the reason says that they were.
    criterion: `was ended after ${countOf(updates, "update")}`,
    limit: `used up its ${countOf(updates, "update")}`,
    interrupted: `was interrupted after ${countOf(updates, "update")}`,
    diverged: `diverged after ${countOf(updates, "update")}`,
  }[training.outcome.reason];
  return `training ${ended}, the criteria were not met`;
}
