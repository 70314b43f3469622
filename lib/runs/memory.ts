/** Says before a training run begins how much memory it needs. */
import {
  checkAddressable,
  gigabytes,
  trainingBytes,
  type TrainingSize,
} from "../backend/memory.ts";
import { freeMemory } from "../platform/system.ts";
import { workersOf } from "./common_flags.ts";
import type { Values } from "../settings/kinds.ts";
import type { Reporter } from "./reporter.ts";
import { sizesOf, type trainFlags } from "./train_flags.ts";

/** From this on it is worth a word, bytes. */
const worthAWord = 1e9;

/**
 * Tells the memory that a run needs, where it is 1 GB or more, and warns where
 * the machine is known to have less. Only with `--allow-sys=systemMemoryInfo`
 * can it be known.
 *
 * @throws {RangeError} for what the kernels can never hold
 */
export function tellMemory(
  settings: Values<typeof trainFlags>,
  steps: number,
  output: Reporter,
): void {
  const size = trainingSizeOf(settings, steps);
  if (settings.backend === "simd" || settings.backend === "auto") {
    checkAddressable(size);
  }
  const needed = trainingBytes(size);
  if (needed < worthAWord) return;
  output.event({ kind: "memory", bytes: needed });
  const free = freeMemory();
  if (free !== undefined && free < needed) {
    output.problem(
      `this run needs about ${gigabytes(needed)} of memory, this machine has ` +
        `${gigabytes(free)} free; it may be ended by the system`,
    );
  } else {
    output.note(`this run needs about ${gigabytes(needed)} of memory`);
  }
}

/** What the flags say about the size, before there is a network. */
export function trainingSizeOf(
  settings: Values<typeof trainFlags>,
  steps: number,
): TrainingSize {
  const sizes = sizesOf(settings);
  const within = sizes.reduce((sum, size) => sum + size * size, 0);
  const between = sizes.slice(1)
    .reduce((sum, size, l) => sum + size * sizes[l], 0);
  const { P_rec, P_inter, feedback, batch } = settings;
  return {
    sizes,
    entries: within + between * (feedback > 0 ? 2 : 1),
    synapses: P_rec * within + (P_inter + feedback) * between,
    steps,
    batch,
    workers: workersOf(settings),
  };
}
