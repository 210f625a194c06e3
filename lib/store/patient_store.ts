import { systemClock, UsageError } from "../domain/mod.ts";
import type { KvPort } from "./_kv.ts";
import {
  type CheckedPort,
  openChecked,
  type OpenStoreOptions,
  type Store,
  storeOver,
} from "./store.ts";

export interface PatientOptions
  extends Omit<OpenStoreOptions, "kv" | "serves"> {
  /** Milliseconds between two attempts, 10,000 unless told. */
  retryMs?: number;
  /** Told why the database cannot be used, whenever the reason is another. */
  onRefused?(why: Error): void;
  /** Told when the database can be used. */
  onOpened?(id: string): void;
}

const RETRY_MS = 10_000;

/**
 * {@linkcode openStore} for a process that must stand: where the database is gone, or is not the one that is meant, the
 * store is there all the same. Each of its operations fails with the reason, which `refusal()` tells, until one of the
 * attempts in the background finds the database in order.
 *
 * @throws {UsageError} when the given path is wrong at the first attempt.
 */
export async function openStorePatiently(
  options: PatientOptions,
): Promise<Store> {
  const waiting = new PatientPort(options);
  await waiting.begin();
  return storeOver(options, waiting, waiting);
}

class PatientPort implements KvPort {
  #opened: CheckedPort | null = null;
  #refusal: Error = new Error("Cannot use the database: it is not open yet");
  readonly #closing = new AbortController();

  constructor(private readonly options: PatientOptions) {}

  get id(): string {
    return this.#opened?.id ?? "";
  }

  refusal(): Error | null {
    return this.#opened ? null : this.#refusal;
  }

  async begin(): Promise<void> {
    await this.#attempt((error) => {
      // A path is a setting, and a wrong one is said at once.
      if (error instanceof UsageError && this.options.path) throw error;
    });
    if (!this.#opened) this.#goOn();
  }

  async #goOn(): Promise<void> {
    const { clock = systemClock, retryMs = RETRY_MS } = this.options;
    const { signal } = this.#closing;
    while (!this.#opened && !signal.aborted) {
      try {
        await clock.sleep(retryMs, signal);
      } catch {
        return;
      }
      await this.#attempt();
    }
  }

  async #attempt(judge: (error: Error) => void = () => {}): Promise<void> {
    try {
      const opened = await openChecked({ ...this.options, serves: true });
      if (this.#closing.signal.aborted) return opened.port.close();
      this.#opened = opened;
      this.options.onOpened?.(opened.id);
    } catch (cause) {
      const error = cause instanceof Error ? cause : new Error(String(cause));
      judge(error);
      const isNews = error.message !== this.#refusal.message;
      this.#refusal = error;
      if (isNews) this.options.onRefused?.(error);
    }
  }

  #port(): KvPort {
    if (!this.#opened) throw this.#refusal;
    return this.#opened.port;
  }

  async get<T>(...args: Parameters<KvPort["get"]>) {
    return await this.#port().get<T>(...args);
  }

  async getMany<T>(...args: Parameters<KvPort["getMany"]>) {
    return await this.#port().getMany<T>(...args);
  }

  async *list<T>(...args: Parameters<KvPort["list"]>) {
    yield* this.#port().list<T>(...args);
  }

  async commit(...args: Parameters<KvPort["commit"]>) {
    return await this.#port().commit(...args);
  }

  close(): void {
    this.#closing.abort(new Error("The store is closed"));
    this.#opened?.port.close();
  }
}
