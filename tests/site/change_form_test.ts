/** What the form of Play makes of its fields. */
import { deepStrictEqual as equal, throws } from "node:assert/strict";
import { type ChangeFields, changeOf } from "../../site/lab/change_form.ts";

const lasting = { steps: 200, stepMs: 5 };
const fields: ChangeFields = {
  ...{ action: "lesion", whom: "I", to: "all" },
  ...{ amount: "0.5", span: ["", ""] },
};

Deno.test("the form's fields are a change, of the whole trial or of a window", () => {
  equal(changeOf(fields, lasting), { kind: "lesion", units: "I" });
  equal(changeOf({ ...fields, span: [" 100 ", ""] }, lasting), {
    ...{ kind: "lesion", units: "I", span: [100, 1000] },
  });
  equal(changeOf({ ...fields, action: "scale", amount: "0" }, lasting), {
    ...{ kind: "scale", from: "I", to: "all", amount: 0 },
  });
  equal(changeOf({ ...fields, action: "exc", whom: [3] }, lasting), {
    ...{ kind: "stimulate", way: "exc", units: [3], span: [0, 1000] },
  });
});

for (
  const [wrong, message] of [
    [
      { span: ["abc", ""] },
      /"abc" for From \(ms\): allowed are numbers from 0/,
    ],
    [{ span: ["", "1e"] }, /"1e" for To \(ms\): allowed are numbers from 0/],
    [
      { span: ["500", "100"] },
      /window 500:100 ms: it must begin before it ends/,
    ],
    [{ span: ["0", "1001"] }, /lie within the trial's 0:1000 ms/],
    [{ span: ["100", "101"] }, /shorter than a step of 5 ms/],
    ...["", "-1", "101", "x"].map((amount) =>
      [
        { action: "scale", amount },
        /for Weights times: allowed are numbers from 0 to 100/,
      ] as const
    ),
  ] as const
) {
  Deno.test(`the form refuses ${JSON.stringify(wrong)}, and says why`, () => {
    throws(
      () => changeOf({ ...fields, ...wrong } as ChangeFields, lasting),
      message,
    );
  });
}
