/** Pages whose commands run, and whose output is what stands there. */
import { drawFigures } from "../../tools/figures.ts";
import { testWith } from "../require.ts";
import { compareFigure } from "./figures.ts";
import { runPage } from "./run_page.ts";

const kept = await Deno.makeTempDir({ prefix: "spikernn_pages_" });
addEventListener("unload", () => Deno.removeSync(kept, { recursive: true }));

testWith(
  "matplotlib",
  "the commands of README.md print what it shows, and its figures are of their network",
  async () => {
    await runPage("README.md", kept, async (work) => {
      for (const [name, drawn] of await drawFigures(`${work}/dms.mat`)) {
        await compareFigure(`docs/figures/${name}`, drawn);
      }
    });
  },
);

testWith(
  "octave",
  "the commands of docs/tutorial.md print what it shows",
  async () => {
    await runPage("docs/tutorial.md", kept);
  },
);
