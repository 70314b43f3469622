/** Time series of an NWB file: stimuli, outputs, and what else was recorded. */
import type { Hdf5Group } from "../hdf5.ts";
import { timeSeries } from "./nwb_objects.ts";
import type { TrialTable } from "./trial_table.ts";

/** What was recorded of the network, by its name in other formats. */
export const recorded = [
  {
    from: "voltages",
    name: "membrane_potential",
    unit: "volts",
    conversion: 1e-3,
    description: "Membrane potential of every unit (columns), in mV; +30 mV " +
      "where a unit spikes",
  },
  {
    from: "currents",
    name: "synaptic_current",
    unit: "volts",
    conversion: 1e-3,
    description: "Synaptic current of every unit (columns), in mV: times the " +
      "membrane's resistance, as the model adds it",
  },
  {
    from: "excitatory_currents",
    name: "excitatory_synaptic_current",
    unit: "volts",
    conversion: 1e-3,
    description:
      "Current through excitatory synapses of every unit (columns), " +
      "in mV: times the membrane's resistance, as the model adds it",
  },
  {
    from: "inhibitory_currents",
    name: "inhibitory_synaptic_current",
    unit: "volts",
    conversion: 1e-3,
    description:
      "Current through inhibitory synapses of every unit (columns), " +
      "in mV: times the membrane's resistance, as the model adds it",
  },
  {
    from: "rates",
    name: "filtered_spikes",
    unit: "Hz",
    description: "Filtered spike train of every unit (columns)",
  },
  {
    from: "x",
    name: "state",
    unit: "dimensionless",
    description: "State x of every unit (columns) of the rate network",
  },
  {
    from: "r",
    name: "rate",
    unit: "dimensionless",
    description: "Rate r of every unit (columns) of the rate network",
  },
];

export function acquisition(table: TrialTable): Record<string, Hdf5Group> {
  const spiking = table.has("dt_ms");
  const step = table.number(spiking ? "dt_ms" : "step_ms");
  const series: Record<string, Hdf5Group> = {
    output: spiking ? spikingOutput(table) : rateOutput(table),
  };
  for (const { from, name, ...more } of recorded) {
    if (!table.has(from)) continue;
    const [, , count] = table.shape(from);
    const sample = spiking ? table.number("sample_ms") : step;
    series[name] = timeSeries({
      // A rate network's course begins with its initial state.
      times: table.times(spiking ? sample : 0, sample, count),
      ...more,
    });
  }
  return series;
}

/** One output a step, from the second on. */
function rateOutput(table: TrialTable): Hdf5Group {
  const [, samples] = table.shape("out");
  const step = table.number("step_ms");
  return timeSeries({
    times: table.times(step, step, samples),
    unit: "dimensionless",
    description: "Output of the network",
  });
}

/** The output at a trial's start, which is known, and after every integration step. */
function spikingOutput(table: TrialTable): Hdf5Group {
  const [, samples] = table.shape("out");
  return timeSeries({
    times: table.times(0, table.number("dt_ms"), samples + 1),
    unit: "dimensionless",
    description: "Output of the network: at the start of a trial, then after " +
      "every integration step",
  });
}

export function stimulus(table: TrialTable): Hdf5Group {
  const step = table.number("step_ms");
  const steps = Math.round(table.duration * 1000 / step);
  const channels = table.texts("channel_names");
  return timeSeries({
    times: table.times(0, step, steps),
    unit: "dimensionless",
    description: "Stimulus, one column a channel" +
      (channels.length > 0 ? `: ${channels.join(", ")}` : ""),
  });
}
