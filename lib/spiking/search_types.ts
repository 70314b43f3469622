/** Names shared by the grid search, the model file and the command line. */

/** How the scaling factor is chosen: by the paper's rule, or the strict one. */
export type SelectRule = "strict" | "paper";
