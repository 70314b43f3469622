import { strictEqual as equal } from "node:assert/strict";
import { assetsPath, buildAssets } from "../../tools/build_dashboard.ts";

Deno.test("the page that is served is the one that its source builds", async () => {
  equal(await buildAssets(), await Deno.readTextFile(assetsPath));
});
