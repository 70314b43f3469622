/** NumPy's arrays, as tests make and read them. */
import { decodeZip } from "../../lib/formats/npz/zip.ts";

/** An array as NumPy writes it, of any type. */
export function npyOf(
  code: string,
  data: { readonly buffer: ArrayBufferLike; readonly length: number },
  shape: readonly number[] = [data.length],
): Uint8Array<ArrayBuffer> {
  const header = `{'descr': '${code}', 'fortran_order': False, 'shape': (${
    shape.join(", ")
  }${shape.length === 1 ? "," : ""}), }`;
  const text = `\0NUMPY\x01\0\0\0${header.padEnd(117)}\n`;
  const bytes = new TextEncoder().encode(text);
  bytes[0] = 0x93;
  bytes[8] = 118;
  return new Uint8Array([...bytes, ...new Uint8Array(data.buffer)]);
}

/** The texts of an array in a .npz file. */
export async function textsOf(path: string, name: string): Promise<string[]> {
  const bytes = decodeZip(await Deno.readFile(path), 2 ** 30)
    .get(`${name}.npy`)!;
  const start = bytes.indexOf("\n".charCodeAt(0)) + 1;
  const header = new TextDecoder().decode(bytes.subarray(0, start));
  const length = Number(/'<U(\d+)'/.exec(header)![1]);
  const points = new Uint32Array(new Uint8Array(bytes.subarray(start)).buffer);
  return Array.from(
    { length: points.length / length },
    (_, k) =>
      String.fromCodePoint(
        ...points.subarray(k * length, (k + 1) * length).filter((p) => p > 0),
      ),
  );
}
