/**
 * Documents as trees that can be wrong: keys twice, values of wrong kinds, and
 * words that a notation does not know. Written as JSON, TOML or a Python literal.
 */
import type { Dice } from "./dice.ts";

/** Keys and values in their order; a key may be there twice. */
interface TableNode {
  readonly table: [string, Node][];
}

interface ListNode {
  readonly list: Node[];
}

/** A word that is written as it stands. */
interface RawNode {
  readonly raw: string;
}

/** A part of a document. */
export type Node = TableNode | ListNode | RawNode;

/** The tree of plain data. */
export function treeOf(value: unknown): Node {
  if (Array.isArray(value)) return { list: value.map(treeOf) };
  if (typeof value === "object" && value !== null) {
    return { table: Object.entries(value).map(([k, v]) => [k, treeOf(v)]) };
  }
  return { raw: JSON.stringify(value) ?? "null" };
}

/** Names that objects, paths, terminals and shells are afraid of. */
const names = [
  "",
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "then",
  "length",
  "0",
  "-1",
  "..",
  "../../etc/passwd",
  "/etc/passwd",
  "a/b",
  "CON",
  "a".repeat(5000),
  "\u0000",
  "\u001b[2J",
  "\u202etxt.exe",
  "\ud800",
  "é",
  "$(touch pwned)",
  "'; exit 1; '",
  "=1+1",
  "kind",
  "id",
  "name",
  "shape",
];

/** Words that readers of numbers are afraid of. */
const words = [
  "null",
  "true",
  "false",
  "0",
  "-0",
  "1",
  "-1",
  "0.5",
  "1e-320",
  "1e308",
  "1e999",
  "-1e999",
  "255",
  "256",
  "65536",
  "2147483647",
  "2147483648",
  "4294967296",
  "9007199254740993",
  "18446744073709551616",
  "NaN",
  "nan",
  "inf",
  "Infinity",
  "0x10",
  "01",
  "1_000",
  "undefined",
  '""',
  '" "',
  '"NaN"',
  '"1"',
  "{}",
  "[]",
  "[[]]",
  "{",
  "]",
  ",",
  '"',
  "2020-01-01",
];

/** A value that was not asked for. */
export function hostile(dice: Dice, known: readonly Node[] = []): Node {
  switch (dice.below(8)) {
    case 0:
      return { raw: JSON.stringify(dice.pick(names)) };
    case 1:
      return { list: Array.from({ length: dice.below(5) }, () => word(dice)) };
    case 2:
      return { table: [[dice.pick(names), word(dice)]] };
    case 3:
      return deep(dice);
    case 4:
      return known.length > 0 ? dice.pick(known) : word(dice);
    default:
      return word(dice);
  }
}

function word(dice: Dice): Node {
  return { raw: dice.pick(words) };
}

/** Lists or tables in one another, sometimes more of them than a stack holds. */
function deep(dice: Dice): Node {
  const depth = dice.once(20) ? 50_000 : 1 + dice.below(60);
  const [open, close] = dice.pick([["[", "]"], ['{"a":', "}"]]);
  return { raw: open.repeat(depth) + "1" + close.repeat(depth) };
}

/** Every part of a tree, itself first. */
function parts(node: Node): Node[] {
  const inner = "table" in node
    ? node.table.map(([, value]) => value)
    : "list" in node
    ? node.list
    : [];
  return [node, ...inner.flatMap(parts)];
}

function copy(node: Node): Node {
  if ("table" in node) {
    return { table: node.table.map(([key, value]) => [key, copy(value)]) };
  }
  return "list" in node ? { list: node.list.map(copy) } : { ...node };
}

/**
 * A copy with some parts replaced, left out, repeated, renamed, exchanged or
 * wrapped in others.
 *
 * @param others trees whose parts may be put in
 */
