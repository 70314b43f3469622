/** No file, plan or name gives orders to a terminal. */
import { deepStrictEqual as equal, match, ok } from "node:assert/strict";
import { writeModel } from "../../lib/formats/model_file.ts";
import type { Model } from "../../lib/network/records.ts";
import { toJson } from "../../lib/runs/json.ts";
import { printable, printableLine } from "../../lib/printable.ts";
import { pairs, table } from "../../lib/runs/table.ts";
import { createNetwork } from "../../lib/network/create.ts";
import { randomStream } from "../../lib/random/stream.ts";
import { inFolder } from "../folder.ts";
import { spawnInTurn } from "./spawn.ts";

/** Clears the screen, sets the title (C0 and C1), turns text round. */
const orders = "\x1b[2J\x1b]0;owned\x07\x9b31m\x7f\u202edlrow\u2066\u200f\r\b";

/** All that a terminal may take for an order, but line feed and tab. */
const dangerous = [
  ...Array.from({ length: 0xa0 }, (_, code) => code)
    .filter((code) => code < 0x20 || code >= 0x7f)
    .filter((code) => code !== 0x09 && code !== 0x0a),
  ...[0x61c, 0x200e, 0x200f, 0x2028, 0x2029],
  ...[0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));

function harmless(text: string, said: string): void {
  const found = dangerous.filter((order) => text.includes(order));
  equal(found, [], `${said}: ${JSON.stringify(text)}`);
}

Deno.test("printable() writes out every order to a terminal, and nothing else", () => {
  for (const order of dangerous) {
    const code = order.charCodeAt(0).toString(16).padStart(4, "0");
    equal(printable(`a${order}b`), `a\\u${code}b`);
  }
  const text = "two\nlines\tof Grüße, 數字, 😀 and a \\u001b as it stands";
  equal(printable(text), text);
  equal(printable(printable(orders)), printable(orders));
  equal(printableLine("a\nb\tc"), "a\\u000ab\\u0009c");
});

Deno.test("pairs() and table() keep a cell in its line", () => {
  const forged = "go\nspikernn: all is well\x1b[8m";
  equal(pairs([["task", forged]]).length, 1);
  for (
    const line of [...pairs([["task", forged]]), ...table(["a"], [[forged]])]
  ) {
    ok(!line.includes("\n"));
    harmless(line, "a cell");
  }
});

Deno.test("toJson() escapes what a terminal obeys, and loses nothing", () => {
  const data = { name: dangerous.join("") };
  const json = toJson(data);
  harmless(json, "JSON");
  equal(JSON.parse(json), data);
});

Deno.test("commands print nothing of a hostile model, name or plan that a terminal obeys", async () => {
  await inFolder(async (folder) => {
    const network = createNetwork(
      { units: 4, channels: 1 },
      randomStream(1),
    );
    const hostile: Model = {
      network,
      task: { name: `go${orders}`, timing: { [`T${orders}`]: 3 } },
      provenance: {
        version: `1${orders}`,
        seed: 1,
        backend: `simd${orders}`,
        created: `today${orders}`,
        settings: { [`note${orders}`]: orders },
      },
    };
    const path = `${folder}/model.mat`;
    await writeModel(path, hostile);
    const named = `${folder}/${orders.replaceAll("/", "")}.mat`;
    await writeModel(named, { network });
    const broken = `${folder}/broken${orders}.mat`;
    await Deno.writeTextFile(broken, `no model ${orders}`);
    const plan = `${folder}/plan.toml`;
    await Deno.writeTextFile(
      plan,
      'name = "x"\n[train]\n"N\\u001b[2J\\u009b\\u202e" = 3\n',
    );
    const allow = [`--allow-read=${folder}`, `--allow-write=${folder}`];
    const lines: readonly (readonly [string[], RegExp])[] = [
      [["info", path], /simd\\u001b\[2J/],
      [["info", path, "--json"], /simd\\u001b\[2J/],
      [["info", named], /\\u001b\[2J.*\.mat/],
      [["info", `${folder}/missing${orders}.mat`], /missing\\u001b/],
      [["info", broken], /broken\\u001b/],
      [["eval", path], /go\\+u001b/],
      [["eval", path, "--debug"], /go\\+u001b/],
      [["map", named, "--task", orders], /u001b/],
      [["train", `--${orders}`, "3"], /u001b/],
      [["sweep", plan], /u001b/],
      [[orders], /u001b/],
    ];
    const ended = await spawnInTurn(allow, lines.map(([args]) => args));
    for (const [k, { out, err }] of ended.entries()) {
      const [args, said] = lines[k];
      const what = args.join(" ");
      harmless(out, what);
      harmless(err, what);
      match(out + err, said, what);
    }
    const { task, provenance } = JSON.parse(ended[1].out);
    equal(task.name, hostile.task!.name);
    equal(provenance, hostile.provenance);
  });
});
