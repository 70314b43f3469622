import { deepStrictEqual as equal, match } from "node:assert/strict";
import fc from "fast-check";
import { numbers, real, whole } from "../../lib/settings/numbers.ts";
import { oneOf, onOff, words } from "../../lib/settings/kinds.ts";

Deno.test("whole() takes whole numbers within its bounds", () => {
  const flag = whole("", { min: 1, max: 10, fallback: 5 });
  equal(flag.parse("10"), 10);
  equal(flag.parse("1e1"), 10);
  for (const wrong of ["0", "11", "1.5", "", "ten", "0x5", "Infinity", "NaN"]) {
    equal(flag.parse(wrong), undefined, wrong);
  }
  equal(flag.allowed, "whole numbers from 1 to 10");
  const seed = whole("", { min: 0, fallback: 0 });
  equal(seed.parse("9007199254740993"), undefined);
  equal(seed.hint?.("9007199254740993"), ", at most 9007199254740991");
  equal(seed.hint?.("-1"), "");
});

Deno.test("real() excludes the bounds that it says it excludes", () => {
  const flag = real("", { above: 0, max: 1, fallback: undefined });
  equal(flag.parse("0"), undefined);
  equal(flag.parse("0.20"), 0.2);
  equal(flag.parse(".5"), 0.5);
  equal(flag.parse("1"), 1);
  equal(flag.allowed, "numbers of 1 or less and above 0");
});

Deno.test("real() reads back every number as it is written", () => {
  const flag = real("", { fallback: 0 });
  fc.assert(fc.property(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    (value) => equal(flag.parse(String(value)), Number(String(value))),
  ));
});

Deno.test("numbers() takes as many as it says", () => {
  const flag = numbers("", { least: 1, most: 2, min: 1, fallback: [4, 20] });
  equal(flag.parse("4,20"), [4, 20]);
  equal(flag.parse("4 20"), [4, 20]);
  equal(flag.parse("7"), [7]);
  for (const wrong of ["", "4,20,30", "0.5", "4,x"]) {
    equal(flag.parse(wrong), undefined, wrong);
  }
  equal(flag.allowed, "1 to 2 numbers of 1 or more");
});

Deno.test("oneOf() does not mind case and dashes", () => {
  const flag = oneOf("", { names: ["clipped_relu", "l1"], fallback: "l1" });
  equal(flag.parse("Clipped-ReLU"), "clipped_relu");
  equal(flag.parse("relu"), undefined);
  match(flag.allowed, /clipped_relu, l1/);
});

Deno.test("onOff() takes True and False only where they stand for a value", () => {
  const flag = onOff("");
  equal(flag.optionalValue?.("True"), true);
  equal(flag.optionalValue?.("0"), false, "a file may have this name");
  equal(flag.parse("false"), false);
});

Deno.test("words() ends where a word does not match", () => {
  const flag = words("", {
    placeholder: "",
    allowed: "",
    pattern: /^[a-z]+=\d+$/,
  });
  equal(flag.parse("a=1,b=2"), ["a=1", "b=2"]);
  equal(flag.more?.("c=3", 1), true);
  equal(flag.more?.("model.mat", 1), false);
});
