/** What is asked for is not there, or not there for the one who asks. */
export class NotFoundError extends Error {
  override name = "NotFoundError";
}

/** Somebody else changed the same thing first. */
export class ConflictError extends Error {
  override name = "ConflictError";
}

/** It may pass: trying again later is sensible. */
export class TransientError extends Error {
  override name = "TransientError";
}

/** It will not pass by trying again: somebody has to change something. */
export class TerminalError extends Error {
  override name = "TerminalError";
}

/** A setting, an argument or an option is wrong: the command line answers with exit code 2. */
export class UsageError extends Error {
  override name = "UsageError";
}
