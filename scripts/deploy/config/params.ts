import { readFileSync } from "node:fs";
import { KeeperError, type ParamsFile, parseParams } from "@crosshedge/keeper";
import type { Deployment } from "@crosshedge/sdk";
import { type IRebalancer, Rebalancer__factory } from "@crosshedge/sdk/contracts";
import { UsageError } from "../../errors.js";
import { Problems } from "./problems.js";
import { address, decimal, duration, object } from "./reader.js";
import { struct } from "./struct.js";

/** The parameters that a file of `crosshedge calibrate` has, in the contracts' units; what it does not derive is missing. */
export interface Params {
  /** What the file is called, for messages. */
  readonly name: string;
  /** As it is written. */
  readonly file: ParamsFile;
  /** By token, 1e18 = 1.0 a year. */
  readonly varianceFloors: Readonly<Record<string, bigint>>;
  readonly covariance: Partial<Record<"gridStep" | "halfLifeFast" | "halfLifeSlow" | "minHistory" | "maxAge", bigint>>;
  readonly limits: Partial<IRebalancer.LimitsStruct>;
  readonly publicLimits: Partial<IRebalancer.PublicLimitsStruct>;
}

const rebalancer = Rebalancer__factory.createInterface();
const covariance = object(
  {},
  { gridStep: duration, halfLifeFast: duration, halfLifeSlow: duration, minHistory: duration, maxAge: duration },
);
const floor = object({ varianceFloor: decimal });
const limits = struct<Params["limits"]>(rebalancer, "setLimits", { addresses: address, partial: true });
const publicLimits = struct<Params["publicLimits"]>(rebalancer, "setPublicLimits", {
  ...{ addresses: address, partial: true },
  without: ["gasAsset"],
});

/**
 * Read a file of `crosshedge calibrate` with the readers of the deployment's configuration.
 * @throws {UsageError} with the path of every value that is wrong
 */
export function readParams(name: string): Params {
  const file = parsed(name);
  const problems = new Problems();
  const floors = Object.entries(file.assets).map(([token, entry]) => [
    token,
    floor(entry, `assets.${token}`, problems)?.varianceFloor,
  ]);
  const read = {
    covariance: covariance(file.covariance, "covariance", problems),
    limits: limits(file.limits, "limits", problems),
    publicLimits: publicLimits(file.publicLimits, "publicLimits", problems),
  };
  problems.throwIfAny(`${name} cannot be used:`, "Correct it, or make it anew with `npm run keeper -- calibrate`.");
  return { name, file, varianceFloors: Object.fromEntries(floors), ...read } as Params;
}

function parsed(name: string): ParamsFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(name, "utf8"));
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${(error as Error).message}.`, "It must be a file of JSON.", error);
  }
  try {
    return parseParams(content, name);
  } catch (error) {
    if (!(error instanceof KeeperError)) throw error;
    throw new UsageError(error.message.slice(0, -error.nextStep.length - 1), error.nextStep, error);
  }
}

type Json = { [key: string]: unknown };

/**
 * A configuration with a file's parameters in place of its own. What changes is told line by line.
 * @throws {UsageError} for an asset that the configuration does not have
 */
export function withParams(
  content: unknown,
  { name, file }: Params,
  chain: Deployment,
  log: (line: string) => void,
): unknown {
  const config = structuredClone(content) as Json & { assets?: Json[]; covariance?: Json; vault?: Json };
  const { assets, vault } = config;
  if (!Array.isArray(assets) || typeof vault !== "object" || vault === null) return content;
  log(`Parameters of ${name}:`);
  const set = (target: Json, key: string, value: unknown, path: string): void => {
    if (target[key] === value) return;
    log(`  ${path}: ${JSON.stringify(target[key])} becomes ${JSON.stringify(value)}`);
    target[key] = value;
  };
  for (const [token, { varianceFloor }] of Object.entries(file.assets)) {
    const index = assets.findIndex((asset) => asset.token === token || asset.token === chain.tokens[token]);
    if (index === -1) {
      throw new UsageError(
        `${name} has parameters of ${token}, which is not one of the assets.`,
        "Calibrate for this configuration.",
      );
    }
    set(assets[index] as Json, "varianceFloor", varianceFloor, `assets[${index}].varianceFloor`);
  }
  for (const [target, values, path] of [
    [config, { covariance: file.covariance }, ""],
    [vault, { limits: file.limits, publicLimits: file.publicLimits }, "vault."],
  ] as const) {
    for (const [section, entries] of Object.entries(values)) {
      const into = (target as Json)[section];
      if (typeof into !== "object" || into === null) continue;
      for (const [key, value] of Object.entries(entries)) set(into as Json, key, value, `${path}${section}.${key}`);
    }
  }
  return config;
}
