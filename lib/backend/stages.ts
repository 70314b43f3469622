/** The order in which layers run. */

/**
 * Groups layers into stages: layers that feed each other in a cycle share one,
 * and a stage comes after all stages that project to it. Layers ascend within a
 * stage, and stages without a choice of order ascend by their first layer.
 *
 * @param layers number of layers
 * @param edges pairs of layers, from and to
 */
export function layerStages(
  layers: number,
  edges: readonly (readonly [number, number])[],
): number[][] {
  const reaches = Array.from(
    { length: layers },
    (_, a) => Array.from({ length: layers }, (_, b) => a === b),
  );
  for (const [from, to] of edges) reaches[from][to] = true;
  for (let via = 0; via < layers; via++) {
    for (let a = 0; a < layers; a++) {
      for (let b = 0; b < layers; b++) {
        if (reaches[a][via] && reaches[via][b]) reaches[a][b] = true;
      }
    }
  }
  const stages: number[][] = [];
  const placed = new Set<number>();
  while (placed.size < layers) {
    for (let a = 0; a < layers; a++) {
      if (placed.has(a)) continue;
      const together = reaches.flatMap((_, b) =>
        reaches[a][b] && reaches[b][a] ? [b] : []
      );
      const ready = reaches.every((row, b) =>
        !row[a] || placed.has(b) || together.includes(b)
      );
      if (!ready) continue;
      stages.push(together);
      for (const b of together) placed.add(b);
      break;
    }
  }
  return stages;
}
