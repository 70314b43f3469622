/** A .npz file written piece by piece, whose large arrays are never whole in memory. */
import type { OpenFile } from "../platform/file_types.ts";
import { crc32 } from "../platform/zlib.ts";
import { writeAll } from "./atomic.ts";
import { npyHeader32 } from "./npz/npy.ts";
import { localHeader, zipDirectory, type ZipEntry } from "./npz/zip.ts";
import { npyOf, type NpzEntry } from "./npz.ts";

/** A member of which a part is written. */
interface Begun extends ZipEntry {
  /** Of its local header. */
  readonly offset: number;
  /** Where its next bytes go. */
  next: number;
  /** CRC-32 of the bytes so far. */
  checksum: number;
}

/**
 * Writes arrays into an open file: those of which rows come one after another
 * have their place as soon as their sizes are known.
 */
export class NpzPieces {
  readonly #file: Pick<OpenFile, "write" | "seek">;
  readonly #begun = new Map<string, Begun>();
  #end = 0;
  #broken = false;

  /** @param file that is open, empty and may be written to */
  constructor(file: Pick<OpenFile, "write" | "seek">) {
    this.#file = file;
  }

  /** Whether the file could not be written to. */
  get broken(): boolean {
    return this.#broken;
  }

  /** Whether an array has its place. */
  has(name: string): boolean {
    return this.#begun.has(name);
  }

  /**
   * Gives an array of float32 its place; `append` fills it.
   *
   * @param shape of the whole array
   */
  async reserve(name: string, shape: readonly number[]): Promise<void> {
    const header = npyHeader32(shape);
    const numbers = shape.reduce((product, size) => product * size, 1);
    await this.#begin(name, header.length + 4 * numbers);
    await this.#write(name, header);
  }

  /** Writes further numbers of an array that has its place. */
  async append(name: string, numbers: ArrayLike<number>): Promise<void> {
    const data = numbers instanceof Float32Array
      ? numbers
      : Float32Array.from(numbers);
    const { buffer, byteOffset, byteLength } = data;
    await this.#write(name, new Uint8Array(buffer, byteOffset, byteLength));
  }

  /** Writes a whole array, or texts. */
  async add(name: string, entry: NpzEntry): Promise<void> {
    const bytes = npyOf(entry);
    await this.#begin(name, bytes.length);
    await this.#write(name, bytes);
  }

  /**
   * Ends the file.
   *
   * @throws {TypeError} if an array is not full
   */
  async end(): Promise<void> {
    const entries = [...this.#begun.values()];
    for (const entry of entries) {
      const header = localHeader(entry);
      const missing = entry.offset + header.length + entry.size - entry.next;
      if (missing !== 0) {
        throw new TypeError(
          `Cannot write the .npz file: ${entry.name} lacks ${missing} bytes`,
        );
      }
      // Checksums are known only now.
      await this.#writeAt(header, entry.offset);
    }
    await this.#writeAt(zipDirectory(entries, this.#end), this.#end);
  }

  async #begin(name: string, size: number): Promise<void> {
    const entry: Begun = {
      name: `${name}.npy`,
      compress: false,
      checksum: 0,
      packed: size,
      size,
      offset: this.#end,
      next: 0,
    };
    const header = localHeader(entry);
    entry.next = this.#end + header.length;
    await this.#writeAt(header, this.#end);
    this.#end = entry.next + size;
    this.#begun.set(name, entry);
  }

  async #write(name: string, bytes: Uint8Array): Promise<void> {
    const entry = this.#begun.get(name)!;
    entry.checksum = crc32(bytes, entry.checksum);
    await this.#writeAt(bytes, entry.next);
    entry.next += bytes.length;
  }

  async #writeAt(bytes: Uint8Array, position: number): Promise<void> {
    try {
      await this.#file.seek(position, 0);
      await writeAll(this.#file, bytes);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }
}
