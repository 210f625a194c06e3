/**
 * Jest's own `expect`, of which `@std/expect` is a port, for places where JSR
 * cannot be reached.
 *
 * @module
 */
import { fn as mockFn, type FunctionLike, type Mock } from "jest-mock";

export { expect } from "expect";

/** Makes a mock function that records its calls and results. */
export function fn<T extends FunctionLike>(implementation?: T): Mock<T> {
  return mockFn(implementation);
}
