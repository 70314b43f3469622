/** What a mistyped name may have meant. */
import { equal } from "node:assert/strict";
import { nearest } from "../../lib/tasks/nearest.ts";

const flags = [
  ...["task", "N", "act", "apply_dale", "batch", "learning_rate", "n_trials"],
  ...["gain", "stim", "stim_units", "stim_window", "cut", "output", "n_layers"],
  ...["noise_levels", "plots"],
];

Deno.test("nearest() finds what differs in a few letters, is a part or has the initials", () => {
  for (
    const [typed, meant] of [
      ["--lerning-rate", "learning_rate"],
      ["--stim_unit", "stim_units"],
      ["--stim_windw", "stim_window"],
      ["--out", "output"],
      ["--batch_size", "batch"],
      ["--activation", "act"],
      ["--dale", "apply_dale"],
      ["--rate", "learning_rate"],
      ["--lr", "learning_rate"],
      ["--noise", "noise_levels"],
      ["--num_layers", "n_layers"],
      ["--tsk", "task"],
      ["--plot", "plots"],
    ]
  ) {
    equal(nearest(typed, flags), meant, typed);
  }
  for (const typed of ["--epochs", "--", "--x", "-é"]) {
    equal(nearest(typed, flags), undefined, typed);
  }
});
