/** Trials cut into pieces, so that one stage runs while the next follows it. */
import { upToFour } from "./types.ts";

/** Steps `from` up to, not with, `to`. */
export interface Piece {
  readonly from: number;
  readonly to: number;
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
