/** A run's numbers as TensorBoard reads them. */
import { scalarsRecord, versionRecord } from "../formats/tfevents.ts";
import { GatheredFile } from "./gathered_file.ts";
import type { LogEvent } from "./log_lines.ts";

/** An event file that is being written. */
export class TensorBoardLog {
  readonly #file: GatheredFile<Uint8Array>;
  readonly #clock: () => number;

  private constructor(file: GatheredFile<Uint8Array>, clock: () => number) {
    this.#file = file;
    this.#clock = clock;
  }

  /**
   * Starts a new file.
   *
   * @param path its name must have `tfevents` in it, by which TensorBoard knows it
   * @param clock milliseconds since 1970
   * @throws {Deno.errors.AlreadyExists} if it exists
   */
  static async create(
    path: string,
    clock: () => number,
  ): Promise<TensorBoardLog> {
    const file = await GatheredFile.create<Uint8Array>(path, clock);
    await file.add(versionRecord(clock() / 1000), { atOnce: true });
    return new TensorBoardLog(file, clock);
  }

  /** Adds the numbers of an event, if it has any. */
  async add(event: LogEvent): Promise<void> {
    const found = scalarsOf(event);
    if (!found) return;
    const scalars: Record<string, number> = {};
    for (const [tag, value] of Object.entries(found.scalars)) {
      if (value !== null) scalars[tag] = value;
    }
    const record = scalarsRecord(this.#clock() / 1000, found.step, scalars);
    await this.#file.add(record, { atOnce: event.kind !== "trained" });
  }

  /** Writes what was gathered. */
  flush(): Promise<void> {
    return this.#file.flush();
  }

  /** Writes what was gathered and closes the file. */
  close(): Promise<void> {
    return this.#file.close();
  }
}

/** What of an event is a number over steps; what is tried counts as steps. */
function scalarsOf(event: LogEvent) {
  switch (event.kind) {
    case "trained":
      return {
        step: event.update,
        scalars: {
          "training/loss": event.loss,
          "training/gradient_norm": event.gradientNorm,
        },
      };
    case "evaluated": {
      const { loss, paper, strict, outputError } = event.score;
      return {
        step: event.update,
        scalars: {
          "evaluation/loss": loss,
          "evaluation/performance_paper": paper,
          "evaluation/performance_strict": strict,
          "evaluation/output_error": outputError,
          "evaluation/noise_level": event.noiseLevel ?? 1,
          // 0 is the task itself, after those of a curriculum.
          "evaluation/curriculum_stage": event.lesson ?? 0,
        },
      };
    }
    case "factor": {
      // Its place on the axis is that among those that are settled.
      if (event.settled === false) return undefined;
      const { paper, strict, outputError } = event.score;
      return {
        step: event.done,
        scalars: {
          "search/factor": event.factor,
          "search/performance_paper": paper,
          "search/performance_strict": strict,
          "search/output_error": outputError,
        },
      };
    }
    case "layerFactors": {
      const { paper, strict, outputError } = event.score;
      return {
        step: event.done,
        scalars: {
          ...Object.fromEntries(
            event.factors.map((factor, l) => [
              `search_layers/factor_${l + 1}`,
              factor,
            ]),
          ),
          "search_layers/performance_paper": paper,
          "search_layers/performance_strict": strict,
          "search_layers/output_error": outputError,
        },
      };
    }
  }
}
