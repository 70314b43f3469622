/**
 * The model file: a MATLAB level 5 file with the fields of the original
 * implementation, so that scripts written for its files run on ours, and ours
 * on its files. See docs/reference/model-file.md for the fields.
 */
import { ModelFileError } from "../errors.ts";
import { checkNotArchived, readArchived, refuseArchive } from "./archive.ts";
import { archivedModel, isArchive } from "./archive_path.ts";
import { fileTrouble, writeAtomic, writeFree } from "./atomic.ts";
import {
  fileError,
  fileProblem,
  files,
  mayReadHere,
} from "../platform/files.ts";
import { dirname, resolve } from "../platform/paths.ts";
import { decodeMat, type DecodeOptions } from "../mat5/reader.ts";
import type { MatValue } from "../mat5/types.ts";
import { encodeMat } from "../mat5/writer.ts";
import { Fields } from "./model/fields.ts";
import { formsOf, restoreForms } from "./model/form.ts";
import { unstacked, unwrapped, wrapped } from "./model/layout.ts";
import { decodeProvenance, decodeTask, encodeNotes } from "./model/notes.ts";
import { decodeInitialNetwork, decodeNetwork } from "./model/read_network.ts";
import { decodeOutcome, encodeOutcome } from "./model/outcome.ts";
import {
  decodeSearch,
  encodeSearch,
  isSearchField,
  recordField,
} from "./model/search.ts";
import { encodeSpiking, isSpikingField } from "./model/spiking.ts";
import { taskOfName } from "./model/steps.ts";
import {
  decodeTraining,
  decodeTrial,
  encodeTraining,
  encodeTrial,
} from "./model/training.ts";
import { encodeInitialNetwork, encodeNetwork } from "./model/write_network.ts";
import { taskOfPath } from "./model_path.ts";
import type { Model } from "../network/records.ts";

/** Largest file that is read, in bytes: 2 GiB. */
const maxFileLength = 2 ** 31;

/** What a model's path says if its file does not. */
interface Hints {
  readonly task?: string;
  readonly dale?: boolean;
}

/**
 * Reads a model from the bytes of its file.
 *
 * Files by the original implementation are read as well. These do not say their
 * task or the readout before training (NaN in `initial`). Unknown fields are
 * kept in `extra`. So are fields that only record how training or a search
 * went, if their content is not valid: `remarks` names them, and everything
 * else that is unusual.
 *
 * @throws {ModelFileError} if the bytes are not a MATLAB level 5 file, or a
 * field that the network needs is missing or has a wrong shape or value; the
 * message names the field
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { decodeModel, encodeModel } from "@spikernn/spikernn/files";
 * const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
 * const { network: again } = decodeModel(encodeModel({ network }));
 * assert(again.layers[0].weights[7] === network.layers[0].weights[7]);
 * ```
 */
export function decodeModel(
  bytes: Uint8Array,
  options: DecodeOptions = {},
): Model {
  return decodeWithHints(bytes, {}, options);
}

function decodeWithHints(
  bytes: Uint8Array,
  hints: Hints,
  options: DecodeOptions,
): Model {
  const remarks: string[] = [];
  const onRemark = (remark: string) => {
    remarks.push(remark);
    options.onRemark?.(remark);
  };
  const file = unwrapped(decodeMat(bytes, { ...options, onRemark }));
  const stack = unstacked(file.fields);
  if (file.inside) {
    remarks.push(`all fields are in the structure "${file.inside.name}"`);
  }
  remarks.push(...stack?.remarks ?? []);
  const fields = new Fields(file.fields, stack?.derived);
  const network = decodeNetwork(fields, hints.dale);
  const model: Model = {
    network,
    initial: decodeInitialNetwork(fields, network),
    task: decodeTask(fields),
    training: trainingOf(fields),
    trial: decodeTrial(fields, network),
    search: decodeSearch(fields, network),
    provenance: decodeProvenance(fields),
  };
  remarks.push(...fields.remarks());
  const written = fieldsOf(model);
  const rest = fields.rest();
  // What says nothing to the model would not be written either.
  const extra = new Map(
    [...file.fields].filter(([field]) =>
      !isSpikingField(field) && (rest.has(field) || !written.has(field))
    ),
  );
  const read = present({ ...model, extra: extra.size > 0 ? extra : undefined });
  const forms = formsOf(file.fields, written);
  return present({
    ...read,
    task: model.task ?? taskOfName(hints.task, read),
    remarks: remarks.length > 0 ? remarks : undefined,
    form: forms.size > 0 || file.inside
      ? { fields: forms, ...(file.inside && { inside: file.inside }) }
      : undefined,
  });
}

