/** Flags that some commands share. */
import { apart, grouped, onOff } from "../../settings/kinds.ts";
import { whole } from "../../settings/numbers.ts";

/** Seed of a picture: defaults to the model's own, so that the same file gives the same picture. */
export const figureSeedFlags = grouped("Running", {
  seed: whole("seed of the trials that are drawn and simulated", {
    min: 0,
    fallback: undefined,
    shown: "the model's own, or 1",
  }),
});

/** Allows to write over a file of another kind. */
export const forceFlag = apart(
  "person",
  grouped("Output", { force: onOff("write over a file of another kind") }),
);

/** The same for files that are never written over without it. */
export const overwriteFlag = apart(
  "person",
  grouped("Output", { force: onOff("write over files that are there") }),
);

/** One model, the newest if none is named. */
export const newestOperand = {
  name: "MODEL.mat|FOLDER",
  brief:
    "a model file, or a folder, whose newest model is taken (of models/ by default)",
  least: 0,
  most: 1,
} as const;

/** Shows the page that was made. */
export const openFlag = apart(
  "person",
  grouped("Output", {
    open: onOff(
      "open the page in the browser (needs to run the program that does)",
    ),
  }),
);
