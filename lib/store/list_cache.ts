import type { Clock } from "../domain/mod.ts";

/** What can be kept for later: it knows about how many bytes it takes. */
export interface Sized {
  readonly bytes: number;
}

export interface ListCacheOptions {
  clock: Clock;
  /** What is kept of all tenants together may take so much; 64 MiB unless told. */
  maxBytes?: number;
}

/** Whose list, and which state of it. */
export interface ListName {
  tenantId: string;
  list: string;
  /** The tenant's data version, or the versionstamp of its state; for one list always the same of the two. */
  version: number | string;
}

interface Entry {
  tenantId: string;
  version: number | string;
  value: Promise<Sized>;
  /** 0 while it is read. */
  bytes: number;
  /** Epoch milliseconds. */
  usedAt: number;
}

const MAX_BYTES = 64 * 1024 * 1024;
/** What nobody has asked for so long is let go. */
const IDLE_MS = 60 * 60 * 1000;

/**
 * Keeps what was read and made of tenants' data, whole lists, view documents and tags of answers, within one bound:
 * what was used least lately goes first. A list is found by its tenant and version alone; a newer version takes the
 * place of the older. Requests that arrive while a list is read wait for the same reading.
 */
export class ListCache {
  /** The one used least lately first. */
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #maxBytes: number;
  #bytes = 0;

  constructor({ clock, maxBytes = MAX_BYTES }: ListCacheOptions) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** About how many bytes are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * The list as it is kept, else as `read` gives it. What fails is not kept.
   *
   * @param read gives the same type for the same list, always
   */
  get<T extends Sized>(
    name: ListName,
    read: () => Promise<T>,
  ): Promise<T> {
    return this.peek<T>(name) ?? this.#add(name, read());
  }

  /** The list as it is kept in this very version; undefined where it is not. */
  peek<T extends Sized>(name: ListName): Promise<T> | undefined {
    this.#dropIdle();
    const id = idOf(name);
    const known = this.#entries.get(id);
    if (known?.version !== name.version) return undefined;
    known.usedAt = this.#clock.now();
    this.#entries.delete(id);
    this.#entries.set(id, known);
    return known.value as Promise<T>;
  }

  /** The list in whatever version is kept of it, for one that is made from the version before it. */
  latest<T extends Sized>(
    { tenantId, list }: Pick<ListName, "tenantId" | "list">,
  ): Promise<T> | undefined {
    return this.#entries.get(idOf({ tenantId, list }))?.value as
      | Promise<T>
      | undefined;
  }

  /** Lets go whatever is kept of a tenant. */
  forget(tenantId: string): void {
    for (const [id, entry] of this.#entries) {
      if (entry.tenantId === tenantId) this.#drop(id, entry);
    }
  }

  /** Keeps a list that is known already, in place of what is kept of it. */
  put(name: ListName, value: Sized): void {
    const entry = this.#enter(name, Promise.resolve(value));
    if (entry) this.#keep(idOf(name), entry, value.bytes);
  }

  #add<T extends Sized>(name: ListName, value: Promise<T>): Promise<T> {
    const entry = this.#enter(name, value);
    if (!entry) return value;
    const id = idOf(name);
    value.then(
      ({ bytes }) => this.#keep(id, entry, bytes),
      () => this.#drop(id, entry),
    );
    return value;
  }

  /** Null where a newer version stands: whoever still holds an older one does not put it before that. */
  #enter(name: ListName, value: Promise<Sized>): Entry | null {
    const id = idOf(name);
    const known = this.#entries.get(id);
    if (known && known.version > name.version) return null;
    if (known) this.#drop(id, known);
    const usedAt = this.#clock.now();
    const { tenantId, version } = name;
    const entry = { tenantId, version, value, bytes: 0, usedAt };
    this.#entries.set(id, entry);
    return entry;
  }

  #keep(id: string, entry: Entry, bytes: number): void {
    if (this.#entries.get(id) !== entry) return;
    if (bytes > this.#maxBytes) return this.#drop(id, entry);
    // 0 means that it is still being read.
    entry.bytes = Math.max(bytes, 1);
    this.#bytes += entry.bytes;
    for (const [other, old] of this.#entries) {
      if (this.#bytes <= this.#maxBytes) return;
      if (old !== entry && old.bytes > 0) this.#drop(other, old);
    }
  }

  #drop(id: string, entry: Entry): void {
    if (this.#entries.get(id) !== entry) return;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
  }

  #dropIdle(): void {
    const since = this.#clock.now() - IDLE_MS;
    for (const [id, entry] of this.#entries) {
      if (entry.usedAt >= since) return;
      if (entry.bytes > 0) this.#drop(id, entry);
    }
  }
}

function idOf(
  { tenantId, list }: Pick<ListName, "tenantId" | "list">,
): string {
  return JSON.stringify([tenantId, list]);
}