export function recombined(
  tree: Node,
  dice: Dice,
  others: readonly Node[] = [],
): Node {
  let root = copy(tree);
  for (let left = dice.pick([1, 1, 1, 2, 3, 4]); left > 0; left--) {
    const known = [root, ...others].flatMap(parts);
    const holders = parts(root).filter((part) => !("raw" in part));
    if (holders.length === 0 || dice.once(60)) {
      root = dice.once(2) ? { list: [root] } : hostile(dice, known);
      continue;
    }
    const holder = dice.pick(holders);
    if ("table" in holder) changeTable(holder.table, dice, known);
    else if ("list" in holder) changeList(holder.list, dice, known);
  }
  return root;
}

function changeTable(
  table: [string, Node][],
  dice: Dice,
  known: readonly Node[],
): void {
  if (table.length === 0) {
    table.push([dice.pick(names), copy(hostile(dice, known))]);
    return;
  }
  const at = dice.below(table.length);
  const [key, value] = table[at];
  switch (dice.below(7)) {
    case 0:
      table.splice(at, 1);
      break;
    case 1:
      table.push([key, copy(hostile(dice, known))]);
      break;
    case 2:
      table[at] = [dice.pick(names), value];
      break;
    case 3:
      table[at] = [dice.pick(table)[0], value];
      break;
    case 4:
      table[at] = [key, { list: [value] }];
      break;
    default:
      table[at] = [key, copy(hostile(dice, known))];
  }
}

function changeList(
  list: Node[],
  dice: Dice,
  known: readonly Node[],
): void {
  const at = dice.below(list.length + 1);
  switch (dice.below(5)) {
    case 0:
      list.splice(at, 1);
      break;
    case 1: {
      // Small parts alone many times: files stay small.
      const one = list[at];
      const small = one && "raw" in one && one.raw.length < 20;
      const count = small && dice.once(4) ? 2000 : 1;
      if (one) {
        for (let k = 0; k < count; k++) {
          list.splice(at, 0, copy(one));
        }
      }
      break;
    }
    case 2:
      list.length = 0;
      break;
    default:
      list.splice(at, 1, copy(hostile(dice, known)));
  }
}

/** A tree in JSON, or in what is nearly JSON. */
export function toJsonText(node: Node): string {
  if ("raw" in node) return node.raw;
  if ("list" in node) return `[${node.list.map(toJsonText).join(",")}]`;
  const pairs = node.table.map(([key, value]) =>
    `${JSON.stringify(key)}:${toJsonText(value)}`
  );
  return `{${pairs.join(",")}}`;
}

/** A tree in TOML: keys of the top one a line, all else inline. */
export function toTomlText(node: Node, dice: Dice): string {
  if (!("table" in node)) return inline(node);
  const tables: string[] = [];
  const lines = node.table.flatMap(([key, value]) => {
    if ("table" in value && dice.below(4) > 0) {
      const inner = value.table.map(([k, v]) => `${tomlKey(k)} = ${inline(v)}`);
      tables.push([`[${tomlKey(key)}]`, ...inner].join("\n"));
      return [];
    }
    return [`${tomlKey(key)} = ${inline(value)}`];
  });
  return [...lines, ...tables].join("\n") + "\n";
}

function inline(node: Node): string {
  if ("raw" in node) return node.raw;
  if ("list" in node) return `[${node.list.map(inline).join(", ")}]`;
  const pairs = node.table.map(([key, value]) =>
    `${tomlKey(key)} = ${inline(value)}`
  );
  return `{ ${pairs.join(", ")} }`;
}

function tomlKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

/** A text as bytes, in an encoding that was not always asked for. */
export function textBytes(text: string, dice: Dice): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  switch (dice.below(24)) {
    case 0:
      return Uint8Array.of(0xef, 0xbb, 0xbf, ...bytes.subarray(0, 60_000));
    case 1: {
      const wide = Array.from(text.slice(0, 20_000), (c) => c.charCodeAt(0));
      return new Uint8Array(Uint16Array.of(0xfeff, ...wide).buffer);
    }
    case 2:
      return bytes.subarray(0, dice.below(bytes.length + 1));
    case 3: {
      const copy = new Uint8Array(bytes);
      if (copy.length > 0) copy[dice.below(copy.length)] = 0xff;
      return copy;
    }
    case 4:
      return new TextEncoder().encode(text + text);
    default:
      return bytes;
  }
}
