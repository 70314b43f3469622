/** The rules by which trials count as right. */

/** The paper's rule, or the strict one, which asks for more. */
export type PerformanceRule = "strict" | "paper";

/** Both. */
export const performanceRules: readonly PerformanceRule[] = ["strict", "paper"];
