/** What `perturb` does. */
import { dirname, join } from "node:path";
import { countOf } from "../../count.ts";
import { toCsv } from "../../formats/csv.ts";
import { encodeModel } from "../../formats/model_file.ts";
import { unitCount } from "../../network/geometry.ts";
import { drawFigure } from "../../report/draw.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import { asUsage, InterruptedError, UsageError } from "../../runs/errors.ts";
import {
  formatNumber,
  formatPercent,
  formatProportion,
} from "../../runs/format.ts";
import { interruptible, isAbort } from "../../runs/interrupt.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import {
  effectColumns,
  effectRow,
  perturbedModel,
  perturbModel,
  type PerturbRunEvent,
  type PointEffect,
} from "../../runs/perturb.ts";
import { effectFigures, measureFigures } from "../../runs/perturb_figures.ts";
import {
  isMeasurable,
  measureColumns,
  type Measured,
  measurePoints,
  type MeasureRequest,
  measureRows,
} from "../../runs/perturb_measures.ts";
import type { perturbFlags } from "../../runs/perturb_flags.ts";
import { pointsOf, pointText } from "../../runs/perturb_points.ts";
import { Counted } from "../../runs/progress/counted.ts";
import { drawSeed, prepareFolder } from "../../runs/resources.ts";
import { idleMapping } from "../../runs/spiking_flags.ts";
import { table } from "../../runs/table.ts";
import { openTaskOf } from "../../runs/task.ts";
import type { Invocation } from "../command.ts";
import { twinOf } from "../figure_flags.ts";
import {
  checkFolder,
  checkOther,
  checkTarget,
  writeTarget,
} from "../overwriting.ts";
import { ratesText } from "../score_text.ts";

type Given = Invocation<typeof perturbFlags>;

/** Lines of the table that a terminal is shown; the file has them all. */
const shownLines = 60;

