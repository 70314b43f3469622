/** What shows how far a command has come. */
import type { Status } from "../../runs/progress/status.ts";

/** Something that shows how far a command has come. */
export interface ProgressView {
  /**
   * Shows it, unless it was shown a moment ago.
   *
   * @param wait milliseconds for which nothing needs to be shown yet
   */
  show(status: Status, wait?: number): void;
  /** Takes away what would be in the way of the next line. */
  clear(): void;
  /** Nothing more is shown. */
  end(): void;
}
