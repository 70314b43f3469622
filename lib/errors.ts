/**
 * The errors that cross the edge of the public functions, one class per kind.
 *
 * Wrong shapes are `TypeError`, wrong values `RangeError`; what belongs to a
 * file, a task or a backend has a class of its own. Every message reads
 * "Cannot X: what was received, what is allowed".
 */

/** A model file (or another data file) that cannot be read or written. */
export class ModelFileError extends Error {
  /** Name with which a printed error begins. */
  override name = "ModelFileError";
}

/** A task that is unknown, badly timed, or whose own code failed. */
export class TaskError extends Error {
  /** Name with which a printed error begins. */
  override name = "TaskError";
}

/** A backend that is missing, failed, or gave a wrong known answer. */
export class BackendError extends Error {
  /** Name with which a printed error begins. */
  override name = "BackendError";
}