function trainingOf(fields: Fields): Model["training"] {
  const training = decodeTraining(fields);
  const outcome = decodeOutcome(fields);
  return training && outcome ? { ...training, outcome } : training;
}

/** A model without what is undefined. */
function present(model: Model): Model {
  return Object.fromEntries(
    Object.entries(model).filter(([, part]) => part !== undefined),
  ) as unknown as Model;
}

/**
 * Writes a model as the bytes of its file. The same model gives the same bytes.
 * Fields that a file held in another form (`form`) keep that form as long as
 * their values are the same.
 *
 * @throws {TypeError} if arrays do not fit together
 * @throws {RangeError} if a parameter of the network is not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { createNetwork, randomStream } from "@spikernn/spikernn";
 * import { encodeModel } from "@spikernn/spikernn/files";
 * const network = createNetwork({ channels: 1, units: 20 }, randomStream(1));
 * const bytes = encodeModel({ network });
 * assert(new TextDecoder().decode(bytes.subarray(0, 10)) === "MATLAB 5.0");
 * ```
 */
export function encodeModel(model: Model): Uint8Array<ArrayBuffer> {
  const { search, extra, form } = model;
  const fields = fieldsOf(model);
  if (form) restoreForms(fields, form.fields);
  // Nothing of an earlier search stays beside a new one.
  const searchedAnew = search !== undefined &&
    fields.get(recordField) !== form?.fields.get(recordField)?.read;
  for (const [field, value] of extra ?? []) {
    if (fields.has(field) || searchedAnew && isSearchField(field)) continue;
    fields.set(field, value);
  }
  encodeSpiking(fields, model);
  return encodeMat(form?.inside ? wrapped(fields, form.inside) : fields);
}

/** The fields of a model, as they are written. */
function fieldsOf(model: Model): Map<string, MatValue> {
  const { network, initial, training, trial, search } = model;
  const fields = new Map<string, MatValue>();
  if (trial) encodeTrial(fields, trial, network);
  if (initial) encodeInitialNetwork(fields, initial, network);
  encodeNetwork(fields, network);
  if (training) encodeTraining(fields, training);
  encodeOutcome(fields, training?.outcome);
  if (search) encodeSearch(fields, search, network);
  encodeNotes(fields, model);
  return fields;
}

/**
 * Reads a model file, or a model in an archive (`models/0001.zip#NAME`). If the
 * file does not say its task or whether Dale's principle holds, its name and
 * folders do (`Task_xor_N_…`, `models/xor`, `NoDale`).
 *
 * Needs read permission for the file.
 *
 * @throws {ModelFileError} if the file cannot be read, or is not a valid model
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork,
 *   randomStream,
 *   readModel,
 *   writeModel,
 * } from "@spikernn/spikernn";
 * const path = `${await Deno.makeTempDir()}/Task_xor_N_20_Taus_4.0_20.0.mat`;
 * const network = createNetwork({ channels: 2, units: 20 }, randomStream(1));
 * await writeModel(path, { network });
 * const model = await readModel(path);
 * assert(model.task?.name === "xor");
 * ```
 */
export async function readModel(
  path: string,
  options: DecodeOptions = {},
): Promise<Model> {
  const shown = JSON.stringify(path);
  const bytes = await modelBytes(path);
  const whole = wholePath(path);
  const task = taskOfPath(whole);
  const noDale = /(^|[\\/])NoDale[\\/]/.test(whole);
  try {
    return decodeWithHints(
      bytes,
      { task, ...(noDale && { dale: false }) },
      options,
    );
  } catch (error) {
    if (!(error instanceof ModelFileError)) throw error;
    throw new ModelFileError(`${error.message} (in ${shown})`, {
      cause: error,
    });
  }
}

