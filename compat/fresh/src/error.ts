import type { ErrorStatus } from "./_status.ts";

/**
 * Thrown to end a request with an HTTP status. The message is shown to the
 * client where no error page is; it defaults to the status's own text.
 *
 * ```ts
 * import { HttpError } from "fresh";
 *
 * throw new HttpError(404, "No such report");
 * ```
 */
export class HttpError extends Error {
  /** The HTTP status, 400 to 599. */
  status: ErrorStatus;

  constructor(status: ErrorStatus, message?: string, options?: ErrorOptions) {
    super(message, options);
    this.name = this.constructor.name;
    this.status = status;
  }
}
