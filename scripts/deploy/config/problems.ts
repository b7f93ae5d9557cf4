import { UsageError } from "../../errors.js";

/** What is wrong with a configuration, collected, so that all of it can be told at once. */
export class Problems {
  readonly #lines: string[] = [];

  /** @param path where in the configuration, such as `vault.limits.maxLoss` */
  add(path: string, what: string): void {
    this.#lines.push(`${path === "" ? "the configuration" : path}: ${what}`);
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** @throws {UsageError} with every problem, if there is one */
  throwIfAny(title: string, next: string): void {
    if (this.#lines.length === 0) return;
    throw new UsageError(`${title}\n${this.#lines.map((line) => `  ${line}`).join("\n")}\n`, next);
  }
}
