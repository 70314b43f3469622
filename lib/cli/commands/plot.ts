/** `plot`: draws figures of a saved network. */
import { basename, dirname, join } from "node:path";
import {
  collectFigures,
  type FigureName,
  figureNames,
  type FigureSource,
  needsSimulation,
  whyNot,
} from "../../report/collect.ts";
import { drawFigure, figureFormats } from "../../report/draw.ts";
import { widthInMm } from "../../report/theme.ts";
import type { Figure, FigureWidth } from "../../report/types.ts";
import { unitCount } from "../../network/geometry.ts";
import { nearest } from "../../tasks/nearest.ts";
import type { Task } from "../../tasks/types.ts";
import { withBackend } from "../../runs/backend_choice.ts";
import { defineCommand, type Invocation } from "../command.ts";
import { readWrite, together } from "../../runs/needs.ts";
import {
  backendFlags,
  conditionNames,
  outputFlags,
  taskFlags,
} from "../../runs/common_flags.ts";
import {
  FailureError,
  InterruptedError,
  UsageError,
} from "../../runs/errors.ts";
import { figureSeed, figureSeedFlags, twinOf } from "../figure_flags.ts";
import {
  type Flag,
  type Flags,
  grouped,
  oneOf,
  text,
} from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";
import { interruptible, isAbort } from "../../runs/interrupt.ts";
import {
  type CheckedTarget,
  checkFolder,
  checkTarget,
  forceFlag,
  writeTarget,
} from "../overwriting.ts";
import { figureProgress } from "../progress/figures.ts";
import { prepareFolder } from "../../runs/resources.ts";
import { factorFlags, mappingFlags } from "../../runs/spiking_flags.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";

const widthFlag: Flag<FigureWidth | undefined> = {
  brief: "width in mm, or that of one or both columns of a paper (85, 180 mm)",
  placeholder: "single|double|MM",
  fallback: undefined,
  shown: "what suits the figure",
  allowed: "single, double and widths from 40 to 400 mm",
  takes: { kind: "real", min: 40, max: 400, names: ["single", "double"] },
  accepts: (value) => widthFlag.parse(String(value)) !== undefined,
  parse(value) {
    if (/^(single|double)$/i.test(value)) {
      return value.toLowerCase() as "single" | "double";
    }
    const mm = Number(value.replace(/\s*mm$/i, ""));
    try {
      widthInMm(mm);
      return mm;
    } catch {
      return undefined;
    }
  },
};

const plotFlags = {
  ...grouped("Figures", {
    format: oneOf("format of the files", {
      names: figureFormats,
      fallback: "svg",
    }),
    width: widthFlag,
    output: {
      ...text("folder for the files; with one figure also a file", {
        fallback: undefined,
        placeholder: "FOLDER|FILE",
        path: "file",
        shown: "beside the model",
      }),
      aliases: ["out"],
    },
    trials: whole("trials of each condition behind means and firing rates", {
      min: 1,
      max: 100_000,
      fallback: 25,
    }),
    raster_trials: whole("trials of each condition in a raster", {
      min: 1,
      max: 10_000,
      fallback: 1,
    }),
    trial: conditionNames(
      "conditions to show (see tasks show NAME)",
      "all",
    ),
  }),
  ...taskFlags,
  ...factorFlags,
  ...mappingFlags,
  ...figureSeedFlags,
  ...backendFlags,
  ...forceFlag,
  ...outputFlags,
} satisfies Flags;

type Given = Invocation<typeof plotFlags>;

