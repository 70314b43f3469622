/** `map` without a terminal: searches the scaling factor of model files. */
import { pathOutside } from "../formats/archive_path.ts";
import { correspondence } from "../map/correspondence.ts";
import { convert } from "../spiking/convert.ts";
import { mappingOfSearch } from "../spiking/mapped.ts";
import { basename, dirname } from "node:path";
import { ModelFileError } from "../errors.ts";
import { type Mark, markOf, targetOf } from "../formats/atomic.ts";
import { type FolderLock, lockFolder } from "../formats/lock.ts";
import { writeModel } from "../formats/model_file.ts";
import type { Model, SearchRecord } from "../network/records.ts";
import type { NeuronModel } from "../network/spiking.ts";
import { chanceLevel } from "../simulate/chance.ts";
import type { Finding } from "../map/diagnosis_types.ts";
import { judgeSearch } from "../map/search_verdict.ts";
import { defaultFactors } from "../network/scaling_factor.ts";
import { unitCount } from "../network/geometry.ts";
import type { Task } from "../tasks/types.ts";
import { type PlannedWork, withBackend } from "./backend_choice.ts";
import { eachModel } from "./each_model.ts";
import { asUsage, FailureError } from "./errors.ts";
import {
  type Given,
  openState,
  searchFactors,
  triedText,
} from "./factor_search.ts";
import {
  interruptible,
  type Interruption,
  orInterrupted,
} from "./interrupt.ts";
import { modelFiles } from "./model_files.ts";
import type { Reporter } from "./reporter.ts";
import { drawSeed, prepareFolder } from "./resources.ts";
import { takenOut } from "./taken_out.ts";
import { keepState, removeSaved, removeState } from "./search_state.ts";
import {
  calibrates,
  calibrateSearch,
  checkCalibrates,
  idleCalibration,
} from "./calibration.ts";
import { layersText, searchLayers } from "./layer_factors.ts";
import { calibrationText, choiceText, searchTable } from "./search_text.ts";
import { askedOf, withLaterRun } from "./map_runs.ts";
import { checkAsSearched, mappingOf, toSpiking } from "./spiking_flags.ts";
import { searchedAs } from "./again.ts";
import { readModelFor, remarkOn } from "./model_remarks.ts";
import { openTaskOf, sayingTask } from "./task.ts";
import { unmetText } from "./unmet.ts";
import { openWatch, type Watch } from "./watch.ts";

/**
 * Searches the scaling factor of models, and writes it into their files.
 *
 * @param operands model files, or folders of them
 * @param given the settings of the search, and who hears of it
 * @throws {FailureError} if one of them cannot be mapped
 * @throws {InterruptedError} once it was asked to stop
 */
export async function mapModels(
  operands: readonly string[],
  given: Given,
): Promise<void> {
  const { output } = given;
  for (const remark of idleCalibration(given.flags)) output.note(remark);
  const models = await takenOut(await modelFiles(operands), output);
  const watch = await openWatch(given.flags, output);
  await interruptible(async (interruption) => {
    watch.attach(interruption);
    await eachModel(
      models,
      "map",
      output,
      (path) =>
        orInterrupted(
          `before ${path} was written: run the same command to go on`,
          () => mapOne(path, given, interruption, watch),
        ),
    );
  }, {
    output,
    next: "the factors tried so far are kept",
  }).finally(() => watch.close());
}

