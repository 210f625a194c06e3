import { HttpError } from "fresh";
import { UsageError } from "../domain/mod.ts";

/** More than any form of the portal holds. */
const MAX_FORM_BYTES = 64 * 1024;

/**
 * The text fields of a posted form, urlencoded or multipart. A field that is missing reads "".
 *
 * @throws {HttpError} 413 when the body is too large: no more of it is read.
 * @throws {UsageError} when the body is not a form.
 */
export async function readForm<Field extends string>(
  request: Request,
  fields: readonly Field[],
): Promise<Record<Field, string>> {
  const body = await readBody(request);
  const type = request.headers.get("content-type") ?? "";
  let form: FormData;
  try {
    form = await new Response(body, { headers: { "content-type": type } })
      .formData();
  } catch (cause) {
    throw new UsageError("Cannot read the request: its body is not a form", {
      cause,
    });
  }
  const text = (field: Field) => {
    const value = form.get(field);
    return typeof value === "string" ? value : "";
  };
  return Object.fromEntries(
    fields.map((field) => [field, text(field)]),
  ) as Record<Field, string>;
}

async function readBody(request: Request): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_FORM_BYTES) {
      throw new HttpError(413, "The form is too large");
    }
    chunks.push(chunk);
  }
  return new Blob(chunks);
}
