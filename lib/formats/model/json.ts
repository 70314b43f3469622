/**
 * JSON in a field of a model file. Numbers that JSON lacks are the strings
 * "NaN", "Infinity" and "-Infinity"; text is ASCII, so that every reader's idea
 * of an encoding gives the same.
 */
import type { MatValue } from "../../mat5/types.ts";
import { char } from "../../mat5/values.ts";
import { maxNesting, nesting } from "../nested_json.ts";
import { fieldError, type Fields } from "./fields.ts";

/** A value as JSON in a char row. */
export function encodeJson(value: unknown): MatValue {
  const json = JSON.stringify(
    value,
    (_, part) =>
      typeof part === "number" && !Number.isFinite(part) ? `${part}` : part,
  );
  return char(
    json.replace(
      /[^\x20-\x7e]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}

/** A part of a JSON value, which knows where it stands for errors. */
export class Json {
  constructor(
    readonly value: unknown,
    readonly field: string,
    readonly path = "",
  ) {}

  #wrong(expected: string): Error {
    const received = JSON.stringify(this.value)?.slice(0, 60) ?? "nothing";
    const where = this.path === "" ? "" : ` at ${this.path}`;
    return fieldError(this.field, `${received}${where}`, expected);
  }

  /** Whether there is something here. */
  get present(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** A named part of an object. */
  get(name: string): Json {
    const object = this.object();
    const value = Object.hasOwn(object, name) ? object[name] : undefined;
    return new Json(value, this.field, `${this.path}.${name}`);
  }

  object(): Record<string, unknown> {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw this.#wrong("an object");
    }
    return value as Record<string, unknown>;
  }

  list<T>(read: (part: Json) => T): T[] {
    if (!Array.isArray(this.value)) throw this.#wrong("a list");
    return this.value.map((part, i) =>
      read(new Json(part, this.field, `${this.path}[${i}]`))
    );
  }

  text(): string {
    if (typeof this.value !== "string") throw this.#wrong("text");
    return this.value;
  }

  /** A number, NaN and infinities included. */
  number(): number {
    const { value } = this;
    if (typeof value === "number") return value;
    if (value === "NaN" || value === "Infinity" || value === "-Infinity") {
      return Number(value);
    }
    throw this.#wrong("a number");
  }

  /** One of a few words, or truth values. */
  oneOf<T extends string | boolean>(...words: readonly T[]): T {
    const word = words.find((known) => known === this.value);
    if (word === undefined) throw this.#wrong(`one of ${words.join(", ")}`);
    return word;
  }
}

/** Takes the JSON in a field; `undefined` if there is no such field. */
export function decodeJson(fields: Fields, field: string): Json | undefined {
  if (!fields.has(field)) return undefined;
  const text = fields.text(field, "JSON");
  if (nesting(text) > maxNesting) {
    throw fieldError(
      field,
      "JSON nested too deep",
      `at most ${maxNesting} lists or objects within each other`,
    );
  }
  try {
    return new Json(JSON.parse(text), field);
  } catch (error) {
    throw fieldError(field, JSON.stringify(text.slice(0, 60)), "JSON", error);
  }
}
