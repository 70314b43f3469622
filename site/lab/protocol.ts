/**
 * What the page and its worker say to each other. The tables are both the types
 * and the checks: a message that does not fit is refused where it arrives.
 */
import { type Change, isChange, mostChanges } from "./changes.ts";
import { isSettings } from "./settings.ts";

type Check<T> = (value: unknown) => value is T;
type Fields = Readonly<Record<string, Check<unknown>>>;
type Message<Table extends Readonly<Record<string, Fields>>> = {
  [K in keyof Table]:
    & { readonly kind: K }
    & {
      readonly [F in keyof Table[K]]: Table[K][F] extends Check<infer T> ? T
        : never;
    };
}[keyof Table];

const isNumber: Check<number> = (value) => typeof value === "number";
const isCount: Check<number> = (value): value is number =>
  Number.isSafeInteger(value) && value as number >= 0;
const isText: Check<string> = (value) => typeof value === "string";
const isFlag: Check<boolean> = (value) => typeof value === "boolean";
const isBytes: Check<Uint8Array<ArrayBuffer>> = (
  value,
): value is Uint8Array<ArrayBuffer> => value instanceof Uint8Array;
const isInt8: Check<Int8Array> = (value) => value instanceof Int8Array;
const isFloats: Check<Float32Array> = (value) => value instanceof Float32Array;
const isWhole: Check<Uint32Array> = (value) => value instanceof Uint32Array;
const isTexts: Check<readonly string[]> = (value): value is string[] =>
  Array.isArray(value) && value.every(isText);
const isChanges: Check<readonly Change[]> = (value): value is Change[] =>
  Array.isArray(value) && value.length <= mostChanges &&
  value.every((one) => typeof one === "object" && one && isChange(one));
const isTiming: Check<Readonly<Record<string, number>>> = (
  value,
): value is Record<string, number> =>
  typeof value === "object" && value !== null &&
  Object.values(value).every(isCount);
const orNone = <T>(check: Check<T>): Check<T | undefined> =>
(
  value,
): value is T | undefined => value === undefined || check(value);
const listOf =
  <T>(fields: Fields): Check<readonly T[]> => (value): value is T[] =>
    Array.isArray(value) &&
    value.every((one) =>
      typeof one === "object" && one !== null && fits(one, fields)
    );

/** A share with its 95 % interval. */
export interface Share {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly trials: number;
}

const shareFields = {
  value: isNumber,
  low: isNumber,
  high: isNumber,
  trials: isCount,
};
const isShare: Check<Share> = (value): value is Share =>
  typeof value === "object" && value !== null && fits(value, shareFields);

/** Units of one kind, for drawing them in order. */
export interface Population {
  readonly type: string;
  readonly units: readonly number[];
}
const populationFields = {
  type: isText,
  units: (value: unknown): value is number[] =>
    Array.isArray(value) && value.every(isCount),
};

/** A stimulus as it is asked for. */
const stimulusFields = {
  condition: isText,
  /** Steps; the task's own if left out. */
  delay: orNone(isCount),
  noise: isNumber,
  amplitude: isNumber,
  /** Which of the condition's trials. */
  trial: isCount,
};
/** What is shown to the networks. */
export interface Stimulus {
  readonly condition: string;
  readonly delay?: number;
  readonly noise: number;
  readonly amplitude: number;
  readonly trial: number;
}
const isStimulus: Check<Stimulus> = (value): value is Stimulus =>
  typeof value === "object" && value !== null && fits(value, stimulusFields);

/** What the page asks of the worker. */
const asks = {
  /** `gpu`: on the graphics card, if there is one that is faster at it. */
  train: { settings: isSettings, gpu: isFlag },
  pause: {},
  resume: {},
  step: {},
  stop: {},
  /** Stops what is computed, whatever it is; what is there stays. */
  cancel: {},
  map: { trials: isCount },
  tune: {},
  play: { number: isCount, stimulus: isStimulus, changes: isChanges },
  accuracy: {
    number: isCount,
    stimulus: isStimulus,
    changes: isChanges,
    trials: isCount,
  },
  look: { analyses: isTexts },
  open: { name: isText, bytes: isBytes },
  save: {},
} satisfies Record<string, Fields>;

/** A message from the page to the worker. */
export type Ask = Message<typeof asks>;

const exampleFields = {
  condition: isText,
  inputs: isFloats,
  target: isFloats,
  output: isFloats,
};

