/** What HDF5 files hold, as plain data: groups, datasets and attributes. */

/** Numbers of a dataset or an attribute. */
export type Hdf5Numbers =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A reference to an object of the same file, by its path from the root. */
export interface Hdf5Reference {
  /** As in `/units/spike_times`. */
  readonly refersTo: string;
}

/** What a dataset or an attribute holds: texts are UTF-8 of any length. */
export type Hdf5Value = string | readonly string[] | Hdf5Numbers;

/** Attributes by name; a number is a double, a bigint an integer of 64 bits. */
export type Hdf5Attributes = Readonly<
  Record<string, Hdf5Value | number | bigint | Hdf5Reference>
>;

/** A dataset. */
export interface Hdf5Dataset {
  /**
   * Its numbers, row-major, or its texts; in a file that is written in pieces also
   * what gives its rows one part after the other, and nothing if they are there.
   */
  readonly value?: Hdf5Value | (() => Iterable<Hdf5Numbers>);
  /** Sizes, `[]` for a single number; a vector (of one text, a single one) when left out. */
  readonly shape?: readonly number[];
  /** Its attributes. */
  readonly attributes?: Hdf5Attributes;
}

/** A group: other groups and datasets by name. */
export interface Hdf5Group {
  /** Groups and datasets, in the order in which they are written. */
  readonly members: Readonly<Record<string, Hdf5Group | Hdf5Dataset>>;
  /** Its attributes. */
  readonly attributes?: Hdf5Attributes;
}
