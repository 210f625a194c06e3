import { BUILD_ID } from "#build-id";

/** The search parameter that makes an address last one build only. */
export const ASSET_KEY = "__frsh_c";

const ORIGIN = "http://asset";

/** A path that reads the same once it is parsed. */
const PLAIN = /^(?:\/[\w-]+(?:\.[\w-]+)*)+$/;

/**
 * Adds the build's key to a path from the root, so that it can be cached for
 * a year. Relative paths and whole addresses are left alone.
 */
export function asset(path: string): string {
  if (!path.startsWith("/") || path.startsWith("//")) return path;
  if (PLAIN.test(path)) return `${path}?${ASSET_KEY}=${BUILD_ID}`;
  const url = URL.parse(path, ORIGIN);
  // A backslash may lead to another host, or nowhere.
  if (url?.origin !== ORIGIN || url.searchParams.has(ASSET_KEY)) return path;
  url.searchParams.set(ASSET_KEY, BUILD_ID);
  return url.pathname + url.search + url.hash;
}

/** Does {@linkcode asset} for every address of a `srcset`. */
export function assetSrcSet(srcset: string): string {
  return srcset.replaceAll(/(^|,\s*)(\/[^\s,]+)/g, (_, before, path) => {
    return before + asset(path);
  });
}

/** The attributes of an `img` or `source`, with their addresses keyed. */
export function assetProps<P extends Record<string, unknown>>(props: P): P {
  if (props["data-fresh-disable-lock"]) return props;
  const { src, srcset } = props;
  return {
    ...props,
    ...(typeof src === "string" ? { src: asset(src) } : {}),
    ...(typeof srcset === "string" ? { srcset: assetSrcSet(srcset) } : {}),
  };
}
