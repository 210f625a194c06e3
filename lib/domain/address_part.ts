/** Ids that an address cannot hold as they are: not well formed, empty, or a step up or down; `~` begins the others' form. */
const ODD = /^(?:\.{0,2}|~.*)$/s;

/**
 * An upstream id as one part of an address, whatever it holds. {@linkcode idOfPart} reads it back.
 */
export function addressPart(id: string): string {
  if (id.isWellFormed() && !ODD.test(id)) return encodeURIComponent(id);
  let units = "";
  for (let at = 0; at < id.length; at++) {
    units += id.charCodeAt(at).toString(16).padStart(4, "0");
  }
  return `~${units}`;
}

/** The id that a decoded part of an address names; null where it names none. */
export function idOfPart(part: string): string | null {
  if (!ODD.test(part)) return part;
  const units = part.slice(1);
  if (!/^~(?:[\da-f]{4})*$/.test(part)) return null;
  return String.fromCharCode(
    ...(units.match(/.{4}/g) ?? []).map((unit) => parseInt(unit, 16)),
  );
}
