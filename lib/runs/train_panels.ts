/** The panels of a training run as files, in the folder plots/…. */
import { basename, join, relative } from "node:path";
import type { RateNetwork } from "../network/types.ts";
import type { PanelsOptions } from "../report/listener.ts";
import type { Task } from "../tasks/types.ts";
import type { Progress } from "../records/events.ts";
import type { Reporter } from "./reporter.ts";
import { prepareFolder } from "./resources.ts";
import { folderOf, pathOf } from "./train_files.ts";
import type { TrainSettings } from "./train_settings.ts";

/** Panels that are drawn while a network is trained. */
export interface TrainingPanels {
  /** Takes an event. */
  listen(event: Progress): Promise<void>;
  /** Draws the last evaluation; the files get the name of the model's file. */
  finish(modelPath: string): Promise<string[]>;
  /** Leaves nothing behind. */
  discard(): Promise<void>;
}

/**
 * Makes the folder `<output_dir>/plots/…`, which mirrors that of the models.
 * What draws is loaded in a worker while the training begins.
 *
 * @param earlier evaluations before a run that is gone on with
 * @throws {FailureError} where the folder cannot be written to
 */
export async function openPanels(
  settings: TrainSettings,
  task: Task,
  network: RateNetwork,
  output: Reporter,
  earlier: PanelsOptions["earlier"] = [],
): Promise<TrainingPanels> {
  const models = join(settings.output_dir, "models");
  const folder = join(
    settings.output_dir,
    "plots",
    relative(
      models,
      // Where models go that nobody has given a place.
      folderOf({ ...settings, output: undefined }, task, network),
    ),
  );
  const prepared = await prepareFolder(folder);
  const name = (path: string) => basename(path).replace(/\.mat$/i, "");
  // Two runs may begin in the same second; the model's own name comes at the end.
  const started = `${name(pathOf(settings, task, network, new Date()))}_${
    crypto.randomUUID().slice(0, 6)
  }`;
  // Nobody waits for it before there is something to draw.
  const loaded = import("../report/listener.ts").then(({ panelsListener }) =>
    panelsListener({
      folder,
      name: started,
      task,
      network,
      earlier,
      warn: (message) => output.unwritten("the panels", message),
    })
  );
  // What fails is told where it is waited for.
  loaded.catch(() => {});
  return {
    async listen(event) {
      if (event.kind === "evaluated" || event.kind === "stopped") {
        (await loaded).listen(event);
      }
    },
    async finish(modelPath) {
      const files = await (await loaded).finish(name(modelPath));
      if (files.length === 0) await prepared.undo();
      return files;
    },
    async discard() {
      await (await loaded).discard();
      await prepared.undo();
    },
  };
}
