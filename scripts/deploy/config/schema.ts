import type { Deployment } from "@crosshedge/sdk";
import {
  HedgeVault__factory,
  type IHedgeVault,
  type IPriceOracle,
  type IRebalancer,
  PriceOracle__factory,
  Rebalancer__factory,
} from "@crosshedge/sdk/contracts";
import { getAddress, isAddress, ZeroAddress } from "ethers";
import type { Problems } from "./problems.js";
import {
  address,
  decimal,
  duration,
  instant,
  list,
  object,
  oneOf,
  percentage,
  type Read,
  type Reader,
  scalar,
  text,
  whole,
} from "./reader.js";
import { struct } from "./struct.js";

/** An address, or the name that the chain's file in deployments/ has for it. */
function named(kind: string, names: Record<string, string>): Reader<string> {
  const known = Object.keys(names).join(", ");
  return scalar(`an address, or a ${kind} of the chain's deployment (${known})`, (value) => {
    if (typeof value !== "string") return undefined;
    if (Object.hasOwn(names, value)) return names[value];
    return isAddress(value) ? getAddress(value) : undefined;
  });
}

/** The configuration's form, for a chain with these addresses. */
function configFor(chain: Deployment) {
  const token = named("token", chain.tokens);
  const feed = named("feed", chain.feeds);
  const pool = named("pool", chain.uniswap.pools);
  const bases = Object.entries(chain.perp.markets).map(([name, { base }]) => [name, base] as const);
  const market = named("market", Object.fromEntries(bases));
  const vault = HedgeVault__factory.createInterface();
  const rebalancer = Rebalancer__factory.createInterface();
  const orNone: Reader<string> = (value, path, problems) =>
    value === "none" ? ZeroAddress : token(value, path, problems);

  const venues = {
    "uniswap-v3": object({ name: text, venue: text, pool, maxSlippage: percentage }),
    "perp-v2": object({
      name: text,
      venue: text,
      markets: list(object({ market, asset: token })),
      maxSlippage: percentage,
    }),
    "aave-v3": object({ name: text, venue: text, markets: list(object({ token, pool })), maxSlippage: percentage }),
  };
  const venue = oneOf(...(Object.keys(venues) as (keyof typeof venues)[]));
  const leg = (value: unknown, path: string, problems: Problems) => {
    const kind = venue((value as { venue?: unknown } | null)?.venue, `${path}.venue`, problems);
    if (kind === undefined) return undefined;
    if (kind === "uniswap-v3") {
      const read = venues[kind](value, path, problems);
      return read && { ...read, venue: kind };
    }
    if (kind === "perp-v2") {
      const read = venues[kind](value, path, problems);
      return read && { ...read, venue: kind };
    }
    if (chain.aave === undefined) problems.add(`${path}.venue`, "the chain's deployment has no Aave.");
    const read = venues[kind](value, path, problems);
    return chain.aave && read && { ...read, venue: kind };
  };

  return object(
    {
      chainId: whole,
      assets: list(
        object({
          token,
          feed: struct<IPriceOracle.FeedStruct & { feed: string }>(PriceOracle__factory.createInterface(), "setFeed", {
            addresses: feed,
          }),
          varianceFloor: decimal,
        }),
        2,
      ),
      covariance: object(
        { gridStep: duration, halfLifeFast: duration, halfLifeSlow: duration, minHistory: duration, maxAge: duration },
        { genesis: instant },
      ),
      vault: object({
        name: text,
        symbol: text,
        settlementToken: token,
        settings: struct<IHedgeVault.SettingsStruct>(vault, "setSettings", { addresses: address }),
        limits: struct<IRebalancer.LimitsStruct>(rebalancer, "setLimits", { addresses: token }),
        publicLimits: struct<IRebalancer.PublicLimitsStruct>(rebalancer, "setPublicLimits", { addresses: orNone }),
        legs: list(leg),
      }),
      roles: object({
        admins: list(object({ account: address, delay: duration })),
        guardian: address,
        keeper: address,
      }),
    },
    { sequencer: object({ feed: address, grace: duration }) },
  );
}

/** A configuration that has been read: addresses, and numbers in the contracts' units. */
export type DeployConfig = Read<ReturnType<typeof configFor>>;

/** Read a parsed configuration. Undefined where `problems` has got something. */
export function readConfig(content: unknown, chain: Deployment, problems: Problems): DeployConfig | undefined {
  return configFor(chain)(content, "", problems);
}
