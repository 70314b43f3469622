/**
 * What the SIMD kernel of spiking networks has of each neuron model besides its
 * file, and of the synapse filters, written out of their tables:
 * lib/network/neurons.ts and lib/network/synapses.ts. A model is a number that is a
 * constant wherever its equation is inlined, so the choice costs nothing, and so is
 * the way in which spikes rise; its steps are functions of their own, so that the
 * compiler keeps their registers apart from those of the loop over steps.
 */
import { runNames } from "../lib/kernels/lif/types.ts";
import { neuronModels, neuronNames } from "../lib/network/neurons.ts";
import { filterOf, synapseNames } from "../lib/network/synapses.ts";

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
export function spikingSource(path: string): string | undefined {
  return Object.hasOwn(files, path) ? files[path]() : undefined;
}

/** The ways in which spikes of some filter rise, as functions are named. */
const rises = [
  ...new Set(
    synapseNames.map((kind) => runNames[filterOf({ kind }).rises ?? "at once"]),
  ),
];

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
    rises.map((rise) =>
      `export function ${name}Step${rise}(
  state: usize, end: usize, side: usize, noise: usize, dts: f32,
): bool {
  return step(${number(name)}, ${number(rise)}, state, end, side, noise, dts);
}

`
    ).join("") +
    `export function ${name}TwoSteps(
  state: usize, end: usize, side: usize, noise: usize, dts1: f32, dts2: f32,
): i32 {
  return twoSteps(${number(name)}, state, end, side, noise, dts1, dts2);
}
`
  );
  return `import { ${
    neuronNames.map(number).join(", ")
  } } from "./models/index";
import { ${rises.map(number).join(", ")}, step, twoSteps } from "./passes";

${functions}
export function stepOf(
  model: i32, rise: i32,
  state: usize, end: usize, side: usize, noise: usize, dts: f32,
): bool {
  ${
    rises.map((rise) =>
      `if (rise == ${number(rise)}) {
    ${
        choice((name) =>
          `return ${name}Step${rise}(state, end, side, noise, dts);`
        )
      }
  }`
    ).join("\n  ")
  }
  return unreachable();
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
    rises.map((rise) =>
      `export { ${name}Step${rise} } from "./steps";

export function ${name}${rise}(net: usize, trial: usize): void {
  runTrial(net, trial, ${number(name)}, ${number(rise)});
}

`
    ).join("") + `export { ${name}TwoSteps } from "./steps";
`
  );
  return `import { ${
    neuronNames.map(number).join(", ")
  } } from "./models/index";
import { ${rises.map(number).join(", ")} } from "./passes";
import { runTrial } from "./trial";

${functions}`;
}
