import { createHash } from "node:crypto";

/**
 * An answer in JSON that a browser may keep but must ask about: `private, no-cache` and an ETag; 304
 * where the one who asks has the same already.
 */
export function jsonAnswer<Body>(request: Request, body: Body): Response {
  const text = JSON.stringify(body);
  const digest = createHash("sha256").update(text).digest("base64url");
  const etag = `"${digest}"`;
  const headers = new Headers({ "cache-control": "private, no-cache", etag });
  if (matches(request.headers.get("if-none-match"), etag)) {
    return new Response(null, { status: 304, headers });
  }
  headers.set("content-type", "application/json; charset=utf-8");
  return new Response(text, { headers });
}

/** Weak comparison (RFC 9110, 13.1.2): whoever compresses the answer may weaken its tag. */
function matches(ifNoneMatch: string | null, etag: string): boolean {
  if (ifNoneMatch === null) return false;
  return ifNoneMatch.trim() === "*" ||
    ifNoneMatch.split(",").some((tag) =>
      tag.trim().replace(/^W\//, "") === etag
    );
}
