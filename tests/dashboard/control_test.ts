import { deepStrictEqual as equal } from "node:assert/strict";
import { RunControl } from "../../lib/dashboard/control.ts";
import type { ControlState } from "../../lib/dashboard/messages.ts";

function open() {
  const told: ControlState[] = [];
  const control = new RunControl((state) => told.push(state));
  const controller = new AbortController();
  const attach = () =>
    control.attach(() => controller.abort(), controller.signal);
  return { control, told, controller, attach };
}

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(() => done = true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  return done;
}

Deno.test("RunControl holds a run until it is let go", async () => {
  const { control, told, attach } = open();
  control.pause();
  equal(await settled(control.gate()), true, "nothing to pause yet");
  attach();
  control.pause();
  control.pause();
  const gate = control.gate();
  equal(await settled(gate), false);
  control.resume();
  equal(await settled(gate), true);
  equal(told.map(({ paused }) => paused), [false, true, false]);
});

Deno.test("RunControl stops a paused run, by the page and by Ctrl-C", async () => {
  for (const byPage of [true, false]) {
    const { control, told, controller, attach } = open();
    attach();
    control.pause();
    const gate = control.gate();
    if (byPage) control.stop();
    else controller.abort();
    equal(await settled(gate), true);
    equal(controller.signal.aborted, true);
    equal(told.at(-1), { steerable: true, paused: false, stopping: true });
    control.pause();
    equal(await settled(control.gate()), true, "a stopping run cannot pause");
    control.detach();
    equal(told.at(-1)!.steerable, false);
  }
});