/** Draws figures. */
export default defineCommand({
  usage: ["MODEL.mat [FIGURE...] [FLAGS]"],
  description:
    `Draws figures of a saved network in the sizes of a paper's columns: ${
      figureNames.join(", ")
    }; all that the file has data for where none is named. The outputs, rasters and firing rates are of fresh trials.`,
  operands: {
    name: "MODEL.mat [FIGURE]",
    brief: `a model file, then figures: ${figureNames.join(", ")}`,
    least: 1,
    most: 1 + figureNames.length,
  },
  flags: plotFlags,
  examples: [
    ["plot model.mat", "every figure, beside the model"],
    ["plot model.mat raster output --format png", "two of them as pictures"],
    ["plot model.mat weights --width single", "as wide as one column"],
    [
      "plot model.mat raster --raster_trials 20 --trial go --output go.svg",
      "20 Go trials",
    ],
  ],
  needs: ({ flags: { output: out }, operands: [path] }) =>
    together(
      { read: [path] },
      readWrite(
        out === undefined || isFigureFile(out) ? dirname(out ?? path) : out,
      ),
    ),
  async run(given: Given) {
    const { flags, operands: [path, ...asked], output } = given;
    const chosen = asked.map(figureName);
    const model = await readModelFor(path, output);
    using opened = await openTaskOf(
      model,
      flags,
      (remark) => remarkOn(path, output, remark),
    );
    const { task } = opened;
    const spiking = await twinOf(flags, model, task);
    const seed = figureSeed(flags.seed, model);
    const names = drawable(given, { model, spiking }, chosen);
    const target = targetOf(given, names);
    await checkFolder(target.folder, "figures");
    const places = new Map<FigureName, CheckedTarget>();
    for (const name of names) {
      const place = await checkTarget(target.fileOf(name), {
        kind: flags.format,
        force: flags.force,
        named: flags.output !== undefined && isFigureFile(flags.output),
      });
      places.set(name, place);
    }
    const prepared = await prepareFolder(target.folder);
    let drawn = 0;
    try {
      const source = {
        model,
        task,
        spiking,
        seed,
        trials: flags.trials,
        rasterTrials: flags.raster_trials,
        conditions: flags.trial,
      };
      for (const figure of await figuresOf(given, source, names)) {
        const file = await writeTarget(
          places.get(figure.name as FigureName)!,
          await drawFigure(figure, flags),
          (remark) => output.note(remark),
        );
        drawn++;
        output.saved(file, { figure: figure.name });
        output.result(`saved ${file}`);
      }
    } catch (error) {
      if (isAbort(error)) {
        throw new InterruptedError("Interrupted: nothing was drawn", {
          cause: error,
        });
      }
      throw error;
    } finally {
      if (drawn === 0) await prepared.undo();
    }
  },
});

function figureName(name: string): FigureName {
  const known = figureNames.find((figure) => figure === name.toLowerCase());
  if (known) return known;
  const near = nearest(name, figureNames);
  throw new UsageError(
    /[./\\]/.test(name)
      ? `Cannot draw ${JSON.stringify(name)}: one model at a time is drawn, ` +
        "run plot for each"
      : `Cannot draw ${JSON.stringify(name)}: the figures are ` +
        figureNames.join(", ") + (near ? ` (did you mean ${near}?)` : ""),
  );
}

/** The figures to draw: those asked for, or all that there is data for. */
function drawable(
  { output }: Given,
  source: Pick<FigureSource, "model" | "spiking">,
  asked: readonly FigureName[],
): FigureName[] {
  if (asked.length > 0) {
    for (const name of asked) {
      const reason = whyNot(source, name);
      if (reason) throw new FailureError(`Cannot draw ${name}: ${reason}`);
    }
    return [...new Set(asked)];
  }
  return figureNames.filter((name) => {
    const reason = whyNot(source, name);
    if (reason) output.note(`leaving out ${name}: ${reason}`);
    return reason === undefined;
  });
}

/** Whether a path names a figure's file, not a folder. */
function isFigureFile(path: string): boolean {
  return figureFormats.some((format) =>
    path.toLowerCase().endsWith(`.${format}`)
  );
}

/** Where the files go. */
function targetOf(
  { flags: { output: out, format }, operands: [path] }: Given,
  names: readonly FigureName[],
): { folder: string; fileOf: (name: string) => string } {
  const stem = basename(path).replace(/\.mat$/i, "");
  if (out !== undefined && isFigureFile(out)) {
    if (names.length > 1) {
      throw new UsageError(
        `Cannot draw ${names.length} figures into ${out}: ` +
          "name one figure, or give a folder",
      );
    }
    if (!out.toLowerCase().endsWith(`.${format}`)) {
      throw new UsageError(
        `Cannot write ${format} into ${out}: ` +
          `choose the ending .${format}, or another --format`,
      );
    }
    return { folder: dirname(out), fileOf: () => out };
  }
  const folder = out ?? dirname(path);
  return {
    folder,
    fileOf: (name) => join(folder, `${stem}_${name}.${format}`),
  };
}

async function figuresOf(
  { flags, output }: Given,
  source: Omit<FigureSource, "backend"> & { task: Task },
  names: readonly FigureName[],
): Promise<Figure[]> {
  const onProgress = figureProgress("simulate", output);
  const stopping = { output, next: "figures that are not drawn yet are not" };
  if (!names.some(needsSimulation)) {
    return await interruptible(async ({ signal }) => {
      const figures = await collectFigures(
        { ...source, signal, onProgress },
        names,
      );
      output.endProgress();
      return figures;
    }, stopping);
  }
  const trials = (source.trials ?? 1) *
    (source.conditions ?? source.task.conditions).length;
  const work = {
    kind: source.spiking ? "simulate" as const : "train" as const,
    units: unitCount(source.model.network),
    steps: source.task.steps,
    trials,
    times: 1,
  };
  return await interruptible(
    (interruption) =>
      withBackend(flags, work, { output, interruption }, async (backend) => {
        const figures = await collectFigures({
          ...source,
          backend,
          signal: interruption.signal,
          onProgress,
        }, names);
        output.endProgress();
        return figures;
      }),
    stopping,
  );
}
