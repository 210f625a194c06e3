import { gzip, type ZlibOptions } from "node:zlib";

/** Packs bytes on another thread: this one has pages to serve. */
export function gzipped(
  bytes: Uint8Array,
  options: ZlibOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    gzip(bytes, options, (error, packed) => {
      if (error) reject(error);
      else resolve(new Uint8Array(packed));
    });
  });
}
