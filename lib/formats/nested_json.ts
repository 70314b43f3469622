/** JSON of others, refused where it is nested so deeply that its readers would break. */

/** Lists and objects within each other; what follows would recurse. */
export const maxNesting = 100;

/** Depth of the brackets in JSON, counted without parsing it. */
export function nesting(json: string): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '"') inText = !inText;
    else if (inText && character === "\\") at++;
    else if (inText) continue;
    else if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}

/**
 * Parses JSON, as `JSON.parse` does.
 *
 * @throws {SyntaxError} if it is none, or nested deeper than `maxNesting`
 */
export function parseJson(json: string): unknown {
  if (nesting(json) > maxNesting) {
    throw new SyntaxError(
      `lists and objects are nested more than ${maxNesting} deep`,
    );
  }
  return JSON.parse(json);
}
