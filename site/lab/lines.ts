/** What does the same elsewhere: lines for a shell, a program and Python. */
import { type Change, perturbationsOf } from "./changes.ts";
import { type LabSettings, settingNames, usualSettings } from "./settings.ts";

/** How a tuning in the page goes: shorter than the command line's usual one. */
export const tuneFlags = { tune_rounds: 1, tune_updates: 200 } as const;

/** What was done in the page. */
export interface Done {
  readonly settings: LabSettings;
  /** Trials of each factor, if it was mapped. */
  readonly mapped?: number;
  readonly tuned: boolean;
  readonly changes: readonly Change[];
}

/** Lines of three languages. */
export interface Lines {
  readonly shell: string;
  readonly typescript: string;
  readonly python: string;
}

/** The lines for what was done. */
export function linesOf(done: Done): Lines {
  return {
    shell: shellOf(done),
    typescript: typescriptOf(done),
    python: pythonOf(done),
  };
}

/** Settings that the command line does not have by itself, and what names a run. */
function toldSettings(settings: LabSettings) {
  return settingNames.filter((name) =>
    ["task", "N", "seed"].includes(name) ||
    String(settings[name]) !== String(usualSettings[name])
  );
}

function shellOf({ settings, mapped, tuned, changes }: Done): string {
  const file = `${settings.task}.mat`;
  const words = toldSettings(settings).map((name) =>
    `--${name} ${[settings[name]].flat().join(" ")}`
  );
  const lines = [`spikernn train ${words.join(" ")} --output ${file}`];
  if (mapped !== undefined) {
    lines.push(
      `spikernn map ${file} --seed ${settings.seed} --trials ${mapped}`,
    );
  }
  if (tuned) {
    const { tune_rounds, tune_updates } = tuneFlags;
    lines.push(
      `spikernn map ${file} --seed ${settings.seed} --calibrate tune ` +
        `--tune_rounds ${tune_rounds} --tune_updates ${tune_updates}`,
    );
  }
  lines.push(`spikernn info ${file}`);
  const flags = changeFlags(changes);
  if (flags) {
    const told = Object.entries(flags)
      .map(([name, value]) => `--${name} ${[value].flat().join(" ")}`);
    lines.push(
      `spikernn simulate ${file} --seed ${settings.seed} --trials 100 ` +
        told.join(" "),
    );
  } else if (changes.length > 0) {
    lines.push(
      "# The command line takes one change of synapses between classes at a " +
        "time: the program in TypeScript does all of them.",
    );
  }
  return lines.join("\n");
}

/** Flags of `simulate`; none if it cannot do the changes, or there are none. */
function changeFlags(
  changes: readonly Change[],
): Readonly<Record<string, unknown>> | undefined {
  const { lesion, modifications = [], stimulation = [] } = perturbationsOf(
    changes,
  );
  const pushes = [stimulation].flat();
  const classes = (units: unknown) => typeof units === "string";
  const fits = changes.length > 0 && modifications.length <= 1 &&
    pushes.length <= 1 &&
    modifications.every(({ from, to }) => classes(from) && classes(to));
  if (!fits) return undefined;
  const flags: Record<string, unknown> = {};
  if (lesion) flags.lesion = lesion;
  for (const { from, to, amount, window } of modifications) {
    Object.assign(flags, { from, to, scale: amount });
    if (typeof window === "object") flags.window = spanText(window);
  }
  for (const { kind, units, window } of pushes) {
    Object.assign(flags, {
      stim: kind,
      stim_units: units,
      stim_window: spanText(window),
    });
  }
  return flags;
}

const spanText = ({ from, to }: { from: number; to: number }) =>
  `${from}:${to}`;

