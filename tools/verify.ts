/**
 * The public ledger: computes cases whose numbers are known on every backend of
 * this machine, and says how far off each is.
 *
 *   deno task verify FILE.mat …
 *
 * It recognises rate-gradient cases with explicit noise, and spiking runs
 * without noise, by their fields. It exits with 1 when a number is off, with 2
 * when a file cannot be verified.
 */
import { readFile } from "node:fs/promises";
import { printable } from "../lib/printable.ts";
import { openBackend } from "../lib/backend/open.ts";
import { lookingForCard } from "../lib/runs/graphics_card.ts";
import { referenceSession } from "../lib/backend/rate_reference.ts";
import type { RateSession } from "../lib/backend/types.ts";
import { decodeMat, type MatVariables } from "../lib/mat5/mod.ts";
import type { RateNetwork } from "../lib/network/types.ts";
import { type Comparison, tableOf } from "./verify/comparison.ts";
import {
  type Allowed,
  isRateCase,
  readRateCase,
  verifyRateCase,
} from "./verify/rate_case.ts";
import { isSpikingCase, verifySpikingCase } from "./verify/spiking_case.ts";

/** A way to compute a rate case, and what is allowed of it. */
interface RateComputer {
  readonly name: string;
  readonly allowed: Allowed;
  readonly open: (network: RateNetwork) => Promise<RateSession>;
}

/** Every way that this machine has. */
async function rateComputers(): Promise<RateComputer[]> {
  const single = { relative: 2e-5, updates: 1e-6 };
  const simd = await openBackend({ name: "simd" });
  const computers: RateComputer[] = [
    {
      name: "reference, float64",
      allowed: { relative: 1e-9, updates: 1e-6 },
      open: (network) =>
        Promise.resolve(referenceSession(network, { precision: "float64" })),
    },
    {
      name: "reference, float32",
      allowed: single,
      open: (network) =>
        Promise.resolve(referenceSession(network, { precision: "float32" })),
    },
    { name: "simd", allowed: single, open: (network) => simd.open(network) },
  ];
  try {
    const gpu = await lookingForCard(
      { note: console.error },
      () => openBackend({ name: "webgpu" }),
    );
    computers.push({
      name: gpu.description,
      // Adam divides by the root of the gradient's square: an error of a
      // gradient near zero moves its parameter by a whole step.
      allowed: { relative: 1e-4, updates: 1e-4 },
      open: (network) => gpu.open(network),
    });
  } catch (error) {
    console.log(`webgpu is left out: ${(error as Error).message}`);
  }
  return computers;
}

async function verifyRateFile(file: MatVariables): Promise<Comparison[]> {
  const all: Comparison[] = [];
  const found = readRateCase(file);
  for (const { name, allowed, open } of await rateComputers()) {
    const session = await open(found.network);
    const rows = await verifyRateCase(found, session, allowed);
    session.close();
    report(name, rows);
    all.push(...rows);
  }
  return all;
}

/** Prints the rows of one backend. */
export function report(name: string, rows: readonly Comparison[]): void {
  console.log(`\n${name}`);
  for (const line of tableOf(rows)) console.log(`  ${line}`);
}

async function main(paths: readonly string[]): Promise<number> {
  if (paths.length === 0) {
    console.error(
      "Cannot verify: no file was named; deno task verify FILE.mat …",
    );
    return 2;
  }
  const failed: string[] = [];
  let compared = 0;
  for (const path of paths) {
    console.log(printable(`\n${path}`));
    try {
      const file = decodeMat(new Uint8Array(await readFile(path)));
      const rows = isRateCase(file)
        ? await verifyRateFile(file)
        : isSpikingCase(file)
        ? await verifySpikingCase(file, path, report)
        : undefined;
      if (rows === undefined) {
        console.error(
          "Cannot verify the file: it holds neither a rate-gradient case " +
            "(noise_randn, x0_randn, dW, …) nor a spiking run (raster_full, v0, …)",
        );
        return 2;
      }
      compared += rows.length;
      if (rows.some(({ passes }) => !passes)) failed.push(path);
    } catch (error) {
      console.error(printable((error as Error).message));
      return 2;
    }
  }
  console.log(
    failed.length === 0
      ? `\nall ${compared} comparisons pass`
      : `\ncomparisons fail in ${failed.join(", ")}`,
  );
  return failed.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
