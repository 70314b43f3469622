import { doesNotThrow, throws } from "node:assert/strict";
import { compare } from "./run_page.ts";

Deno.test("compare() takes numbers that are close, any seconds, and lines left out", () => {
  doesNotThrow(() => compare("a 1.02\nb 7 s\nc", "a 1.00\nb 99 s\nc", ""));
  doesNotThrow(() => compare("in 1 min 28 s: b", "in 2 s: b", ""));
  doesNotThrow(() => compare("in 2 h 5 min", "in 2 s", ""));
  doesNotThrow(() => compare("a\nb\nc\nd 1", "…\nc\nd 1", ""));
  doesNotThrow(() => compare("a\nb", "a\n…", ""));
});

Deno.test("compare() refuses other words, numbers far off, and lines too many or too few", () => {
  const pairs = [["a 2", "a 1"], ["a", "b"], ["a\nb", "a"], ["a", "a\nb"], [
    "a\nb",
    "…\nc",
  ]];
  for (const [text, expected] of pairs) {
    throws(() => compare(text, expected, "page.md:1"), /page\.md:1/);
  }
});
