/** What documents say of defaults is what the settings have. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { presetFlags } from "../../lib/runs/preset.ts";
import { presetNames, usualPreset } from "../../lib/settings/presets.ts";

async function doc(name: string): Promise<string> {
  return await Deno.readTextFile(
    new URL(`../../docs/${name}`, import.meta.url),
  );
}

Deno.test("the table of presets in docs/reference/command-line.md has what presets set", async () => {
  const text = await doc("reference/command-line.md");
  const rows = text.split("\n").filter((line) =>
    /^\| .*preset|^\| `/.test(line)
  )
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
  const head = rows.find(([first]) => first === "preset")!;
  const names = head.slice(1).map((cell) => cell.replaceAll("`", ""));
  for (const preset of presetNames) {
    const row = rows.find(([first]) => first.startsWith(`\`${preset}\``))!;
    ok(row, preset);
    const set = presetFlags(preset) as Record<string, unknown>;
    const usual: Record<string, string> = {
      clip_norm: "none",
      inhibitory_scale: "1, several layers: balanced",
      learning_rate: "0.01",
      eval_freq: "100",
      answer_share: "0",
      noise_levels: "1",
      criterion: "paper",
    };
    names.forEach((name, k) => {
      const value = [set[name] ?? usual[name]].flat().join(" ") || "none";
      equal(row[k + 1], value, `${preset}: ${name}`);
    });
  }
});

Deno.test("documents that name what training does by default follow the usual preset", async () => {
  const { eval_freq, learning_rate, criterion, inhibitory_scale } = presetFlags(
    usualPreset,
  );
  match(
    await doc("reference/figures.md"),
    new RegExp(`every ${eval_freq} updates by the preset \`${usualPreset}\``),
  );
  const model = await doc("how-it-works/model.md");
  match(model, new RegExp(`with lr ${learning_rate} \\(`));
  match(model, new RegExp(`After updates 2, ${eval_freq! + 2}, `));
  match(model, new RegExp(`above 95 % \\(by the ${criterion} rule`));
  match(
    await doc("how-it-works/layers.md"),
    new RegExp(`\`--inhibitory_scale\` \\| ${inhibitory_scale};`),
  );
});

Deno.test("no option's description names another default backend than openBackend()'s", async () => {
  let seen = 0;
  async function look(folder: URL): Promise<void> {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isDirectory) await look(new URL(`${name}/`, folder));
      if (!name.endsWith(".ts")) continue;
      const text = await Deno.readTextFile(new URL(name, folder));
      const lines = text.split("\n").filter((line) =>
        /\/\*\* Where to (run|compute)/.test(line)
      );
      for (const line of lines) {
        match(line, /Defaults to `simd` with one worker\./, `${folder}${name}`);
        seen++;
      }
    }
  }
  await look(new URL("../../lib/", import.meta.url));
  ok(seen >= 8, `${seen}`);
});
