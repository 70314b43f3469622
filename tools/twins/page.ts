/** The numbers of the study as Markdown, between two marks of the page. */
import { show } from "../../lib/report/figures/layers.ts";
import { type Mapping, measures } from "./measures.ts";
import { mappings, type MeanOver, type TaskSummary } from "./summary.ts";
import type { TwinRecord } from "./study.ts";

/** What is written anew stands between these. */
const marks = {
  from: "<!-- numbers: written by deno task twins -->",
  to: "<!-- end of numbers -->",
};

/** The page if there is none yet. */
const blank = `# What differs between a rate network and its spiking twin\n\n` +
  `${marks.from}\n${marks.to}\n`;

/**
 * A page with its numbers written anew; what stands around them stays.
 *
 * @param page as it is; empty if there is none
 * @param numbers from {@linkcode numbersText}
 * @throws {RangeError} if the page has lost its marks
 */
export function withNumbers(page: string, numbers: string): string {
  const whole = page.trim() === "" ? blank : page;
  const [from, to] = [whole.indexOf(marks.from), whole.indexOf(marks.to)];
  if (from < 0 || to < from) {
    throw new RangeError(
      `Cannot write the numbers: the page needs the lines "${marks.from}" ` +
        `and "${marks.to}", in this order`,
    );
  }
  return whole.slice(0, from + marks.from.length) + "\n" + numbers.trimEnd() +
    "\n" + whole.slice(to);
}

/** The tables: how many networks there are, and a table for each subject. */
export function numbersText(
  records: readonly TwinRecord[],
  summaries: readonly TaskSummary[],
): string {
  const tasks = [...new Set(records.map(({ task }) => task))];
  const counts = tasks.map((task) => {
    const own = records.filter((record) => record.task === task);
    const learned = own.filter(({ measured }) => measured.length > 0);
    const tuned = learned.filter(({ tuned }) => tuned).length;
    return `\`${task}\` ${learned.length} (tuning kept in ${tuned}` +
      (learned.length < own.length
        ? `; ${own.length - learned.length} more did not learn it)`
        : ")");
  });
  const units = [...new Set(records.map(({ units }) => units))].join(", ");
  const trials = [...new Set(records.map(({ trials }) => trials))].join(", ");
  const subjects = Map.groupBy(
    summaries,
    ({ measure }) => measures[measure].about,
  );
  return [
    `Networks of ${units} units: ${counts.join(", ")}. ${trials} trials of ` +
    "each condition. Means over networks with 95 % intervals (Student’s t, " +
    "those of shares cut off at 0 and 100 %). *By mapping*: factor alone less " +
    "rate network; *by tuning*: tuned less factor alone, of the same network.",
    ...[...subjects].map(([about, own]) => `### ${about}\n\n${table(own)}`),
  ].join("\n\n");
}

function table(own: readonly TaskSummary[]): string {
  const there = mappings.filter((mapping) =>
    own.some(({ means }) => means[mapping])
  );
  const names: Readonly<Record<Mapping, string>> = {
    rate: "rate network",
    factor: "factor alone",
    tuned: "tuned",
  };
  const mapped = own.some(({ mapping }) => mapping);
  const head = [
    ...["measure", "task", ...there.map((name) => names[name])],
    ...(mapped ? ["by mapping"] : []),
    "by tuning",
  ];
  const lines = own.filter(({ means }) => Object.keys(means).length > 0)
    .map(({ measure, task, means, mapping, tuning }, k, all) => {
      const { title, ...about } = measures[measure];
      const share = "share" in about;
      const cell = (mean?: MeanOver) => mean ? text(mean, share) : "";
      return [
        all[k - 1]?.measure === measure ? "" : title,
        `\`${task}\``,
        ...there.map((mapping) => cell(means[mapping])),
        ...(mapped ? [cell(mapping)] : []),
        cell(tuning),
      ];
    });
  return [
    head,
    head.map(() => "---"),
    ...lines,
  ].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** "0.92 [0.90, 0.94]", in per cent for a share. */
function text({ networks, mean, low, high }: MeanOver, share: boolean): string {
  if (networks === 0) return "–";
  const number = (value: number) => show(share ? 100 * value : value, 3);
  return number(mean) +
    (networks > 1 ? ` [${number(low)}, ${number(high)}]` : "") +
    (share ? " %" : "");
}
