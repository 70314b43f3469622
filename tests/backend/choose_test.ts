import assert from "node:assert/strict";
import {
  chooseBackend,
  type Machine,
  openChosenBackend,
} from "../../lib/backend/choose.ts";
import { adapterFacts } from "../../lib/kernels/webgpu/adapter.ts";
import { has, testWith } from "../require.ts";

const work = { kind: "train", units: 200, steps: 200, trials: 64 } as const;

/** A machine with one GPU that takes `webgpu` ms where SIMD takes `simd`. */
function machine(
  name: string,
  times: { simd: number; webgpu: number } | Error,
): Machine & { measured: number } {
  return {
    measured: 0,
    adapter(index) {
      return Promise.resolve(
        index === 0
          ? adapterFacts({
            vendor: "",
            architecture: "",
            device: "",
            description: name,
          })
          : undefined,
      );
    },
    calibrate() {
      this.measured++;
      return times instanceof Error
        ? Promise.reject(times)
        : Promise.resolve(times);
    },
  };
}

Deno.test("chooseBackend() takes a GPU that is faster", async () => {
  const choice = await chooseBackend(
    { work },
    machine("NVIDIA H100 PCIe", { simd: 100, webgpu: 4 }),
  );
  assert.equal(choice.name, "webgpu");
  assert.match(choice.reason, /NVIDIA H100 PCIe is 25 times as fast as SIMD/);
});

Deno.test("chooseBackend() takes SIMD where a GPU gains nothing or fails", async () => {
  const slow = machine("Intel UHD 620", { simd: 100, webgpu: 95 });
  assert.equal((await chooseBackend({ work }, slow)).name, "simd");
  const broken = machine("Intel UHD 620", new Error("device lost"));
  const choice = await chooseBackend({ work }, broken);
  assert.equal(choice.name, "simd");
  assert.match(choice.reason, /failed a trial: device lost/);
});

Deno.test("chooseBackend() never takes a software adapter, however fast", async () => {
  for (
    const name of [
      "llvmpipe (LLVM 15.0.6, 256 bits)",
      "SwiftShader Device (Subzero)",
      "Microsoft Basic Render Driver",
      "lavapipe",
      "Software Rasterizer",
    ]
  ) {
    const software = machine(name, { simd: 100, webgpu: 1 });
    assert.deepEqual(await chooseBackend({ work }, software), {
      name: "simd",
      reason: `${name} is a software renderer, which computes on the CPU`,
    });
    assert.equal(software.measured, 0, name);
  }
});

Deno.test("adapterFacts() takes GPUs for GPUs", () => {
  for (
    const name of [
      "NVIDIA GeForce RTX 4090",
      "AMD Radeon RX 7900 XTX (RADV NAVI31)",
      "Intel(R) Arc(tm) A770 Graphics (DG2)",
      "Apple M2 Pro",
    ]
  ) {
    const info = {
      vendor: "",
      architecture: "",
      device: "",
      description: name,
    };
    assert.equal(adapterFacts(info).software, false, name);
    const fallback = { ...info, isFallbackAdapter: true };
    assert.equal(adapterFacts(fallback).software, true, name);
  }
});

Deno.test("chooseBackend() does not measure where GPUs are off, absent, or the work is unknown", async () => {
  const fast = machine("NVIDIA H100 PCIe", { simd: 100, webgpu: 1 });
  assert.equal((await chooseBackend({ work, gpu: "off" }, fast)).name, "simd");
  assert.equal((await chooseBackend({ work, gpu: 1 }, fast)).name, "simd");
  assert.equal((await chooseBackend({}, fast)).name, "simd");
  assert.equal(fast.measured, 0);
});

Deno.test("openChosenBackend() opens SIMD where there is no real GPU", async () => {
  const adapter = await has("webgpu")
    ? await navigator.gpu.requestAdapter()
    : null;
  if (adapter && !adapterFacts(adapter.info).software) return;
  const { backend, reason } = await openChosenBackend({ work });
  assert.ok(reason);
  assert.equal(backend.name, "simd");
  backend.close();
});

testWith(
  "webgpu",
  "openChosenBackend() with webgpu says which adapter it runs on",
  async () => {
    const { backend } = await openChosenBackend({ name: "webgpu" });
    const adapter = await navigator.gpu.requestAdapter();
    assert.equal(backend.name, "webgpu");
    assert.ok(
      backend.description.startsWith(
        `webgpu (${adapterFacts(adapter!.info).name}`,
      ),
    );
    backend.close();
    await assert.rejects(
      openChosenBackend({ name: "webgpu", gpu: "off" }),
      /GPUs are switched off/,
    );
    await assert.rejects(
      openChosenBackend({ name: "webgpu", gpu: 7 }),
      /Cannot use GPU 7: the only one is 0/,
    );
  },
);
