/**
 * A backend that lets the system's signals through between its calls. The
 * library's loops look for an abort between calls, but a loop that never waits
 * for anything keeps the process from hearing of Ctrl-C at all.
 */
import { isTuning, type TuningBackend } from "../backend/spiking_gradient.ts";
import type { Backend, RateSession } from "../backend/types.ts";

/**
 * The same backend, pausing where it is time to.
 *
 * @param backend computes
 * @param breathe pauses, if it is time to
 */
export function breathing(
  backend: Backend,
  breathe: () => Promise<void>,
): Backend {
  return {
    // Asked for each time: after a failure it may be another one.
    get name() {
      return backend.name;
    },
    get description() {
      return backend.description;
    },
    get gathers() {
      return backend.gathers;
    },
    get workers() {
      return backend.workers;
    },
    async open(network) {
      return breathingSession(await backend.open(network), breathe);
    },
    async simulate(network, trials, record) {
      await breathe();
      return await backend.simulate(network, trials, record);
    },
    ...(backend.simulateTogether && {
      async simulateTogether(
        ...asked: Parameters<NonNullable<Backend["simulateTogether"]>>
      ) {
        await breathe();
        return await backend.simulateTogether!(...asked);
      },
    }),
    ...(isTuning(backend) && {
      async tuningGradient(
        ...asked: Parameters<TuningBackend["tuningGradient"]>
      ) {
        await breathe();
        return await backend.tuningGradient(...asked);
      },
    }),
    close: () => backend.close(),
  };
}

function breathingSession(
  session: RateSession,
  breathe: () => Promise<void>,
): RateSession {
  return {
    async run(trials, record) {
      await breathe();
      return await session.run(trials, record);
    },
    async gradient(trials, loss) {
      await breathe();
      return await session.gradient(trials, loss);
    },
    async update(trials, loss, adam) {
      await breathe();
      return await session.update(trials, loss, adam);
    },
    network: () => session.network(),
    optimiser: () => session.optimiser(),
    set: (parameters) => session.set(parameters),
    restore: (state) => session.restore(state),
    close: () => session.close(),
  };
}
