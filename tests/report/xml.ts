/** A strict little reader of XML: enough to tell whether a drawing is well formed. */

/** An element, with what is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  readonly text: string;
}

/**
 * Reads a document.
 *
 * @throws {Error} where it is not well formed
 */
export function parseXml(source: string): Element {
  interface Open {
    name: string;
    attributes: Record<string, string>;
    children: Element[];
    text: string;
  }
  const document: Open = { name: "", attributes: {}, children: [], text: "" };
  const open = [document];
  const token =
    /<(\/?)([A-Za-z][\w:.-]*)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
  while (token.lastIndex < source.length) {
    const at = token.lastIndex;
    const found = token.exec(source);
    if (!found) throw new Error(`Not XML: ${source.slice(at, at + 80)}`);
    const [, closing, name, attributeText, empty, text] = found;
    const current = open.at(-1)!;
    if (text !== undefined) {
      if (/&(?!#\d+;|amp;|lt;|gt;|quot;)/.test(text)) {
        throw new Error(`A bare &: ${text}`);
      }
      current.text += text;
      continue;
    }
    if (closing) {
      if (current.name !== name) {
        throw new Error(`</${name}> where </${current.name}> is due`);
      }
      open.pop();
      open.at(-1)!.children.push(current);
      continue;
    }
    const attributes: Record<string, string> = {};
    for (
      const [, key, value] of attributeText.matchAll(/([\w:.-]+)="([^"]*)"/g)
    ) {
      if (Object.hasOwn(attributes, key)) throw new Error(`${key} comes twice`);
      attributes[key] = value;
    }
    const element = { name, attributes, children: [], text: "" };
    if (empty) current.children.push(element);
    else open.push(element);
  }
  if (open.length > 1) throw new Error(`<${open.at(-1)!.name}> is not closed`);
  if (document.children.length !== 1) throw new Error("not one root");
  return document.children[0];
}

/** All elements of a document, in order. */
export function* elements(root: Element): Generator<Element> {
  yield root;
  for (const child of root.children) yield* elements(child);
}
