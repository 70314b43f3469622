/** How a device fails, and waiting for the news of it. */
import { BackendError } from "../../errors.ts";

/** The device failed, not the work: the same work can go on elsewhere. */
export class DeviceFailure extends BackendError {}

/** The device has too little memory; smaller batches may fit. */
export class OutOfMemory extends DeviceFailure {}

/** Waits for a promise, but no longer than some milliseconds. */
export async function settledWithin(
  promise: Promise<unknown>,
  milliseconds: number,
): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([
    promise,
    new Promise<void>((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    }),
  ]);
  clearTimeout(timer);
}
