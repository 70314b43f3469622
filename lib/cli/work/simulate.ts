/** What `simulate` does. */
import { synapticFilter } from "../../analysis/currents.ts";
import { perturbedSpiking } from "../../simulate/run.ts";
import type { Modification } from "../../simulate/modifications.ts";
import type { NoiseScale } from "../../simulate/noise_levels.ts";
import { basename, dirname } from "node:path";
import { numberArray, rowArray } from "../../formats/arrays.ts";
import type { Model } from "../../network/records.ts";
import { stepsPerRateStep, unitCount } from "../../network/geometry.ts";
import { simulateEach, type SimulateOptions } from "../../simulate/simulate.ts";
import { simulateRateEach } from "../../simulate/simulate_rate.ts";
import {
  isTask,
  trialCount,
  type TrialRequest,
} from "../../simulate/requests.ts";
import type { TrialsFormat } from "../../formats/trials/names.ts";
import { writeAll } from "../../formats/atomic.ts";
import { NpzPieces } from "../../formats/npz_pieces.ts";
import { type NwbSession, trialsNwb } from "../../formats/trials/nwb.ts";
import { selectUnits } from "../../network/units.ts";
import type { TrialsFile } from "../../formats/trials/types.ts";
import type { Task } from "../../tasks/types.ts";
import type { Invocation } from "../command.ts";
import { type PlannedWork, withBackend } from "../../runs/backend_choice.ts";
import { asUsage, UsageError } from "../../runs/errors.ts";
import { interruptible } from "../../runs/interrupt.ts";
import { makeFile } from "../../runs/making.ts";
import { type Perturbations, perturbationsOf } from "../perturbation_flags.ts";
import {
  type CheckedTarget,
  checkTarget,
  writeTarget,
} from "../overwriting.ts";
import { Counted } from "../../runs/progress/counted.ts";
import { modificationsOf } from "../../runs/perturb_points.ts";
import { drawSeed } from "../../runs/resources.ts";
import { factorOf, mappingOf, toSpiking } from "../../runs/spiking_flags.ts";
import { arraysOf, formatOf, trialsMat } from "../trials_format.ts";
import { readStimulus } from "../stimulus_file.ts";
import {
  CourseColumns,
  CourseFile,
  CourseMemory,
  type CourseSink,
  type Fields,
  joined,
  mappingFields,
  RateGatherer,
  SpikingGatherer,
  taskFields,
  unitFields,
} from "../../runs/simulated.ts";
import {
  aboutSimulation,
  readFileOf,
  type SimulationSettings,
} from "../../runs/simulated_about.ts";
import { theModel } from "../../runs/newest_model.ts";
import { readModelFor, remarkOn } from "../../runs/model_remarks.ts";
import { openTaskOf } from "../../runs/task.ts";
import { type simulateFlags, targetOf } from "../flags/simulate.ts";