function typescriptOf({ settings, mapped, tuned, changes }: Done): string {
  const { task, N, seed, preset } = settings;
  const asked = toldSettings(settings);
  const network = [
    ...(asked.includes("P_inh") ? [`inhibitory: ${settings.P_inh}`] : []),
    ...(asked.includes("act")
      ? [`activation: ${JSON.stringify(settings.act)}`]
      : []),
    ...(asked.includes("decay_taus")
      ? [`taus: [${settings.decay_taus.join(", ")}]`]
      : []),
  ].map((part) => `, ${part}`).join("");
  const updates = asked.includes("n_trials")
    ? `, updates: ${settings.n_trials}`
    : "";
  const names = [
    ...(tuned ? ["calibrate"] : []),
    "createNetwork",
    ...(changes.length > 0 ? ["evaluatePerturbed"] : []),
    "finished",
    "getTask",
    ...(mapped !== undefined ? ["mappedNetwork"] : []),
    "presets",
    "randomStream",
    ...(mapped !== undefined ? ["searchScalingFactor"] : []),
    "shorterDelays",
    "train",
    "weightsHash",
  ];
  const lines = [
    `import {\n  ${names.join(", ")},\n} from "jsr:@spikernn/spikernn/web";`,
    "",
    `const task = getTask(${JSON.stringify(task)});`,
    `const { network, training, delays } = presets.${preset};`,
    "const start = createNetwork(",
    `  { channels: task.channels.length, units: ${N}, ...network${network} },`,
    `  randomStream(${seed}).fork("network"),`,
    ");",
    "const { model } = await finished(train(start, task, {",
    `  ...training, seed: ${seed}${updates},`,
    "  curriculum: shorterDelays(task, delays)",
    "    .map((timing) => getTask(task.name, timing)),",
    "}));",
    "console.log(await weightsHash(model.network));",
  ];
  if (mapped !== undefined) {
    lines.push(
      "const { search } = await finished(searchScalingFactor(model.network, " +
        "task, {",
      `  seed: ${seed}, trials: ${mapped},`,
      "}));",
      `${
        tuned ? "let" : "const"
      } spiking = mappedNetwork({ ...model, search });`,
    );
  }
  if (tuned) {
    const { tune_rounds: rounds, tune_updates: updates } = tuneFlags;
    lines.push(
      "const { record } = await finished(calibrate(spiking, task, {",
      `  seed: ${seed}, steps: ["tune"], ` +
        `tune: { rounds: ${rounds}, updates: ${updates} },`,
      "}));",
      "spiking = mappedNetwork({",
      "  ...model, search: { ...search, calibration: record },",
      "});",
    );
  }
  if (changes.length > 0) {
    const of = mapped === undefined ? "model.network" : "spiking";
    lines.push(
      "const { intact, effects } = await finished(",
      `  evaluatePerturbed(${of}, task, [`,
      `    ${JSON.stringify(perturbationsOf(changes))},`,
      "  ], { seed: 1, trials: 100 }),",
      ");",
      "console.log(intact.strict.value, effects[0].score.strict.value);",
    );
  }
  return lines.join("\n");
}

function pythonOf({ settings, mapped, tuned, changes }: Done): string {
  const { task, seed } = settings;
  const python = (value: unknown): string =>
    Array.isArray(value)
      ? `[${value.map(python).join(", ")}]`
      : JSON.stringify(value);
  const told = toldSettings(settings).filter((name) => name !== "task")
    .map((name) => `, ${name}=${python(settings[name])}`).join("");
  const lines = [
    "import spikernn as sp",
    "",
    `net = sp.train(${JSON.stringify(task)}${told})`,
  ];
  if (mapped !== undefined) {
    lines.push(`net = net.map(seed=${seed}, trials=${mapped})`);
  }
  if (tuned) {
    const { tune_rounds, tune_updates } = tuneFlags;
    lines.push(
      `net = net.map(seed=${seed}, calibrate="tune", ` +
        `tune_rounds=${tune_rounds}, tune_updates=${tune_updates})`,
    );
  }
  lines.push("print(net.info())");
  const flags = changeFlags(changes);
  if (flags) {
    const told = Object.entries(flags).map(([name, value]) =>
      `, ${name === "from" ? "from_" : name}=${python(value)}`
    );
    lines.push(`run = net.simulate(seed=${seed}, trials=100${told.join("")})`);
  }
  return lines.join("\n");
}
