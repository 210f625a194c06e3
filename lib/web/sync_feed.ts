import {
  NotFoundError,
  type SyncState,
  TransientError,
} from "../domain/mod.ts";
import type { Store } from "../store/mod.ts";

/** How often the state of a tenant that somebody listens to is read: one read, however many listen. */
const POLL_MS = 5_000;
/** Of this many polls one says that the stream is alive, and one asks whether it may go on. */
const HEARTBEAT_EVERY = 5;
const RECHECK_EVERY = 12;
/** A browser keeps no more connections to one address over HTTP/1.1. */
const STREAMS_PER_USER = 6;
const STREAMS_PER_PROCESS = 1_000;
/** Pieces that a client has not taken before it is given up. */
const MAX_BACKLOG = 32;

/** Calls `run` again and again; the answer stops it. */
export type Every = (ms: number, run: () => void) => () => void;

/** Who listens to which tenant. */
export interface SyncListener {
  userId: string;
  tenantId: string;
  /** The tenant's state now. */
  readState(): Promise<SyncState>;
  /** Whether the session and the role that the stream was opened with still hold. */
  mayGoOn(): Promise<boolean>;
}

interface Stream extends SyncListener {
  controller: ReadableStreamDefaultController<Uint8Array>;
}

interface Watched {
  streams: Set<Stream>;
  /** Of the state that was told last. */
  version: string | null;
}

const encoder = new TextEncoder();

/**
 * Tells the open pages of this process that a sync has ended, by server-sent events. The database tells
 * nobody of what another process writes, so the state is polled: once per tenant for all who listen to
 * it, and not at all while nobody does. An event says that there is something to ask for, and nothing more.
 */
export class SyncFeed {
  readonly #tenants = new Map<string, Watched>();
  #stop: (() => void) | null = null;
  #polling = false;
  #polls = 0;
  #closed = false;

  constructor(private readonly every: Every = everyInterval) {}

  /** How many streams are open; of one user, where one is named. */
  count(userId?: string): number {
    let count = 0;
    for (const { userId: owner } of this.#all()) {
      if (userId === undefined || owner === userId) count++;
    }
    return count;
  }

  /** The stream's body, which ends with the listener's right to it; null where there are too many. */
  open(listener: SyncListener): ReadableStream<Uint8Array> | null {
    const isFull = this.count() >= STREAMS_PER_PROCESS ||
      this.count(listener.userId) >= STREAMS_PER_USER;
    if (this.#closed || isFull) return null;
    let stream: Stream;
    return new ReadableStream({
      start: (controller) => {
        stream = { ...listener, controller };
        this.#enter(stream);
        // Gets the answer's head through whatever stands in between.
        send(stream, `retry: ${POLL_MS}\n\n`);
      },
      cancel: () => this.#leave(stream),
    });
  }

  /** Looks once at every tenant that somebody listens to. */
  async poll(): Promise<void> {
    if (this.#polling) return;
    this.#polling = true;
    this.#polls++;
    try {
      await Promise.all(
        [...this.#tenants.values()].map((watched) => this.#look(watched)),
      );
      if (this.#polls % RECHECK_EVERY === 0) await this.recheck();
    } finally {
      this.#polling = false;
    }
  }

  /** Ends the streams whose session or role does not hold any more. */
  async recheck(): Promise<void> {
    await Promise.all([...this.#all()].map(async (stream) => {
      if (!await quietly(stream.mayGoOn, true)) this.#end(stream);
    }));
  }

  /** Ends every stream; none is opened any more. */
  close(): void {
    this.#closed = true;
    for (const stream of [...this.#all()]) this.#end(stream);
  }

  async #look(watched: Watched): Promise<void> {
    const [first] = watched.streams;
    const state = first ? await quietly(first.readState, null) : null;
    const version = state && versionOf(state);
    const isNew = version !== null && version !== watched.version;
    const isFirstLook = watched.version === null;
    if (isNew) watched.version = version;
    const beats = this.#polls % HEARTBEAT_EVERY === 0;
    const text = isNew && !isFirstLook
      ? "data: synced\n\n"
      : beats
      ? ":\n\n"
      : null;
    if (text === null) return;
    for (const stream of watched.streams) {
      send(stream, text);
      if ((stream.controller.desiredSize ?? 0) < -MAX_BACKLOG) {
        this.#end(stream);
      }
    }
  }

  *#all(): Generator<Stream> {
    for (const { streams } of this.#tenants.values()) yield* streams;
  }

  #enter(stream: Stream): void {
    const watched = this.#tenants.get(stream.tenantId) ??
      { streams: new Set(), version: null };
    this.#tenants.set(stream.tenantId, watched);
    watched.streams.add(stream);
    this.#stop ??= this.every(POLL_MS, () => void this.poll());
  }

  #leave(stream: Stream): void {
    const watched = this.#tenants.get(stream.tenantId);
    watched?.streams.delete(stream);
    if (watched?.streams.size === 0) this.#tenants.delete(stream.tenantId);
    if (this.#tenants.size > 0) return;
    this.#stop?.();
    this.#stop = null;
  }

  #end(stream: Stream): void {
    this.#leave(stream);
    try {
      stream.controller.close();
    } catch {
      // The client went at this very moment.
    }
  }
}

function send({ controller }: Stream, text: string): void {
  controller.enqueue(encoder.encode(text));
}

/** Changes with whatever a page shows: while a sync runs, nothing has. */
function versionOf({ status, dataVersion, finishedAt }: SyncState) {
  return status === "running" ? null : `${dataVersion} ${finishedAt}`;
}

/** A database that does not answer says nothing; a tenant that is gone says no. */
async function quietly<T>(
  ask: () => Promise<T>,
  unknown: T,
): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof TransientError) return unknown;
    if (error instanceof NotFoundError) return null;
    throw error;
  }
}

function everyInterval(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}

const feeds = new WeakMap<Store, SyncFeed>();

/** The feed of the process over this database. */
export function syncFeedOf(store: Store): SyncFeed {
  const feed = feeds.get(store) ?? new SyncFeed();
  feeds.set(store, feed);
  return feed;
}
