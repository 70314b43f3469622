/** The model that is meant if none is named, or a folder in its place. */
import { files } from "../platform/files.ts";
import { FailureError } from "./errors.ts";
import { isFolder, matFilesIn, whyNoModel } from "./model_files.ts";
import { usualModels } from "./needs.ts";
import type { Reporter } from "./reporter.ts";

/**
 * The model to work on: the file that was named, or the newest model in the
 * folder that was, or else in `models`. Which one was taken is said.
 *
 * @param named what was named, if anything
 * @param verb what is done with it, for errors: "draw"
 * @param output who hears which one was taken
 * @param folder where to look if nothing was named
 * @throws {FailureError} if a folder holds no model
 */
export async function theModel(
  named: string | undefined,
  verb: string,
  output: Reporter,
  folder: string = usualModels,
): Promise<string> {
  if (named !== undefined && !await isFolder(named)) return named;
  const place = named ?? folder;
  const path = await newestIn(place);
  if (path === undefined) {
    throw new FailureError(
      `Cannot ${verb} a model: ` +
        (named === undefined
          ? `none is named, and there is none in the folder ${place}; name ` +
            "its file, or train one first"
          : `there is none in the folder ${place}`),
    );
  }
  output.note(`the newest model in ${place}: ${path}`);
  return path;
}

/** The newest model in a folder, however deep: by the time in its name, or of its file. */
async function newestIn(folder: string): Promise<string | undefined> {
  const found = await isFolder(folder) ? await matFilesIn(folder) : [];
  const dated = await Promise.all(found.map(async (path) => ({
    path,
    time: timeInName(path) ?? (await files.stat(path)).mtime?.getTime() ?? 0,
  })));
  dated.sort((a, b) => b.time - a.time);
  for (const { path } of dated) {
    if (await whyNoModel(path) === undefined) return path;
  }
  return undefined;
}

/** When a model was saved, by the name that `train` gives it. */
function timeInName(path: string): number | undefined {
  const [, year, month, day, hours, minutes, seconds, number = "1"] =
    /_(\d{4})_(\d\d)_(\d\d)_(\d\d)(\d\d)(\d\d)(?:_\d+_layers)?(?:_(\d{1,3}))?\.mat$/
      .exec(path) ?? [];
  return year === undefined ? undefined : new Date(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hours),
    Number(minutes),
    Number(seconds),
    // Tells models apart that were saved in one second.
    Number(number),
  ).getTime();
}
