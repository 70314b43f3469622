/** What `plot` does. */
import { pathOutside } from "../../formats/archive_path.ts";
import { basename, dirname, join } from "node:path";
import {
  collectFigures,
  type FigureSource,
  needsSimulation,
  whyNot,
} from "../../report/collect.ts";
import { drawFigure } from "../../report/draw.ts";
import {
  type FigureName,
  figureNames,
  isFigureFile,
  isFigureName,
} from "../../report/names.ts";
import type { Figure } from "../../report/types.ts";
import { unitCount } from "../../network/geometry.ts";
import { nearest } from "../../tasks/nearest.ts";
import type { Task } from "../../tasks/types.ts";
import { withBackend } from "../../runs/backend_choice.ts";
import type { Invocation } from "../command.ts";
import {
  FailureError,
  InterruptedError,
  UsageError,
} from "../../runs/errors.ts";
import { figureSeed, twinOf } from "../figure_flags.ts";
import { interruptible, isAbort } from "../../runs/interrupt.ts";
import {
  type CheckedTarget,
  checkFolder,
  checkTarget,
  writeTarget,
} from "../overwriting.ts";
import { figureProgress } from "../progress/figures.ts";
import { prepareFolder } from "../../runs/resources.ts";
import { theModel } from "../../runs/newest_model.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";
import type { plotFlags } from "../flags/plot.ts";

/** Draws figures. */
export async function run(asked: Given): Promise<void> {
  const { flags, output } = asked;
  const { named, figures } = modelAndFigures(asked.operands);
  const chosen = figures.map(figureName);
  const path = await theModel(named, "draw", output);
  const given = { ...asked, operands: [path, ...figures] };
  const model = await readModelFor(path, output);
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  for (const name of flags.trial ?? []) {
    if (task.conditions.includes(name)) continue;
    throw new UsageError(
      `Cannot draw condition ${JSON.stringify(name)}: task ${task.name} has ` +
        task.conditions.join(", "),
    );
  }
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
}

type Given = Invocation<typeof plotFlags>;

/** Figures may be named without a model. */
function modelAndFigures(
  operands: readonly string[],
): { readonly named?: string; readonly figures: readonly string[] } {
  const [first, ...rest] = operands;
  return first === undefined || isFigureName(first)
    ? { figures: operands }
    : { named: first, figures: rest };
}

function figureName(name: string): FigureName {
  const known = name.toLowerCase();
  if (isFigureName(known)) return known;
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

/** Where the files go. */
function targetOf(
  { flags: { output: out, format }, operands: [path] }: Given,
  names: readonly FigureName[],
): { folder: string; fileOf: (name: string) => string } {
  const stem = basename(pathOutside(path)).replace(/\.mat$/i, "");
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
  const stopping = {
    output,
    next: "figures that are not drawn yet are left out",
  };
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
