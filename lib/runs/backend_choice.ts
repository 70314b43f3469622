/** The backend that a command computes on. */
import type { Work } from "../backend/calibrate.ts";
import { openBackend } from "../backend/open.ts";
import type { Backend } from "../backend/types.ts";
import { timesMemory, type TimesPlace } from "./backend_times.ts";
import { breathing } from "./breathing.ts";
import { type backendFlags, workersOf } from "./common_flags.ts";
import { asUsage } from "./errors.ts";
import type { Values } from "../settings/kinds.ts";
import { lookingForCard } from "./graphics_card.ts";
import type { Interruption } from "./interrupt.ts";
import type { Reporter } from "./reporter.ts";

/** What is to be computed; how often the work of that size is done at most. */
export interface PlannedWork extends Work {
  readonly times: number;
}

/**
 * Seconds of work on the processor below which no graphics card is looked for:
 * finding one and measuring whether it is faster takes time as well, and makes
 * drivers without a display write complaints of their own.
 */
const worthASearch = 30;

/**
 * Rough times on the processor, for that decision alone: with 200 units and 200
 * steps, an update takes 1.2 ms, one of a batch 0.35 ms a trial, which up to four
 * workers share, and a simulated trial 4 ms.
 */
function roughSeconds(
  { kind, units, steps, trials, times }: PlannedWork,
  workers: number,
): number {
  const trial = trials > 12 ? 0.00035 / Math.min(workers, 4) : 0.0012;
  const size = kind === "train"
    ? trial * (units / 200) ** 2
    : 0.004 * (units / 200);
  return size * steps / 200 * trials * times;
}

/**
 * Opens the backend that the flags ask for, for as long as some work takes,
 * which Ctrl-C can stop. `auto` takes the graphics card where the work is large
 * and the card, by measurement, faster at it.
 *
 * @throws {BackendError} if it is not available on this machine
 */
export async function withBackend<T>(
  flags: Values<typeof backendFlags>,
  planned: PlannedWork,
  { output, interruption, keep }: {
    readonly output: Reporter;
    readonly interruption: Interruption;
    /** Where models are kept, and with them how fast backends were found to be. */
    readonly keep?: TimesPlace;
  },
  work: (backend: Backend) => Promise<T>,
): Promise<T> {
  const opened = await asUsage(() => open(flags, planned, output, keep));
  const backend = breathing(opened, interruption.breathe);
  try {
    return await work(backend);
  } finally {
    backend.close();
  }
}

async function open(
  flags: Values<typeof backendFlags>,
  planned: PlannedWork,
  output: Reporter,
  keep: TimesPlace | undefined,
): Promise<Backend> {
  const { backend: name, gpu } = flags;
  const workers = workersOf(flags);
  const small = roughSeconds(planned, workers) < worthASearch;
  if (
    (name !== "auto" && name !== "webgpu") ||
    (name === "auto" && (small || gpu === "off"))
  ) {
    if (name === "auto" && typeof gpu === "number") {
      output.note(
        `--gpu ${gpu}: not looked for, this is done in seconds without ` +
          "(--backend webgpu insists)",
      );
    }
    return await openBackend({
      name: name === "auto" ? "simd" : name,
      workers,
    });
  }
  // Loaded where a graphics card may be used.
  const { openChosenBackend } = await import("../backend/choose.ts");
  const { backend, reason } = await lookingForCard(
    output,
    () =>
      openChosenBackend({
        name,
        gpu,
        workers,
        work: planned,
        memory: keep && timesMemory(keep),
        warn: (message) => output.note(message),
      }),
  );
  if (reason) output.note(`computing on ${backend.name}: ${reason}`);
  return backend;
}
