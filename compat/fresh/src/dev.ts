/**
 * Building and developing an app.
 *
 * @module
 */
export {
  Builder,
  type BuildOptions,
  type ResolvedBuildConfig,
} from "./_builder.ts";
export type {
  OnTransformArgs,
  OnTransformOptions,
  TransformFn,
} from "./_transform.ts";