/** Runs trials and saves them. */
export async function run(asked: Given): Promise<void> {
  const { flags, output } = asked;
  const path = await theModel(asked.operands[0], "simulate", output);
  const given = { ...asked, operands: [path] };
  const model = await readModelFor(path, output);
  if (flags.stimulus !== undefined && (flags.trial || flags.trials)) {
    throw new UsageError(
      "Cannot use --stimulus together with --trial or --trials: " +
        "leave one of them out",
    );
  }
  if (given.given.has("every") && flags.rate) {
    output.note("--every: no effect with --rate, every step is kept");
  } else if (given.given.has("every") && !flags.record?.length) {
    output.note("--every: no effect without --record");
  }
  const stimulus = flags.stimulus === undefined
    ? undefined
    : await readStimulus(flags.stimulus);
  // A stimulus of one's own may have any length.
  using opened = await openTaskOf(
    model,
    flags,
    stimulus ? undefined : (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  const seed = flags.seed ?? drawSeed();
  const target = targetOf(path, flags);
  const format = formatOf(target, flags.format);
  const session = sessionOf(given, model);
  const place = await checkTarget(target, {
    kind: format === "nwb" ? "nwb" : "trials",
    force: flags.force,
    named: flags.output !== undefined,
  });
  const request: TrialRequest = stimulus ? [stimulus] : {
    task,
    trials: flags.trials,
    conditions: flags.trial,
  };
  const modifications = modificationsOf(flags, model.network, seed);
  checkRecorded(given, modifications);
  const perturbations = { ...perturbationsOf(flags), modifications };
  const work: PlannedWork = {
    kind: flags.rate ? "train" : "simulate",
    units: unitCount(model.network),
    steps: stimulus?.columns ?? task.steps,
    trials: trialCount(request),
    times: 1,
  };
  const files = {
    model: await readFileOf(path),
    stimulus: flags.stimulus === undefined
      ? undefined
      : await readFileOf(flags.stimulus),
  };
  const simulated = (sink: CourseSink) =>
    interruptible(
      (interruption) =>
        withBackend(flags, work, {
          output,
          interruption,
          keep: { folder: dirname(path), write: false },
        }, (backend) => {
          const { initialWeights } = mappingOf(flags, model);
          const run = {
            ...perturbations,
            ...(flags.rate && { initialWeights }),
            seed,
            backend,
            signal: interruption.signal,
          };
          output.note(
            `simulating on ${backend.description}, seed ${seed}`,
          );
          const origin = { run, files, sink, mostBytes: mostBytesOf[format] };
          return flags.rate
            ? runRate(given, model, task, request, origin)
            : runSpiking(given, model, task, request, origin);
        }),
      { output, next: "nothing is written" },
    );
  const note = (remark: string) => output.note(remark);
  await makeFile(target, output, async () => {
    const total = trialCount(request);
    if (format === "npz") {
      return await throughPieces(place, note, async (pieces) => {
        const file = await simulated(new CourseFile(total, pieces));
        for (const [name, array] of Object.entries(arraysOf(file))) {
          await pieces.add(name, array);
        }
      });
    }
    const large = (bytes: number) => {
      if (bytes < longWriting) return;
      output.note(`writing ${target}: ${Math.round(bytes / 1e6)} MB`);
    };
    if (format === "mat") {
      const columns = new CourseColumns(total);
      const rest = await simulated(columns);
      large(columns.bytes + sizeOf(rest.arrays));
      const pieces = trialsMat(columns.taken(), rest);
      return await writeTarget(place, async (file) => {
        for (const piece of pieces) await writeAll(file, piece);
      }, note);
    }
    const memory = new CourseMemory(total);
    const rest = await simulated(memory);
    const arrays = { ...memory.arrays(), ...rest.arrays };
    large(sizeOf(arrays));
    const bytes = await trialsNwb({ ...rest, arrays }, session);
    return await writeTarget(place, bytes, note);
  });
}

/**
 * Says which recordings there are not.
 *
 * @throws {UsageError} for currents of weights that change in a trial
 */
function checkRecorded(
  { flags: { rate, record = [] }, output }: Given,
  modifications: readonly Modification[],
): void {
  const idle = record.filter((name) => name !== "rates");
  if (rate && idle.length > 0) {
    output.note(
      `--record ${idle.join(" ")}: no effect with --rate, states x and ` +
        "rates r are kept",
    );
  }
  if (
    !rate && record.includes("ei_currents") &&
    modifications.some(({ window }) => window !== undefined)
  ) {
    throw new UsageError(
      "Cannot record ei_currents while synapses change in a trial: they are " +
        "recomputed from the spikes with the same weights throughout; leave " +
        "out --window, or record currents",
    );
  }
}

/**
 * Writes a .npz file while it comes about.
 *
 * @returns the path that was written
 * @throws {ModelFileError} if it cannot be written; what else `fill` throws, as
 *   it is
 */
async function throughPieces(
  place: CheckedTarget,
  note: (remark: string) => void,
  fill: (pieces: NpzPieces) => Promise<void>,
): Promise<string> {
  let failed: { readonly error: unknown } | undefined;
  try {
    return await writeTarget(place, async (file) => {
      const pieces = new NpzPieces(file);
      try {
        await fill(pieces);
        await pieces.end();
      } catch (error) {
        if (!pieces.broken) failed = { error };
        throw error;
      }
    }, note);
  } catch (error) {
    throw failed ? failed.error : error;
  }
}

type Given = Invocation<typeof simulateFlags>;

/**
 * What an NWB file says beside the trials. Without a date of its own it is the
 * same file each time: dated as the model is.
 *
 * @throws {UsageError} for flags that do nothing with another format, or that
 *   cannot be
 */
function sessionOf(
  { flags, given, operands: [path] }: Given,
  { provenance }: Model,
): NwbSession {
  const { subject = basename(path).replace(/\.mat$/i, ""), session_start } =
    flags;
  const format = formatOf(targetOf(path, flags), flags.format);
  for (const name of ["subject", "session_start"]) {
    if (given.has(name) && format !== "nwb") {
      throw new UsageError(
        `Cannot use --${name} with a .${format} file: it is for --format nwb`,
      );
    }
  }
  if (subject === "" || /[/\\]/.test(subject)) {
    throw new UsageError(
      `Cannot use --subject ${JSON.stringify(subject)}: a name without / ` +
        "is needed",
    );
  }
  const start = session_start ?? provenance?.created ?? "2000-01-01T00:00:00Z";
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/i;
  if (!zoned.test(start) || Number.isNaN(Date.parse(start))) {
    throw new UsageError(
      `Cannot use --session_start ${
        JSON.stringify(start)
      }: allowed is a time ` +
        "with its zone, as in 2026-01-31T09:00:00Z",
    );
  }
  return { subject, start: start.replace(/Z$/i, "+00:00") };
}

/** How a simulation is run. */
type Run =
  & Pick<SimulateOptions, "seed" | "backend" | "signal" | "initialWeights">
  & Perturbations;

/** Bytes of recordings at most: what is held in memory, or what a .npz file holds. */
const mostBytesOf: Readonly<Record<TrialsFormat, number>> = {
  mat: 2 ** 30,
  nwb: 2 ** 29,
  npz: 3.9 * 2 ** 30,
};

/** Bytes from which packing and writing takes so long that it is said. */
const longWriting = 16e6;

/** What a file says of where its trials came from. */
interface Origin {
  readonly run: Run;
  readonly files: Pick<SimulationSettings, "model" | "stimulus">;
  /** Where stimuli, outputs and recordings go. */
  readonly sink: CourseSink;
  /** How large recordings may be. */
  readonly mostBytes: number;
}

function sizeOf(arrays: TrialsFile["arrays"]): number {
  return Object.values(arrays)
    .reduce((sum, { data }) => sum + data.byteLength, 0);
}

async function runSpiking(
  { flags, output }: Given,
  model: Model,
  task: Task,
  request: TrialRequest,
  { run, files, sink, mostBytes }: Origin,
): Promise<TrialsFile> {
  const mapping = mappingOf(flags, model);
  const spiking = await toSpiking(model, {
    ...mapping,
    scalingFactor: factorOf(flags, model),
    stepMs: task.stepMs,
  }, output);
  const total = trialCount(request);
  const steps = stepsPerRateStep(spiking) *
    (isTask(request) ? task.steps : request[0].columns - 1);
  const wanted = new Set(flags.record);
  if (wanted.size > 0 && flags.every > steps) {
    throw new UsageError(
      `Cannot record at every ${flags.every} steps: a trial has ${steps} ` +
        `steps of integration, allowed are 1 to ${steps}`,
    );
  }
  const recordings = wanted.size + Number(wanted.has("ei_currents"));
  const samples = recordings * unitCount(model.network) *
    Math.ceil(steps / flags.every);
  checkSize(total, 4 * (steps + samples), mostBytes);
  const every = (what: string) => wanted.has(what) ? flags.every : undefined;
  const counted = new Counted("simulate", "trials", output);
  const trialTask = isTask(request) ? task : undefined;
  const gatherer = new SpikingGatherer(
    spiking,
    sink,
    trialTask,
    wanted.has("ei_currents")
      ? {
        filter: synapticFilter(
          perturbedSpiking(spiking, run, trialTask).network,
        ),
        every: flags.every,
      }
      : undefined,
  );
  await asUsage(async () => {
    const trials = simulateEach(spiking, request, {
      ...run,
      record: {
        outputs: true,
        spikes: true,
        voltages: every("voltages"),
        currents: every("currents"),
        rates: every("rates"),
      },
    });
    let done = 0;
    for await (const trial of trials) {
      await gatherer.add(trial);
      counted.show(++done, total);
    }
  });
  output.endProgress();
  return fileOf({
    ...files,
    network: model.network,
    stepMs: task.stepMs,
    spiking,
    task: trialTask,
    run: { ...run, initialWeights: mapping.initialWeights },
    backend: run.backend!.name,
  }, [gatherer.fields(), mappingFields(spiking, flags.every)]);
}

async function runRate(
  { output }: Given,
  model: Model,
  task: Task,
  request: TrialRequest,
  { run, files, sink, mostBytes }: Origin,
): Promise<TrialsFile> {
  const steps = isTask(request) ? task.steps : request[0].columns;
  const total = trialCount(request);
  checkSize(total, 8 * steps * unitCount(model.network), mostBytes);
  const trialTask = isTask(request) ? task : undefined;
  const gatherer = new RateGatherer(model.network, sink, trialTask);
  const counted = new Counted("simulate", "trials", output);
  await asUsage(async () => {
    const trials = simulateRateEach(model.network, request, {
      ...run,
      stepMs: task.stepMs,
      record: { states: true, rates: true },
    });
    let done = 0;
    for await (const trial of trials) {
      await gatherer.add(trial);
      counted.show(++done, total);
    }
  });
  output.endProgress();
  return fileOf({
    ...files,
    network: model.network,
    stepMs: task.stepMs,
    task: trialTask,
    run,
    backend: run.backend!.name,
  }, [
    gatherer.fields(),
    { arrays: { step_ms: numberArray(task.stepMs) }, texts: {} },
  ]);
}

/** The file of a simulation. */
async function fileOf(
  settings: SimulationSettings & { readonly stepMs: number },
  parts: readonly Fields[],
): Promise<TrialsFile> {
  const { network, task, run, stepMs } = settings;
  const lesioned = run.lesion === undefined
    ? []
    : selectUnits(network, run.lesion);
  const kind = settings.spiking ? "spiking" : "rate";
  const { arrays, texts } = joined([
    ...parts,
    unitFields(network, { stepMs, lesioned }),
    ...(task ? [taskFields(task, kind)] : []),
  ]);
  return {
    arrays: {
      ...arrays,
      noise: noiseArray(run.noiseScale),
      seed: numberArray(run.seed),
    },
    texts,
    about: await aboutSimulation(settings),
  };
}

function checkSize(
  trials: number,
  bytesPerTrial: number,
  mostBytes: number,
): void {
  const bytes = trials * bytesPerTrial;
  if (bytes <= mostBytes) return;
  const gibibytes = (count: number) => Number((count / 2 ** 30).toFixed(1));
  const inPieces = bytes <= mostBytesOf.npz ? ", or write .npz" : "";
  throw new UsageError(
    `Cannot keep ${trials} trials: they would take ${gibibytes(bytes)} GiB, ` +
      `allowed is ${gibibytes(mostBytes)}; run fewer trials, record less, ` +
      `at a larger --every${inPieces}`,
  );
}

/** Strength of the noise: a number, or those that trials took in turn. */
function noiseArray(scale: NoiseScale = 1) {
  return typeof scale === "number" ? numberArray(scale) : rowArray(scale);
}
