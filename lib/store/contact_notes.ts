import { joinBytes } from "./_doc.ts";
import type { KvPort } from "./_kv.ts";
import { recordKey, type StoredNote } from "./_records.ts";
import type { TenantKeys } from "./keys.ts";

/** The stored notes by their contacts: what a sync looks up that reads them contact by contact. Ids are encoded ones. */
export class ContactNotes {
  constructor(
    private readonly port: KvPort,
    private readonly k: TenantKeys,
  ) {}

  /** The upstream id of a stored lead; null where it is not stored. */
  async leadId(part: string): Promise<string | null> {
    // Only what begins like this is not the id itself, see `idPart`.
    if (!part.startsWith("~")) return part;
    const key = recordKey(this.k, "leads", part);
    return (await this.port.get<{ id: string }>(key)).value?.id ?? null;
  }

  /** The stored notes of a contact. */
  async of(contact: string): Promise<string[]> {
    const prefix = [...this.k.notesByContact(), contact];
    const parts: string[] = [];
    for await (const { key } of this.port.list({ prefix })) {
      parts.push(String(key.at(-1)));
    }
    return parts;
  }

  /** The stored notes of every contact that is not known. A note without a contact is not among them. */
  async ofOthers(isKnown: (contact: string) => boolean): Promise<string[]> {
    const prefix = this.k.notesByContact();
    const parts: string[] = [];
    for await (const { key } of this.port.list({ prefix })) {
      const contact = String(key[prefix.length]);
      if (!isKnown(contact)) parts.push(String(key.at(-1)));
    }
    return parts;
  }

  /** What ClientTether sent of each stored note, and whose note it is. */
  async *raw(): AsyncGenerator<{ contactId: string | null; raw: string }> {
    const list = this.port.list<StoredNote>({ prefix: this.k.notes() });
    for await (const { value } of list) {
      const { contactId } = value;
      yield {
        contactId,
        raw: value.body ? await this.#body(value) : value.raw,
      };
    }
  }

  async #body({ id, body }: StoredNote): Promise<string> {
    const keys = Array.from(
      { length: body?.parts ?? 0 },
      (_, n) => this.k.noteBody(id, body!.version, n),
    );
    const parts = await this.port.getMany<Uint8Array>(keys);
    const bytes = joinBytes(parts.flatMap(({ value }) => value ?? []));
    const { raw } = JSON.parse(new TextDecoder().decode(bytes));
    return String(raw);
  }
}
