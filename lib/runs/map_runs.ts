/** What `map` was asked, kept with what it gave: enough to do it again. */
import type { Backend } from "../backend/types.ts";
import type { SearchRecord } from "../network/records.ts";
import type { Values } from "../settings/kinds.ts";
import { calibrates } from "./calibration.ts";
import { mapFlags } from "./map_flags.ts";
import { recorded } from "./train_settings.ts";

type Asked = Readonly<Record<string, unknown>>;

/**
 * What a run was asked, by the names of the flags and in their order: the
 * backend that was taken in place of `auto`, and what `known` says of the rest.
 */
export function askedOf(
  flags: Values<typeof mapFlags>,
  seed: number,
  backend: Pick<Backend, "name">,
  known: Asked = {},
): Asked {
  const settings = recorded(
    mapFlags,
    { ...flags, ...known, backend: backend.name },
    seed,
  );
  return Object.fromEntries(
    Object.keys(mapFlags)
      .filter((name) => settings[name] !== undefined)
      .filter((name) =>
        calibrates(flags) || !/^(goal$|calibrate_|tune_)/.test(name)
      )
      .map((name) => [name, settings[name]]),
  );
}

/**
 * The record of a search with one more run, which went on from it. A calibration
 * replaces an earlier one: runs that did nothing else are not needed any more. A
 * record that does not say how it began cannot say how it went on.
 */
export function withLaterRun(search: SearchRecord, run: Asked): SearchRecord {
  if (!search.runs?.length) return search;
  const [first, ...later] = search.runs;
  const needed = later.filter(({ factor_per_layer }) => factor_per_layer);
  return { ...search, runs: [first, ...needed, run] };
}
