import type { z } from "zod";
import type { Path, Problem } from "./problem.js";
import { type Setting, typed } from "./setting.js";
import { schemaAt } from "./walk-schema.js";

/** What commands may say of the configuration. */
export interface ConfigFlags {
  readonly rpc?: readonly string[];
  readonly deployment?: string;
  readonly multicall?: string;
  /** Which vault: its configured name, its address, or its name in the deployment. */
  readonly vault?: string;
  readonly params?: string;
  readonly storage?: string;
  readonly keyFile?: string;
  /** Seconds. */
  readonly interval?: number;
  /** Each path=value. */
  readonly set?: readonly string[];
}

/** Flags as settings; those of a chain mean the only one. */
export function readFlags(
  schema: z.core.$ZodType,
  flags: ConfigFlags,
): { readonly settings: Setting[]; readonly problems: Problem[] } {
  const problems: Problem[] = [];
  const short: [Path, unknown, string][] = [
    [["chains", 0, "rpc"], flags.rpc, "--rpc"],
    [["chains", 0, "deployment"], flags.deployment, "--deployment"],
    [["chains", 0, "multicall"], flags.multicall, "--multicall"],
    [["params"], flags.params, "--params"],
    [["storage"], flags.storage, "--storage"],
    [["signer"], flags.keyFile === undefined ? undefined : { keyFile: flags.keyFile }, "--key-file"],
    [["intervals", "tickSeconds"], flags.interval, "--interval"],
  ];
  const settings: Setting[] = [];
  for (const [path, value, source] of short) if (value !== undefined) settings.push({ path, value, source });
  for (const text of flags.set ?? []) {
    const [, name, value] = /^\s*([^=\s]+)\s*=(.*)$/s.exec(text) ?? [];
    const path = (name ?? "").split(".").map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const source = `--set ${name ?? ""}`.trim();
    if (name === undefined) problems.push({ path: [], source, message: "expected path=value" });
    else if (schemaAt(schema, path) === undefined) problems.push({ path, source, message: "there is no such setting" });
    else settings.push({ path, value: typed(schema, path, value!), source });
  }
  return { settings, problems };
}
