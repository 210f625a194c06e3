import { UsageError } from "./errors.ts";

/** What pages know of a brand's logo; the picture itself stands apart. */
export interface LogoFacts {
  /** Of the picture, hexadecimal: another picture has another address. */
  hash: string;
  /** Pixels of the picture. */
  width: number;
  height: number;
}

/** More than a logo of its size on a page needs, and less than a value of the database may have. */
export const MAX_LOGO_BYTES = 48 * 1024;
const MAX_SIDE = 4000;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
/** Where a PNG's header chunk has been told whole: signature, length, "IHDR", width, height. */
const HEADER_BYTES = 24;
const HEADER_NAME = 0x49484452;

/**
 * The size of a PNG in pixels, as its header has it.
 *
 * @throws {UsageError} when the bytes are no PNG, too many, or those of a very large picture.
 */
export function logoSize(
  bytes: Uint8Array,
): Pick<LogoFacts, "width" | "height"> {
  const refuse = (why: string) =>
    new UsageError(`Cannot keep the logo: ${why}`);
  if (bytes.length > MAX_LOGO_BYTES) {
    throw refuse(`it has more than ${MAX_LOGO_BYTES / 1024} KB`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isPng = bytes.length > HEADER_BYTES &&
    PNG.every((byte, at) => bytes[at] === byte) &&
    view.getUint32(12) === HEADER_NAME;
  if (!isPng) throw refuse("it is not a PNG");
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const fits = (side: number) => side > 0 && side <= MAX_SIDE;
  if (!fits(width) || !fits(height)) {
    throw refuse(`it has ${width} by ${height} pixels`);
  }
  return { width, height };
}

/** How large a logo is shown, in pixels of the page: as large as the room, its shape kept. */
export function fitLogo(
  { width, height }: Pick<LogoFacts, "width" | "height">,
  room: { width: number; height: number },
): { width: number; height: number } {
  const scale = Math.min(room.width / width, room.height / height);
  const side = (pixels: number) => Math.max(1, Math.round(pixels * scale));
  return { width: side(width), height: side(height) };
}
