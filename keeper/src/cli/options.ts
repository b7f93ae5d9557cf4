import { type Command, InvalidArgumentError } from "commander";
import type { ConfigFlags } from "../operator-config/flags.js";

/** Options that every command with a configuration takes. */
export interface CommonOptions extends ConfigFlags {
  readonly config?: string;
}

/** The configuration's file and single values over it. */
export function configured(command: Command): Command {
  return command
    .option(
      "--config <file>",
      "the configuration, YAML or JSON; a file with a keeper's sections alone is one too (default: CROSSHEDGE_CONFIG)",
    )
    .option("--set <path=value>", "one value over file and environment, such as keeper.hedge.minTrade=0.01", collect);
}

/** Where the journal lies. */
export function stored(command: Command): Command {
  return configured(command).option(
    "--storage <directory|url>",
    "where the journal lies: a directory, postgres://…, or memory (default: ./crosshedge-data)",
  );
}

/** Options that say which vault on which chain. */
export function targeted(command: Command): Command {
  return configured(command)
    .option("--rpc <url>", "a node's address; twice for two that must agree (default: http://127.0.0.1:8545)", collect)
    .option("--deployment <file>", "a deployments/<chainId>.json, for the vault's name and Multicall3")
    .option("--vault <name|address>", "the vault; may be left out where there is one")
    .option("--multicall <address>", "Multicall3, where no deployment names it");
}

/** The same with the parameters of a calibration. */
export function withParams(command: Command): Command {
  return targeted(command).option(
    "--params <file>",
    "parameters of `crosshedge calibrate`: the keeper's part counts where --config says nothing",
  );
}

/** The same for commands that keep a journal. */
export function journaled(command: Command): Command {
  return withParams(command).option(
    "--storage <directory|url>",
    "where the journal lies: a directory, postgres://…, or memory (default: ./crosshedge-data)",
  );
}

/** The same for commands that sign. */
export function signing(command: Command): Command {
  return journaled(command).option(
    "--key-file <file>",
    "file with the signing key (default: CROSSHEDGE_KEY; keystores and AWS KMS: `signer` in --config)",
  );
}

/** A number of an option, above zero. */
export function positive(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError("It must be a number above zero.");
  }
  return value;
}

/** A count of an option, one or more. */
export function count(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new InvalidArgumentError("It must be a whole number above zero.");
  return value;
}

function collect(text: string, before: readonly string[] | undefined): string[] {
  return [...(before ?? []), text];
}
