import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/** A picture of one grey: a PNG of 8 bits without alpha. */
export function pngOf(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 8;
  // Each line begins with its filter: none.
  const lines = new Uint8Array((width + 1) * height).fill(0x80);
  for (let line = 0; line < height; line++) lines[line * (width + 1)] = 0;
  return new Uint8Array(Buffer.concat([
    new Uint8Array(SIGNATURE),
    chunkOf("IHDR", header),
    chunkOf("IDAT", deflateSync(lines)),
    chunkOf("IEND", new Uint8Array()),
  ]));
}

function chunkOf(name: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  chunk.set(body, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