/** One trial of both networks. */
const trialFields = {
  durationMs: isNumber,
  stepMs: isNumber,
  columns: isCount,
  rates: isBytes,
  mostRate: isNumber,
  spikeTimes: isFloats,
  spikeUnits: isWhole,
  /** Outputs of the spiking network, evenly over the trial; none without one. */
  spiking: isFloats,
  /** What each network did, in words. */
  right: isTexts,
  ...exampleFields,
};

/** What the worker tells the page. */
const tells = {
  ready: { version: isText, backend: isText },
  started: { task: isText, units: isCount, updates: isCount },
  trained: { update: isCount, losses: isFloats },
  evaluated: {
    update: isCount,
    loss: isNumber,
    strict: isNumber,
    paper: isNumber,
    noiseLevel: isNumber,
    lesson: orNone(isCount),
  },
  /** The network as it stands, while it learns. */
  snapshot: {
    update: isCount,
    units: isCount,
    weights: isInt8,
    most: isNumber,
    rates: isBytes,
    mostRate: isNumber,
    ...exampleFields,
  },
  paused: { update: isCount },
  stopped: {
    update: isCount,
    reason: isText,
    met: isFlag,
    seconds: isNumber,
  },
  /** The network there is; told whenever it is another one, or mapped. */
  network: {
    /** `trained`, or the name of a file. */
    from: isText,
    task: isText,
    timing: isTiming,
    units: isCount,
    populations: listOf<Population>(populationFields),
    hash: isText,
    factor: isText,
    tuned: isFlag,
    about: isTexts,
  },
  factor: {
    factor: isNumber,
    done: isCount,
    total: isCount,
    strict: orNone(isShare),
    paper: orNone(isShare),
    error: orNone(isText),
  },
  mapped: {
    chosen: isNumber,
    factors: isFloats,
    strict: isFloats,
    seconds: isNumber,
    trials: isCount,
    words: isTexts,
  },
  tuning: {
    step: isText,
    done: isCount,
    total: isCount,
    loss: orNone(isNumber),
  },
  tuned: { words: isTexts, kept: isFlag },
  /** A trial with a scaling factor, always the same one. */
  twin: { factor: isText, tuned: isFlag, ...trialFields },
  played: { number: isCount, milliseconds: isNumber, ...trialFields },
  accuracy: {
    number: isCount,
    network: isText,
    intact: isShare,
    changed: isShare,
    p: isNumber,
    milliseconds: isNumber,
    last: isFlag,
  },
  working: { doing: isText, done: isNumber, total: isNumber },
  looked: {
    name: isText,
    title: isText,
    description: isText,
    svg: isText,
    words: isTexts,
  },
  leftOut: { name: isText, reason: isText },
  lookedAll: {},
  saved: { name: isText, bytes: isBytes },
  note: { message: isText },
  cancelled: { doing: isText },
  failed: { doing: isText, message: isText },
} satisfies Record<string, Fields>;

/** A message from the worker to the page. */
export type Tell = Message<typeof tells>;

/** One trial of both networks, as it is told. */
export type PlayedTrial = Omit<Told<"twin">, "kind" | "factor" | "tuned">;

/** One kind of what the worker tells. */
export type Told<K extends Tell["kind"]> = Extract<Tell, { readonly kind: K }>;

function fits(value: object, fields: Fields): boolean {
  return Object.entries(fields).every(([name, check]) =>
    check((value as Record<string, unknown>)[name])
  );
}

function read<Table extends Readonly<Record<string, Fields>>>(
  table: Table,
  who: string,
  data: unknown,
): Message<Table> {
  const kind = (data as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== "string" || !Object.hasOwn(table, kind)) {
    throw new TypeError(
      `Cannot read a message of the ${who}: its kind is ${
        JSON.stringify(kind)
      }, allowed are ${Object.keys(table).join(", ")}`,
    );
  }
  const wrong = Object.entries(table[kind]).find(([name, check]) =>
    !check((data as Record<string, unknown>)[name])
  );
  if (wrong) {
    throw new TypeError(
      `Cannot read a message "${kind}" of the ${who}: its field ` +
        `"${wrong[0]}" is not what it has to be`,
    );
  }
  return data as Message<Table>;
}

/**
 * A message of the page, checked.
 *
 * @throws {TypeError} naming the kind or the field that does not fit
 */
export function readAsk(data: unknown): Ask {
  return read(asks, "page", data) as Ask;
}

/**
 * A message of the worker, checked.
 *
 * @throws {TypeError} naming the kind or the field that does not fit
 */
export function readTell(data: unknown): Tell {
  return read(tells, "worker", data) as Tell;
}