/** Perturbs a network. */
export async function run(given: Given): Promise<void> {
  const { flags, operands: [path], output } = given;
  const model = await readModelFor(path, output);
  const idle = idleMapping(
    "with --network rate the rate network alone is perturbed",
    given.given,
  );
  if (idle && flags.network === "rate") output.note(idle);
  const seed = flags.seed ?? drawSeed();
  const { points, leftOut } = pointsOf(flags, model.network, seed);
  for (const reason of leftOut) output.note(`left out: ${reason}`);
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  const twin = flags.network === "rate"
    ? undefined
    : await twinOf(flags, model, task);
  if (flags.network === "spiking" && !twin) {
    throw new UsageError(
      "Cannot perturb the spiking network: no scaling factor has been " +
        "searched yet, run map first or pass --factor",
    );
  }
  if (flags.save !== undefined) await checkOther(flags.save, path);
  const saved = flags.save === undefined ? undefined : {
    model: perturbedModel(model, points, new Date().toISOString()),
    place: await checkTarget(flags.save, {
      kind: "model",
      force: flags.force,
      named: true,
    }),
  };
  if (flags.save !== undefined && !/\.mat$/i.test(flags.save)) {
    throw new UsageError(
      `Cannot save the changed network in ${flags.save}: its name must end ` +
        "in .mat",
    );
  }
  const folder = flags.output ?? path.replace(/(\.mat)?$/i, "_perturbed");
  await checkFolder(folder, "table and figures");
  const prepared = [await prepareFolder(folder)];
  if (saved) prepared.push(await prepareFolder(dirname(saved.place.path)));
  const work: PlannedWork = {
    kind: twin ? "simulate" : "train",
    units: unitCount(model.network),
    steps: task.steps,
    trials: flags.trials,
    times: points.length + 1,
  };
  let written = false;
  try {
    const measured: Measured[] = [];
    const { effects, cause } = await interruptible(
      (interruption) =>
        withBackend(flags, work, { output, interruption }, (backend) => {
          output.note(
            `${countOf(points.length, "point")}, ` +
              `${countOf(flags.trials, "trial")} each, seed ${seed}, ` +
              backend.description,
          );
          return asUsage(async () => {
            const gathered = await gather(
              given,
              perturbModel({
                model,
                task,
                twin,
                rate: flags.network !== "spiking",
                points,
                trials: flags.trials,
                seed,
                backend,
                signal: interruption.signal,
              }),
              seed,
            );
            if (!flags.measure || gathered.cause) return gathered;
            const request = {
              model,
              task,
              twin,
              points,
              measures: flags.measure.map((name) => name.toLowerCase()),
              trials: Math.ceil(flags.trials / task.conditions.length),
              seed,
              backend,
              signal: interruption.signal,
            };
            return {
              ...gathered,
              cause: await measure(given, request, measured),
            };
          });
        }),
      { output, next: "the points that are done are written" },
    );
    if (cause && effects.length === 0) throw cause;
    await writeAll(given, folder, effects, measured);
    written = true;
    if (cause) {
      const networks = flags.network === "both" && twin ? 2 : 1;
      throw new InterruptedError(
        `Interrupted after ${effects.length} of ` +
          `${countOf(networks * points.length, "point")}` +
          (flags.measure
            ? ` and ${Math.max(0, measured.length - 1)} measured`
            : "") +
          "; the points so far were saved in " +
          folder + (saved ? ", no changed network" : ""),
        { cause },
      );
    }
    if (saved) {
      const to = await writeTarget(
        saved.place,
        encodeModel(saved.model),
        (remark) => output.note(remark),
      );
      output.saved(to);
      output.result(`saved the changed network in ${to}`);
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
    throw new InterruptedError("Interrupted: nothing was written", {
      cause: error,
    });
  } finally {
    if (!written) { for (const one of prepared) await one.undo(); }
  }
}

/** What was found, and what stopped the rest of it, if something did. */
interface Gathered {
  readonly effects: readonly PointEffect[];
  readonly cause?: unknown;
}

/** Waits for all points, or for Ctrl-C, and prints those that are done. */
async function gather(
  { output }: Given,
  events: ReturnType<typeof perturbModel>,
  seed: number,
): Promise<Gathered> {
  const counted = new Counted("perturb", "trials", output);
  const effects: PointEffect[] = [];
  const intact: Intact[] = [];
  const take = (event: PerturbRunEvent) => {
    switch (event.kind) {
      case "simulated":
        counted.show(event.done, event.total);
        break;
      case "failed":
        output.note(`left out: ${pointText(event.point)}: ${event.error}`);
        break;
      case "intact":
        intact.push(event);
        output.event({ ...event, seed });
        break;
      case "effect": {
        const { point, index: _, ...found } = event.effect;
        effects.push(event.effect);
        output.event({
          kind: "perturbation",
          ...found,
          parts: point.parts,
          seed,
        });
      }
    }
  };
  let cause: unknown;
  try {
    for await (const event of events) take(event);
  } catch (error) {
    if (!isAbort(error)) throw error;
    cause = error;
  }
  output.endProgress();
  for (const line of effectsText(intact, effects)) output.result(line);
  return { effects, cause };
}

/**
 * Measures the intact network and the points, as they come.
 *
 * @returns what stopped it, if something did
 */
async function measure(
  { output }: Given,
  request: MeasureRequest,
  measured: Measured[],
): Promise<unknown> {
  const passing = request.points.filter((point) => !isMeasurable(point));
  for (const point of passing) {
    output.note(
      `not measured: ${pointText(point)}: analyses run trials of their own, ` +
        "without windows, other noise or stimulation",
    );
  }
  const counted = new Counted("measure", "networks", output);
  counted.show(0, request.points.length - passing.length + 1);
  try {
    for await (const found of measurePoints(request)) {
      measured.push(found);
      counted.show(found.done, found.total);
      const of = found.point ? pointText(found.point) : "intact network";
      for (const [name, reason] of Object.entries(found.leftOut)) {
        output.note(`not measured: ${of}: ${name}: ${reason}`);
      }
    }
  } catch (error) {
    if (!isAbort(error)) throw error;
    return error;
  }
  output.endProgress();
}

/** A network before anything was done to it. */
type Intact = Pick<PointEffect, "network" | "score" | "activity">;

/** Mean rate of a class of units: firing in Hz, or r of a rate network. */
function classRate(
  { score: { rates }, activity }: Intact,
  of: "excitatory" | "inhibitory",
): string {
  return rates
    ? `${formatNumber(rates[of], 1)} Hz`
    : formatNumber(activity?.[of] ?? NaN, 3);
}

function effectsText(
  intact: readonly Intact[],
  effects: readonly PointEffect[],
): string[] {
  const head = intact.map((found) =>
    `${found.network} network, intact: strict rule ${
      formatProportion(found.score.strict)
    }; ` +
    (found.score.rates
      ? ratesText(found.score)
      : `mean r of E ${classRate(found, "excitatory")}, of I ${
        classRate(found, "inhibitory")
      }`)
  );
  const rows = effects.slice(0, shownLines).map((effect) => {
    const { network, point, score, strict } = effect;
    const points = (share: number) => Number((100 * share).toFixed(1));
    return [
      network,
      pointText(point),
      formatPercent(score.strict.value),
      `${points(strict.difference)} [${points(strict.low)}, ` +
      `${points(strict.high)}]`,
      strict.p < 0.001 ? "< 0.001" : formatNumber(strict.p, 3),
      formatNumber(score.outputError),
      classRate(effect, "excitatory"),
      classRate(effect, "inhibitory"),
    ];
  });
  if (rows.length === 0) return head;
  return [
    ...head,
    ...table(
      [
        "network",
        "perturbation",
        "strict",
        "change, % points",
        "p",
        "error",
        "E",
        "I",
      ],
      rows,
      ["left", "left", "right", "left", "right", "right", "right", "right"],
    ),
    ...(effects.length > shownLines
      ? [`… ${effects.length - shownLines} more in the table`]
      : []),
  ];
}

/** Writes the table, and the figures if there is something to draw. */
async function writeAll(
  { flags, output }: Given,
  folder: string,
  effects: readonly PointEffect[],
  measured: readonly Measured[],
): Promise<void> {
  const files: string[] = [];
  const write = async (
    name: string,
    kind: "other" | typeof flags.format,
    bytes: Uint8Array,
  ) => {
    const place = await checkTarget(join(folder, name), {
      kind,
      force: flags.force,
      named: true,
    });
    const path = await writeTarget(
      place,
      bytes,
      (remark) => output.note(remark),
    );
    output.saved(path);
    files.push(name);
  };
  const text = toCsv(effects.map(effectRow), effectColumns);
  await write("effects.csv", "other", new TextEncoder().encode(text));
  const rows = measureRows(measured);
  if (rows.length > 0) {
    const csv = toCsv(rows, measureColumns);
    await write("measures.csv", "other", new TextEncoder().encode(csv));
  }
  const { format } = flags;
  const figures = [...effectFigures(effects), ...measureFigures(measured)];
  for (const figure of figures) {
    await write(
      `${figure.name}.${format}`,
      format,
      await drawFigure(figure, { format }),
    );
  }
  output.result(`saved in ${folder}: ${files.join(", ")}`);
}
