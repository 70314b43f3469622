/** Trials cut into pieces, so that one stage runs while the next follows it. */
import { upToFour } from "./types.ts";

/** Steps `from` up to, not with, `to`. */
export interface Piece {
  readonly from: number;
  readonly to: number;
}

/** A structure whose weights hold from a step on. */
export interface StructureFrom<Structure> {
  readonly from: number;
  readonly structure: Structure;
}

/** A trial in pieces, each with the structure that holds in it. */
export function structurePieces<Structure>(
  steps: number,
  first: Structure,
  later: readonly StructureFrom<Structure>[],
): (Piece & { readonly structure: Structure })[] {
  return [{ from: 0, structure: first }, ...later]
    .map(({ from, structure }, k) => ({
      from: Math.min(from, steps),
      to: Math.min(later[k]?.from ?? steps, steps),
      structure,
    }))
    .filter(({ from, to }) => from < to);
}

/** A piece is worth the hand-over from thread to thread from this length on. */
const shortestPiece = 24;
/** A trial is cut into so many at most. */
const mostPieces = 16;

/** A trial in pieces: one for one thread, or enough that stages overlap. */
export function piecesOf(steps: number, threads: number): Piece[] {
  const length = threads === 1
    ? steps
    : Math.max(shortestPiece, upToFour(Math.ceil(steps / mostPieces)));
  const pieces: Piece[] = [];
  for (let from = 0; from < steps; from += length) {
    pieces.push({ from, to: Math.min(from + length, steps) });
  }
  return pieces;
}

/**
 * Pairs of a stage and a piece, so ordered that neighbours seldom wait for each
 * other: stages follow one another at the distance of a piece.
 */
export function* diagonals(
  stages: number,
  pieces: number,
): Generator<[number, number]> {
  for (let d = 0; d < stages + pieces - 1; d++) {
    for (let k = Math.min(d, stages - 1); k >= 0 && d - k < pieces; k--) {
      yield [k, d - k];
    }
  }
}
