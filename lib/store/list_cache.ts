import type { Clock } from "../domain/mod.ts";

/** What can be kept for later: it knows about how many bytes it takes. */
export interface Sized {
  readonly bytes: number;
}

export interface ListCacheOptions {
  clock: Clock;
  /** What all tenants' lists together may take; 64 MiB unless told. */
  maxBytes?: number;
}

/** Whose list, and which state of it. */
export interface ListName {
  tenantId: string;
  list: string;
  /** The tenant's data version. */
  version: number;
}

interface Entry {
  version: number;
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
 * Keeps the lists of tenants as they were read, within a bound: what was used least lately goes first. A list is
 * found by its tenant and version alone; a newer version takes the place of the older. Requests that arrive while a
 * list is read wait for the same reading.
 */
export class ListCache {
  readonly #entries = new Map<string, Entry>();
  readonly #clock: Clock;
  readonly #maxBytes: number;

  constructor({ clock, maxBytes = MAX_BYTES }: ListCacheOptions) {
    this.#clock = clock;
    this.#maxBytes = maxBytes;
  }

  /** About how many bytes are kept. */
  get bytes(): number {
    return this.#entries.values().reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /**
   * The list as it is kept, else as `read` gives it. What fails is not kept.
   *
   * @param read gives the same type for the same list, always
   */
  get<T extends Sized>(
    { tenantId, list, version }: ListName,
    read: () => Promise<T>,
  ): Promise<T> {
    const name = JSON.stringify([tenantId, list]);
    this.#dropIdle();
    const known = this.#entries.get(name);
    if (known?.version === version) {
      known.usedAt = this.#clock.now();
      this.#entries.delete(name);
      this.#entries.set(name, known);
      return known.value as Promise<T>;
    }
    const value = read();
    // Whoever still holds an older version does not put it before the newer.
    if (known && known.version > version) return value;
    const usedAt = this.#clock.now();
    const entry: Entry = { version, value, bytes: 0, usedAt };
    this.#entries.delete(name);
    this.#entries.set(name, entry);
    value.then(
      ({ bytes }) => this.#keep(name, entry, bytes),
      () => this.#drop(name, entry),
    );
    return value;
  }

  #keep(name: string, entry: Entry, bytes: number): void {
    if (this.#entries.get(name) !== entry) return;
    // 0 means that it is still being read.
    entry.bytes = Math.max(bytes, 1);
    if (bytes > this.#maxBytes) return this.#drop(name, entry);
    for (const [other, old] of this.#entries) {
      if (this.bytes <= this.#maxBytes) return;
      if (old !== entry && old.bytes > 0) this.#drop(other, old);
    }
  }

  #drop(name: string, entry: Entry): void {
    if (this.#entries.get(name) === entry) this.#entries.delete(name);
  }

  #dropIdle(): void {
    const since = this.#clock.now() - IDLE_MS;
    for (const [name, entry] of this.#entries) {
      if (entry.bytes > 0 && entry.usedAt < since) this.#drop(name, entry);
    }
  }
}
