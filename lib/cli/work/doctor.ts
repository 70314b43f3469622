/** What `doctor` does. */
import { knownAnswers, knownTimes } from "../../backend/known_answers.ts";
import { openBackend } from "../../backend/open.ts";
import {
  type Backend,
  type BackendName,
  backendNames,
} from "../../backend/types.ts";
import { adapterFacts, findAdapter } from "../../kernels/webgpu/adapter.ts";
import type { Invocation } from "../command.ts";
import { FailureError } from "../../runs/errors.ts";
import { lookingForCard } from "../../runs/graphics_card.ts";
import type { Output } from "../output.ts";
import { type Align, pairs, table } from "../../runs/table.ts";
import type { doctorFlags } from "../flags/doctor.ts";

/** Says what the machine has and checks every backend. */
export async function run(
  { flags, output }: Invocation<typeof doctorFlags>,
): Promise<void> {
  await showMachine(output);
  const findings: Finding[] = [];
  for (const name of backendNames) {
    const backend = await opened(name, output);
    if (!backend) continue;
    try {
      findings.push(await examine(name, backend, output));
      if (!flags.fast) await time(name, backend, output);
    } finally {
      backend.close();
    }
  }
  const wrong = findings.filter((finding) => finding.wrong > 0);
  if (wrong.length > 0) {
    throw new FailureError(
      `Cannot rely on ${wrong.map(({ backend }) => backend).join(", ")}: ` +
        `${
          wrong.map((finding) => finding.wrong).join(", ")
        } wrong of the known answers`,
    );
  }
}

/** What a backend was found to be like. */
interface Finding {
  readonly backend: BackendName;
  readonly description: string;
  readonly wrong: number;
}

async function showMachine(output: Output): Promise<void> {
  const { deno, v8, typescript } = Deno.version;
  const cores = navigator.hardwareConcurrency;
  const adapter = await lookingForCard(output, () => findAdapter())
    .catch(() => null);
  const facts = adapter && adapterFacts(adapter.info);
  const limits = adapter && {
    maxBufferSize: adapter.limits.maxBufferSize,
    maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize:
      adapter.limits.maxComputeWorkgroupStorageSize,
    maxComputeInvocationsPerWorkgroup:
      adapter.limits.maxComputeInvocationsPerWorkgroup,
  };
  output.event({
    kind: "machine",
    deno,
    v8,
    typescript,
    platform: `${Deno.build.os} ${Deno.build.arch}`,
    processors: cores,
    workers: cores,
    adapter: facts,
    limits,
  });
  for (
    const line of pairs([
      ["Deno", `${deno} (V8 ${v8}), ${Deno.build.os} ${Deno.build.arch}`],
      ["processors", `${cores}; --workers defaults to as many`],
      [
        "WebGPU",
        facts
          ? facts.name +
            (facts.software ? " (software: for tests, not for work)" : "")
          : "no adapter",
      ],
      ...limits
        ? [
          [
            "limits",
            `buffers of ${mebibytes(limits.maxStorageBufferBindingSize)}, ` +
            `workgroups of ${limits.maxComputeInvocationsPerWorkgroup} with ` +
            `${limits.maxComputeWorkgroupStorageSize} bytes`,
          ] as const,
        ]
        : [],
    ])
  ) output.result(line);
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20)} MiB`;
}

/** Opens a backend; says so where the machine has none of that name. */
async function opened(
  name: BackendName,
  output: Output,
): Promise<Backend | undefined> {
  try {
    return await (name === "webgpu"
      ? lookingForCard(output, () => openBackend({ name }))
      : openBackend({ name }));
  } catch (error) {
    const { message } = error as Error;
    output.event({ kind: "backend", backend: name, error: message });
    output.result("");
    output.result(`${name}: ${message}`);
    return undefined;
  }
}

async function examine(
  name: BackendName,
  backend: Backend,
  output: Output,
): Promise<Finding> {
  const { description } = backend;
  output.event({ kind: "backend", backend: name, description });
  const rows: string[][] = [];
  let wrong = 0;
  for await (const answer of knownAnswers(backend)) {
    output.event({ kind: "answer", backend: name, ...answer });
    if (!answer.passed) wrong++;
    rows.push([
      answer.name,
      answer.passed ? "pass" : "FAIL",
      answer.error ??
        `${answer.difference.toExponential(1)} of ${
          answer.allowed.toExponential(0)
        } allowed`,
    ]);
  }
  output.result("");
  for (const line of table([description, "", "difference"], rows)) {
    output.result(line);
  }
  return { backend: name, description, wrong };
}

async function time(
  name: BackendName,
  backend: Backend,
  output: Output,
): Promise<void> {
  const rows: string[][] = [];
  for await (const found of knownTimes(backend)) {
    output.event({ kind: "time", backend: name, ...found });
    rows.push([
      found.name,
      found.milliseconds.toFixed(found.milliseconds < 10 ? 2 : 0),
    ]);
  }
  const align: Align[] = ["left", "right"];
  output.result("");
  for (const line of table(["time, 200 units", "ms"], rows, align)) {
    output.result(line);
  }
}
