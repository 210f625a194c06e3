import { HttpError } from "fresh";
import { UsageError } from "../domain/mod.ts";

/** More than any form of the portal holds. */
const MAX_FORM_BYTES = 64 * 1024;
/** Milliseconds within which all of a form has to come. */
const FORM_PATIENCE_MS = 30_000;

/**
 * The text fields of a posted form, urlencoded or multipart. A field that is missing reads "".
 *
 * @param options `patienceMs`: how long the body may take; 30 seconds unless given.
 * @throws {HttpError} 413 when the body is too large, 408 when it takes too long: no more of it is read.
 * @throws {UsageError} when the body is not a form, or was not sent whole.
 */
export async function readForm<Field extends string>(
  request: Request,
  fields: readonly Field[],
  { patienceMs = FORM_PATIENCE_MS }: { patienceMs?: number } = {},
): Promise<Record<Field, string>> {
  return textsOf(await readFormData(request, patienceMs), fields);
}

/** The text fields of a form and the file in another one; null where none was chosen. As {@linkcode readForm}. */
export async function readFormWithFile<Field extends string>(
  request: Request,
  fields: readonly Field[],
  file: string,
): Promise<
  Record<Field, string> & { file: Uint8Array<ArrayBuffer> | null }
> {
  const form = await readFormData(request, FORM_PATIENCE_MS);
  const chosen = form.get(file);
  const isFile = chosen instanceof File && chosen.size > 0;
  return {
    ...textsOf(form, fields),
    file: isFile ? new Uint8Array(await chosen.arrayBuffer()) : null,
  };
}

async function readFormData(
  request: Request,
  patienceMs: number,
): Promise<FormData> {
  const body = await readBody(request, patienceMs);
  const type = request.headers.get("content-type") ?? "";
  try {
    return await new Response(body, { headers: { "content-type": type } })
      .formData();
  } catch (cause) {
    throw new UsageError("Cannot read the request: its body is not a form", {
      cause,
    });
  }
}

function textsOf<Field extends string>(
  form: FormData,
  fields: readonly Field[],
): Record<Field, string> {
  const text = (field: Field) => {
    const value = form.get(field);
    return typeof value === "string" ? value : "";
  };
  return Object.fromEntries(
    fields.map((field) => [field, text(field)]),
  ) as Record<Field, string>;
}

async function readBody(
  request: Request,
  patienceMs: number,
): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const chunk of received(request, patienceMs)) {
    size += chunk.byteLength;
    if (size > MAX_FORM_BYTES) {
      throw new HttpError(413, "The form is too large");
    }
    chunks.push(chunk);
  }
  return new Blob(chunks);
}

/** What comes of a body. One that ends before its end is the sender's doing, no fault of the portal. */
async function* received(
  { body }: Request,
  patienceMs: number,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const chunks = body?.getReader();
  if (!chunks) return;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    chunks.cancel().catch(() => {});
  }, patienceMs);
  try {
    for (;;) {
      const { done, value } = await chunks.read();
      if (isLate) throw new HttpError(408, "The form took too long to come");
      if (done) return;
      yield value;
    }
  } catch (cause) {
    if (cause instanceof HttpError) throw cause;
    throw new UsageError("Cannot read the request: it was not sent whole", {
      cause,
    });
  } finally {
    clearTimeout(timer);
    // Nobody waits for what is left of it.
    chunks.cancel().catch(() => {});
  }
}
