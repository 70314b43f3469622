/** The folder in which a training run keeps its checkpoints. */
import { fileProblem, files } from "../platform/files.ts";
import { dirname } from "../platform/paths.ts";
import { ModelFileError } from "../errors.ts";
import { fileTrouble, makeFreeFolder } from "../formats/atomic.ts";
import { type FolderLock, lockFolder } from "../formats/lock.ts";
import type { Task } from "../tasks/types.ts";
import type { Checkpoint } from "../train/checkpoint.ts";
import {
  listCheckpoints,
  removeCheckpoints,
  removeRemains,
  writeCheckpoint,
} from "../train/checkpoint_folder.ts";
import { taskFingerprint } from "../tasks/identity.ts";
import type { Progress } from "../records/events.ts";
import { commandLine } from "./command_line.ts";
import { FailureError } from "./errors.ts";
import type { Reporter } from "./reporter.ts";
import { isTaskFile } from "../tasks/task_source.ts";

/** Settings that a run that goes on must be given again. */
interface Again {
  readonly output?: string;
  readonly output_dir: string;
  readonly task?: string;
  readonly trust_task?: boolean;
}

/** A run's folder, locked for this process. */
export class RunFolder {
  readonly path: string;
  readonly #lock: FolderLock;
  readonly #output: Reporter;
  #again: Again = { output_dir: "." };
  #record: Omit<Checkpoint, "state"> | undefined;
  #written = -1;
  #closed = false;

  private constructor(path: string, lock: FolderLock, output: Reporter) {
    this.path = path;
    this.#lock = lock;
    this.#output = output;
  }

  /**
   * Takes a folder, and clears what a killed run left half-written.
   *
   * @throws {FailureError} if another run has it
   */
  static async take(path: string, output: Reporter): Promise<RunFolder> {
    try {
      const lock = await lockFolder(path, {
        warn: (message) => output.note(message),
      });
      await removeRemains(path);
      return new RunFolder(path, lock, output);
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      throw new FailureError(error.message, { cause: error });
    }
  }

  /** Makes the folder of a new run: `<name of the model>.run` beside the model. */
  static async make(modelPath: string, output: Reporter): Promise<RunFolder> {
    const path = await makeFreeFolder(modelPath.replace(/\.mat$/, "") + ".run");
    try {
      return await RunFolder.take(path, output);
    } catch (error) {
      // Nothing has been kept in it yet.
      await files.remove(path).catch(() => {});
      throw error;
    }
  }

  /**
   * Says what run it is; checkpoints are kept from now on.
   *
   * @param again what the command that goes on says
   */
  async describe(
    task: Task,
    seed: number,
    settings: Readonly<Record<string, unknown>>,
    again: Again,
  ): Promise<void> {
    this.#again = again;
    const { name, timing } = task;
    const fingerprint = await taskFingerprint(task);
    this.#record = { seed, settings, task: { name, timing, fingerprint } };
  }

  /** Keeps a checkpoint. One that cannot be kept is no reason to stop. */
  async listen(event: Progress): Promise<void> {
    if (event.kind !== "checkpoint" || !this.#record) return;
    const { state } = event;
    if (state.update === this.#written) return;
    try {
      const path = await writeCheckpoint(this.path, { ...this.#record, state });
      this.#written = state.update;
      this.#output.event({ kind: "checkpoint", update: state.update, path });
    } catch (error) {
      if (!(error instanceof ModelFileError)) throw error;
      this.#output.unwritten(`checkpoints in ${this.path}`, error.message);
    }
  }

  /**
   * Frees the folder.
   *
   * @param finished whether the run has its result: nothing is left then;
   *   else the folder stays if there is anything to go on from
   */
  async close(finished: boolean): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    try {
      if (finished) await removeCheckpoints(this.path);
    } catch (error) {
      // The model is saved: a folder that was taken away has nothing to keep.
      if (fileProblem(error) !== "NotFound") {
        const why = `${fileTrouble(error)}; they are not needed any more`;
        this.#output.problem(
          `Cannot remove checkpoints in ${this.path}: ${why}`,
        );
      }
    }
    await this.#lock.release();
    // Another folder that was named by mistake stays, even an empty one.
    if (!this.path.replace(/[/\\]+$/, "").endsWith(".run")) return;
    try {
      await files.remove(this.path);
    } catch {
      // It is not empty: checkpoints, or something that is not ours.
      if (!finished && this.#record && await holdsAny(this.path)) {
        this.#output.note(`to go on from here: ${this.#resumeCommand()}`);
      }
    }
  }

  /** The command that goes on; it says again what no file may say. */
  #resumeCommand(): string {
    const { task, trust_task, output, output_dir } = this.#again;
    const taskFile = task !== undefined && isTaskFile(task) ? task : undefined;
    return commandLine(
      [
        ...["train", "--resume", this.path],
        ...(output === undefined ? [] : ["--output", output]),
        ...(taskFile === undefined ? [] : ["--task", taskFile]),
        ...(taskFile !== undefined && trust_task ? ["--trust_task"] : []),
      ],
      { folder: output_dir, taskFile },
    );
  }

  /** The folder that the run's folder is in. */
  get parent(): string {
    return dirname(this.path);
  }
}

async function holdsAny(path: string): Promise<boolean> {
  return (await listCheckpoints(path).catch(() => [])).length > 0;
}