/**
 * The bytes of a model's file, also of one in an archive.
 *
 * @throws {ModelFileError} if it cannot be read
 */
export async function modelBytes(path: string): Promise<Uint8Array> {
  const archived = archivedModel(path);
  if (archived) return await readArchived(archived);
  if (isArchive(path)) await refuseArchive(path);
  try {
    const { isFile, isDirectory, size } = await files.stat(path);
    if (isDirectory) throw fileError("IsADirectory", "is a folder");
    if (!isFile) throw new Error("it is not a file");
    if (size > maxFileLength) {
      throw new Error(
        `it has ${size} bytes, allowed are ${maxFileLength}`,
      );
    }
    return await files.readFile(path);
  } catch (error) {
    throw new ModelFileError(
      `Cannot read ${JSON.stringify(path)}: ${fileTrouble(error)}`,
      { cause: error },
    );
  }
}

/** A path with the folders above the current one, if they may be known. */
function wholePath(path: string): string {
  return mayReadHere() ? resolve(path) : path;
}

/**
 * Writes a model file completely or not at all, and makes the folders that it
 * goes into. An existing file is replaced, and keeps its permissions. If the
 * path is a symbolic link, its target is written.
 *
 * Needs read and write permission for the folder.
 *
 * @throws {ModelFileError} if the file cannot be written; an old one stays as
 * it was
 * @throws {TypeError} if arrays do not fit together
 * @throws {RangeError} if a parameter of the network is not finite
 *
 * @example
 * ```ts
 * import { createNetwork, randomStream, writeModel } from "@spikernn/spikernn";
 * import { modelPath } from "@spikernn/spikernn/files";
 * const network = createNetwork({ channels: 2, units: 20 }, randomStream(1));
 * const path = modelPath({
 *   outputDir: await Deno.makeTempDir(),
 *   task: "xor",
 *   dale: true,
 *   connectionProbability: 0.2,
 *   taus: [4, 20],
 *   sizes: [20],
 *   activation: "sigmoid",
 *   time: new Date(),
 * });
 * await writeModel(path, { network, task: { name: "xor", timing: {} } });
 * ```
 */
export async function writeModel(path: string, model: Model): Promise<void> {
  checkNotArchived(path);
  const bytes = encodeModel(model);
  await makeFolderOf(path);
  await writeAtomic(path, bytes, { follow: true });
}

/**
 * Writes a model into a new file, completely or not at all, and makes the
 * folders that it goes into. If the name is taken, the file gets `_2`, `_3`, …
 * before its ending. Processes that write at the same time each get a name of
 * their own.
 *
 * Needs read and write permission for the folder.
 *
 * @returns the path that was written
 * @throws {ModelFileError} if the file cannot be written
 * @throws {TypeError} if arrays do not fit together
 * @throws {RangeError} if a parameter of the network is not finite
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import {
 *   createNetwork,
 *   randomStream,
 *   writeNewModel,
 * } from "@spikernn/spikernn";
 * const network = createNetwork({ channels: 2, units: 20 }, randomStream(1));
 * const path = `${await Deno.makeTempDir()}/a.mat`;
 * assert(await writeNewModel(path, { network }) === path);
 * assert((await writeNewModel(path, { network })).endsWith("/a_2.mat"));
 * ```
 */
export async function writeNewModel(
  path: string,
  model: Model,
): Promise<string> {
  const bytes = encodeModel(model);
  await makeFolderOf(path);
  return await writeFree(path, bytes);
}

async function makeFolderOf(path: string): Promise<void> {
  const folder = dirname(path);
  try {
    await files.mkdir(folder, { recursive: true });
  } catch (error) {
    throw new ModelFileError(
      `Cannot make the folder ${JSON.stringify(folder)}: ${
        fileProblem(error) === "AlreadyExists"
          ? "a file of that name is in the way"
          : fileTrouble(error)
      }`,
      { cause: error },
    );
  }
}
