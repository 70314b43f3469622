/** Flags of `map`. */
import { calibrationSettings, tuneSettings } from "../calibrate/settings.ts";
import { searchSettings } from "../map/settings.ts";
import {
  backendFlags,
  outputFlags,
  seedFlags,
  taskFlags,
} from "./common_flags.ts";
import {
  apart,
  type Flag,
  type Flags,
  grouped,
  onOff,
} from "../settings/kinds.ts";
import { mappingSettings } from "../spiking/settings.ts";
import { watchFlags } from "./watch_flags.ts";

/** Flags of `map`. */
export const mapFlags = {
  ...searchSettings,
  ...grouped("Search", {
    factor_per_layer: onOff(
      "search on for one factor for each layer, if there are several; kept if fresh trials say that it helps",
    ),
    // Absent rather than false, so that only runs that used it record it.
    write_anyway: {
      ...onOff("write the best factor even if no factor works"),
      fallback: undefined,
    } as Flag<boolean | undefined>,
    calibrate_anyway: {
      ...onOff("calibrate a rate network even if it fails its task"),
      fallback: undefined,
    } as Flag<boolean | undefined>,
    ...apart("person", {
      force: onOff("search again if a model has been searched already"),
    }),
  }),
  ...calibrationSettings,
  ...tuneSettings,
  ...taskFlags,
  ...mappingSettings,
  ...seedFlags,
  ...backendFlags,
  ...watchFlags,
  ...outputFlags,
} satisfies Flags;
