/** Pages whose commands run, and whose output is what stands there. */
import { testWith } from "../require.ts";
import { runPage } from "./run_page.ts";

testWith(
  "matplotlib",
  "the commands of README.md print what it shows",
  async () => {
    await runPage("README.md");
  },
);

testWith(
  "octave",
  "the commands of docs/tutorial.md print what it shows",
  async () => {
    await runPage("docs/tutorial.md");
  },
);
