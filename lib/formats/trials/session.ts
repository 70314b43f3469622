/** What an NWB file says of a session besides its trials. */

/** A time with its zone, as NWB wants it; undefined if the text is none. */
export function zonedTime(text: string): string | undefined {
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/i;
  if (!zoned.test(text) || Number.isNaN(Date.parse(text))) return undefined;
  return text.replace(/Z$/i, "+00:00");
}

/** Whether a text may name whose activity it is. */
export function namesSubject(text: string): boolean {
  return text !== "" && !/[/\\]/.test(text);
}

/** When the session began that has no date: the same trials give the same file. */
export const undated = "2000-01-01T00:00:00+00:00";