async function mapOne(
  path: string,
  given: Given,
  interruption: Interruption,
  watch: Watch,
): Promise<void> {
  const { flags, output } = given;
  const before = await markOf(path);
  const model = await readModelFor(path, output);
  const unmet = unmetText(model);
  if (unmet) output.note(`${path}: ${unmet}`);
  const perLayer = flags.factor_per_layer && model.network.layers.length > 1;
  if (flags.factor_per_layer && !perLayer) {
    output.note(`${path}: has one layer, and so one scaling factor`);
  }
  if (model.search && !flags.force) {
    await removeSaved(path, model.search, output);
  }
  const more = calibrates(flags) || perLayer && !model.search?.layers;
  if (model.search && !flags.force && more) {
    await calibrateSearched(path, model, model.search, {
      given,
      interruption,
      watch,
      before,
    });
    return;
  }
  if (model.search && !flags.force) {
    output.result(
      `${path}: searched already, factor ${model.search.chosen} ` +
        "(--force searches again)",
    );
    output.event({ kind: "skipped", path, chosen: model.search.chosen });
    return;
  }
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  // The old search is not what a new one takes its models from.
  const mapping = mappingOf(flags, { ...model, search: undefined });
  // Whatever is wrong with it is said before anything is computed.
  const { stepMs } = task;
  const factors = flags.factors ?? defaultFactors(model.network.activation);
  const [scalingFactor] = factors;
  const { neuron } = await toSpiking(
    model,
    { ...mapping, stepMs, scalingFactor },
    output,
  );
  await checkCalibrates(flags, neuron, task);
  const state = await openState(path, model, task, given, mapping);
  if (state.tried.length > 0) {
    output.note(
      `${path}: going on with an interrupted search, ` +
        `${triedText(state.tried)} are known`,
    );
  }
  await prepareFolders(path);
  await using _lock = await lockModel(path, before, output);
  // A graphics card takes the whole grid in one go.
  const work = plannedWork(model, task, flags.trials * factors.length);
  await using watched = await watch.run(`map_${nameOf(path)}`, path);
  const search = await withBackend(
    flags,
    work,
    { output, interruption, keep: { folder: dirname(path), write: true } },
    (backend) => {
      output.note(
        `mapping ${path} on ${backend.description}, seed ${state.seed}`,
      );
      const setup = { given, mapping, state, backend, interruption, watched };
      return asUsage(async () => {
        const { search: found, state: searched } = await searchFactors(
          path,
          model,
          task,
          setup,
        );
        const all = await searchOn(model, found, task, {
          given,
          seed: state.seed,
          backend,
          interruption,
          resume: state.layers,
          keep: (layers) => keepState(path, { ...searched, layers }, output),
          watched,
        });
        const run = askedOf(flags, state.seed, backend, {
          ...searchedAs(found),
          factors,
        });
        return { ...all, runs: [run] };
      });
    },
  );
  const judged = judgeSearch(
    search,
    await chanceLevel(task),
    model.network.activation,
  );
  const written = judged.works || flags.write_anyway === true;
  if (written) {
    await writeModel(path, {
      ...await sayingTask(model, task, flags),
      search,
    });
    await watched.saved(path);
    await removeState(path, output);
  }
  output.result(path);
  for (const line of searchTable(search)) output.result(line);
  for (const { factor, message } of search.failures ?? []) {
    output.problem(`factor ${factor}: ${message}`);
  }
  for (const line of choiceText(search)) output.result(line);
  for (const line of layersText(search)) output.result(line);
  for (const line of calibrationText(search)) output.result(line);
  tellFindings(path, judged.findings, output);
  if (!written) {
    throw new FailureError(
      `Cannot map ${path}: no factor works, nothing was written` +
        (model.search
          ? ` (its earlier factor ${model.search.chosen} stays)`
          : "") +
        "; --write_anyway writes the best one nevertheless",
    );
  }
  output.saved(path);
  if (search.failures?.length) {
    throw new FailureError(
      `Cannot try ${search.failures.length} of the factors to their end, ` +
        "the others were searched and saved",
    );
  }
}

/**
 * Half an hour's search must not end at a folder that is read-only: the model's,
 * and that of the file which it is a link to.
 */
async function prepareFolders(path: string): Promise<void> {
  const folders = [path, await targetOf(path)].map((file) => dirname(file));
  for (const folder of new Set(folders)) await prepareFolder(folder);
}

/**
 * One process at a time maps a model: the result of the other one would be lost.
 *
 * @param before the mark of the file that was read
 * @throws {FailureError} if another process maps it, or has just done so
 */
async function lockModel(
  path: string,
  before: Mark | undefined,
  output: Reporter,
): Promise<FolderLock> {
  const file = await targetOf(path);
  let lock: FolderLock;
  try {
    lock = await lockFolder(dirname(file), {
      only: { file: basename(file), verb: "map" },
      warn: (message) => output.note(message),
    });
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    throw new FailureError(error.message, { cause: error });
  }
  if (JSON.stringify(await markOf(path)) === JSON.stringify(before)) {
    return lock;
  }
  await lock.release();
  throw new FailureError(
    `Cannot map ${path}: another run has just written it; see what it holds`,
  );
}

