/** Too much was asked at once or too often; the same request is welcome again after the pause. */
export class ThrottledError extends Error {
  override name = "ThrottledError";

  /**
   * @param message A sentence for people.
   * @param retryAfterSeconds Whole seconds until another try makes sense.
   */
  constructor(
    message: string,
    readonly retryAfterSeconds: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
