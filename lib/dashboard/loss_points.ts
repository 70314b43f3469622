/** The course of the loss in a bounded number of points, however long a run is. */

/** Mean loss of some updates that follow one another. */
export interface LossPoint {
  /** Number of the first and of the last update. */
  readonly from: number;
  readonly update: number;
  readonly loss: number;
}

/** Most points: more than a screen is wide. */
const mostPoints = 2000;

/** Two neighbours as one point. */
export function joined(a: LossPoint, b: LossPoint): LossPoint {
  const ofA = a.update - a.from + 1;
  const ofB = b.update - b.from + 1;
  return {
    from: a.from,
    update: b.update,
    loss: (a.loss * ofA + b.loss * ofB) / (ofA + ofB),
  };
}

/**
 * Adds a point in its place: it takes that of points that it covers (a reader
 * that comes back is sent some again), and once there are too many, neighbours
 * are joined.
 *
 * @param points in order, changed in place
 */
export function addPoint<P extends LossPoint>(
  points: P[],
  point: P,
  join: (a: P, b: P) => P,
  most = mostPoints,
): void {
  while (points.length > 0 && points[points.length - 1].update >= point.from) {
    points.pop();
  }
  points.push(point);
  if (points.length <= most) return;
  let kept = 0;
  for (let k = 0; k < points.length; k += 2) {
    points[kept++] = k + 1 < points.length
      ? join(points[k], points[k + 1])
      : points[k];
  }
  points.length = kept;
}