/** Trials of a model's spiking twin, that many times. */
function plannedWork(
  model: Model,
  task: Task,
  trials: number,
  times = 1,
): PlannedWork {
  const units = unitCount(model.network);
  return { kind: "simulate", units, steps: task.steps, trials, times };
}

function nameOf(path: string): string {
  return basename(pathOutside(path)).replace(/\.mat$/i, "");
}

/** What comes after the search over one factor: one for each layer, calibration. */
async function searchOn(
  model: Model,
  searched: SearchRecord,
  task: Task,
  setup:
    & Parameters<typeof calibrateSearch>[3]
    & Parameters<typeof searchLayers>[3]
    & { readonly given: Given },
): Promise<SearchRecord> {
  const { flags } = setup.given;
  const perLayer = flags.factor_per_layer && model.network.layers.length > 1;
  const chosen = perLayer
    ? await searchLayers(model, searched, task, setup)
    : searched;
  const found = {
    ...chosen,
    correspondence: await correspondence(
      convert(model.network, {
        ...mappingOfSearch(
          { ...chosen, calibration: undefined },
          model.initial,
        ),
        stepMs: task.stepMs,
      }),
      task,
      {
        seed: setup.seed,
        backend: setup.backend,
        signal: setup.interruption.signal,
      },
    ),
  };
  return calibrates(flags)
    ? await calibrateSearch(model, found, task, setup)
    : found;
}

/** Goes on at the factor that an earlier search chose. */
async function calibrateSearched(
  path: string,
  model: Model,
  searched: SearchRecord,
  { given, interruption, watch, before }: {
    given: Given;
    interruption: Interruption;
    watch: Watch;
    before: Mark | undefined;
  },
): Promise<void> {
  const { flags, output } = given;
  await checkAsSearched(path, { ...model, search: searched }, flags);
  const searchedNeuron = searched.settings.neuron as NeuronModel | undefined;
  using opened = await openTaskOf(
    model,
    flags,
    (remark) => remarkOn(path, output, remark),
  );
  const { task } = opened;
  await checkCalibrates(flags, searchedNeuron ?? { name: "lif" }, task);
  const seed = flags.seed ?? drawSeed();
  await prepareFolders(path);
  await using _lock = await lockModel(path, before, output);
  const times = 2 + flags.calibrate_iterations +
    Number(flags.factor_per_layer) * 12;
  const work = plannedWork(model, task, flags.trials, times);
  await using watched = await watch.run(`calibrate_${nameOf(path)}`, path);
  const search = await withBackend(
    flags,
    work,
    { output, interruption, keep: { folder: dirname(path), write: true } },
    (backend) => {
      output.note(
        `${
          calibrates(flags) ? "calibrating" : "searching on from"
        } ${path} at factor ${searched.chosen} on ` +
          `${backend.description}, seed ${seed}`,
      );
      const setup = { given, seed, backend, interruption, watched };
      return asUsage(async () =>
        withLaterRun(
          await searchOn(model, searched, task, setup),
          askedOf(flags, seed, backend),
        )
      );
    },
  );
  await writeModel(path, {
    ...await sayingTask(model, task, flags),
    search,
  });
  await watched.saved(path);
  output.result(path);
  for (const line of layersText(search)) output.result(line);
  for (const line of calibrationText(search)) output.result(line);
  const { findings } = judgeSearch(
    search,
    await chanceLevel(task),
    model.network.activation,
  );
  tellFindings(path, findings, output);
  output.saved(path);
}

/** Says what to know of a mapping before it is used. */
function tellFindings(
  path: string,
  findings: readonly Finding[],
  output: Reporter,
): void {
  for (const { code, severity, message, numbers, advice } of findings) {
    output.note(`${severity}: ${message}; advice: ${advice}`);
    output.event({
      ...{ kind: "warning", path, code, severity, message, numbers, advice },
    });
  }
}
