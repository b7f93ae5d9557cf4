import type { Readable } from "node:stream";
import type { AbstractSigner } from "ethers";
import type { Logger } from "../logger.js";
import { type LoadedConfig, loadOperatorConfig } from "../operator-config/load.js";
import type { SignerConfig } from "../operator-config/signer-schema.js";
import { Redactor } from "../secrets/redactor.js";
import { openSigner } from "../secrets/signer.js";
import { openStore, type Store } from "../store/open-store.js";
import { createLogger } from "./log.js";
import type { CommonOptions } from "./options.js";

/** What the program touches, so that tests can stand in. */
export interface CliContext {
  readonly environment?: NodeJS.ProcessEnv;
  readonly print?: (text: string) => void;
  readonly printError?: (text: string) => void;
  readonly stdin?: Readable & { readonly isTTY?: boolean };
}

/** What a command works with. Nothing that it says or logs has a secret in it. */
export class Cli {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly redactor = new Redactor();
  /** What the process ends with, where nothing is thrown. */
  exitCode = 0;
  readonly #print: (text: string) => void;
  readonly #printError: (text: string) => void;

  constructor(context: CliContext) {
    this.environment = context.environment ?? process.env;
    this.stdin = context.stdin ?? process.stdin;
    this.#print = context.print ?? ((text) => process.stdout.write(text));
    this.#printError = context.printError ?? ((text) => process.stderr.write(text));
  }

  /** Print a result. */
  say(text: string): void {
    this.#print(`${this.redactor.clean(text)}\n`);
  }

  /** Print the program's own words, whose addresses are examples. */
  help(text: string): void {
    this.#print(`${text.trimEnd()}\n`);
  }

  /** Print what is no result: prompts, progress, errors. */
  note(text: string): void {
    this.#printError(this.redactor.clean(text));
  }

  /** The configuration of a command's options. */
  load(options: CommonOptions): LoadedConfig {
    const { config: file, ...flags } = options;
    const loaded = loadOperatorConfig({ file, environment: this.environment, flags });
    const { storage, chains, webhooks } = loaded.config;
    if (storage.kind === "postgres") this.redactor.hideUrl(storage.url.reveal());
    for (const { rpc, relay } of chains) {
      for (const url of [...rpc, ...(relay === undefined ? [] : [relay.url])]) this.redactor.hideUrl(url.reveal());
    }
    for (const hook of webhooks) {
      if (hook.url !== undefined) this.redactor.hideUrl(hook.url.reveal());
      if (hook.kind === "pagerduty") this.redactor.hide(hook.routingKey.reveal());
    }
    return loaded;
  }

  /** The account that signs, connected to nothing. */
  signer(source: SignerConfig): Promise<AbstractSigner> {
    return openSigner(source, this.environment, this.redactor);
  }

  /** Work with the journal's storage, and close it. */
  async withStore<T>({ config: { storage } }: LoadedConfig, work: (store: Store) => Promise<T>): Promise<T> {
    const location = storage.kind === "postgres" ? { ...storage, url: storage.url.reveal() } : storage;
    const store = await openStore(location);
    try {
      return await work(store);
    } finally {
      await store.close();
    }
  }

  /** Work that ends in order at Ctrl-C or SIGTERM: what was sent is in the journal, and the next start goes on with it. */
  async untilStopped<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const stopping = new AbortController();
    const stop = (): void => stopping.abort();
    process.once("SIGINT", stop).once("SIGTERM", stop);
    try {
      return await work(stopping.signal);
    } finally {
      process.off("SIGINT", stop).off("SIGTERM", stop);
    }
  }

  /** @param standard Level where the configuration names none */
  logger({ config: { logLevel } }: LoadedConfig, standard: "info" | "warn" = "warn"): Logger {
    const destination = { write: (line: string) => this.#printError(line) };
    return createLogger(logLevel ?? standard, this.redactor, destination);
  }
}
