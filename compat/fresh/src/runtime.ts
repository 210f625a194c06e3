/**
 * What both the server and islands in the browser may use.
 *
 * @module
 */
export { HttpError } from "./error.ts";
export { asset, assetSrcSet } from "./_asset.ts";
export { Head, type HeadProps } from "./head.ts";
export { IS_BROWSER } from "./_is_browser.ts";
