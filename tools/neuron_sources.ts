/**
 * What the SIMD kernel of spiking networks has of each neuron model besides its
 * file, written out of the table of models: lib/network/neurons.ts. A model is a
 * number that is a constant wherever its equation is inlined, so the choice costs
 * nothing; its steps are functions of their own, so that the compiler keeps their
 * registers apart from those of the loop over steps.
 */
import { neuronModels, neuronNames } from "../lib/network/neurons.ts";

const files: Readonly<Record<string, () => string>> = {
  "lif/simd/models/index.ts": numbers,
  "lif/simd/steps.ts": steps,
  "lif/simd/runs.ts": runs,
};

/**
 * A source file that is made rather than written.
 *
 * @param path under lib/kernels/
 * @returns AssemblyScript, or nothing for a path that is not one of them
 */
export function neuronSource(path: string): string | undefined {
  return Object.hasOwn(files, path) ? files[path]() : undefined;
}

const number = (name: string) => name.toUpperCase();

/** `of` each model, a line each. */
const lines = (of: (name: string, k: number) => string) =>
  neuronNames.map(of).join("\n");

/** Branches for all models but the first, which is what is left. */
function choice(of: (name: string) => string): string {
  const [first, ...others] = neuronNames;
  return [
    ...others.map((name) => `if (model == ${number(name)}) ${of(name)}`),
    of(first),
  ].join("\n  ");
}

function numbers(): string {
  const adapting = neuronNames.filter((name) => neuronModels[name].adapts)
    .map((name) => `model == ${number(name)}`).join(" || ") || "false";
  return `${lines((name) => `import { ${name} } from "./${name}";`)}

${lines((name, k) => `@inline export const ${number(name)}: i32 = ${k};`)}

@inline export function adapts(model: i32): bool {
  return ${adapting};
}

@inline export function derivative(
  model: i32,
  v: v128,
  current: v128,
  slope: v128,
  sharpness: v128,
  threshold: v128,
): v128 {
  ${
    choice((name) => `return ${name}(v, current, slope, sharpness, threshold);`)
  }
}
`;
}

function steps(): string {
  const functions = lines((name) =>
    `export function ${name}Step(
  state: usize, end: usize, side: usize, noise: usize, dts: f32,
): bool {
  return step(${number(name)}, true, state, end, side, noise, dts);
}

export function ${name}StepSingle(
  state: usize, end: usize, side: usize, noise: usize,
): bool {
  return step(${number(name)}, false, state, end, side, noise, 0);
}

export function ${name}TwoSteps(
  state: usize, end: usize, side: usize, noise: usize, dts1: f32, dts2: f32,
): i32 {
  return twoSteps(${number(name)}, state, end, side, noise, dts1, dts2);
}
`
  );
  return `import { ${
    neuronNames.map(number).join(", ")
  } } from "./models/index";
import { step, twoSteps } from "./passes";

${functions}
export function stepOf(
  model: i32, double: bool,
  state: usize, end: usize, side: usize, noise: usize, dts: f32,
): bool {
  if (double) {
    ${choice((name) => `return ${name}Step(state, end, side, noise, dts);`)}
  }
  ${choice((name) => `return ${name}StepSingle(state, end, side, noise);`)}
}

export function twoStepsOf(
  model: i32,
  state: usize, end: usize, side: usize, noise: usize, dts1: f32, dts2: f32,
): i32 {
  ${
    choice((name) =>
      `return ${name}TwoSteps(state, end, side, noise, dts1, dts2);`
    )
  }
}
`;
}

function runs(): string {
  const functions = lines((name) =>
    `export { ${name}Step, ${name}StepSingle, ${name}TwoSteps } from "./steps";

export function ${name}Double(net: usize, trial: usize): void {
  runTrial(net, trial, ${number(name)}, true);
}

export function ${name}Single(net: usize, trial: usize): void {
  runTrial(net, trial, ${number(name)}, false);
}
`
  );
  return `import { ${
    neuronNames.map(number).join(", ")
  } } from "./models/index";
import { runTrial } from "./trial";

${functions}`;
}
