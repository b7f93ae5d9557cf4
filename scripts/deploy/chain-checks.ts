import type { Deployment } from "@crosshedge/sdk";
import { Contract, formatEther, type Provider } from "ethers";
import { MarketRegistry__factory, UniswapV3Pool__factory } from "../devnet/generated/index.js";
import type { Problems } from "./config/problems.js";
import type { DeployConfig } from "./config/schema.js";

/** Window of the average price that a liquidity leg asks its pool for, seconds. */
const POOL_WINDOW = 900;
const MOST_DECIMALS = 24n;

/** What a configuration says about a chain, compared with the chain: what no contract of ours would refuse, or not readably. */
export async function checkChain(
  config: DeployConfig,
  chain: Deployment,
  { provider, deployer }: { provider: Provider; deployer: string },
  problems: Problems,
): Promise<void> {
  const { chainId } = await provider.getNetwork();
  if (chainId !== config.chainId) problems.add("chainId", `the node is on chain ${chainId}.`);
  if (BigInt(chain.chainId) !== config.chainId) {
    problems.add("chainId", `the addresses in deployments/ are those of chain ${chain.chainId}.`);
  }
  const hasCode = async (address: string, path: string) => {
    if ((await provider.getCode(address)) !== "0x") return true;
    problems.add(path, `there is no contract at ${address}.`);
    return false;
  };
  for (const [i, { token, feed }] of config.assets.entries()) {
    await hasCode((feed as { feed: string }).feed, `assets[${i}].feed.feed`);
    if (!(await hasCode(token, `assets[${i}].token`))) continue;
    const decimals = await answer<bigint>(
      new Contract(token, ["function decimals() view returns (uint8)"], provider).getFunction("decimals")(),
    );
    if (decimals === undefined) problems.add(`assets[${i}].token`, `${token} has no decimals.`);
    else if (decimals > MOST_DECIMALS) problems.add(`assets[${i}].token`, `it has ${decimals} decimals.`);
  }
  if (config.sequencer) await hasCode(config.sequencer.feed, "sequencer.feed");
  const tokens = config.assets.map(({ token }) => token);
  for (const [k, leg] of config.vault.legs.entries()) {
    const path = `vault.legs[${k}]`;
    if (leg.venue === "uniswap-v3") {
      if (await hasCode(leg.pool, `${path}.pool`))
        await checkPool(leg.pool, tokens, provider, `${path}.pool`, problems);
      continue;
    }
    if (leg.venue === "aave-v3") {
      for (const [i, { pool }] of leg.markets.entries()) {
        const at = `${path}.markets[${i}].pool`;
        if (await hasCode(pool, at)) await checkPool(pool, tokens, provider, at, problems);
      }
      continue;
    }
    if (!(await hasCode(chain.perp.clearingHouse, `${path}.venue`))) continue;
    const registry = MarketRegistry__factory.connect(chain.perp.marketRegistry, { provider });
    for (const [i, { market }] of leg.markets.entries()) {
      const listed = await answer(registry.hasPool(market));
      if (listed !== true) problems.add(`${path}.markets[${i}].market`, `the venue has no market ${market}.`);
    }
  }
  for (const [i, { account }] of config.roles.admins.entries()) {
    if (account === deployer) {
      problems.add(`roles.admins[${i}].account`, "it is the deploying account, which gives its role up in the end.");
    }
  }
  const balance = await provider.getBalance(deployer);
  if (balance === 0n) problems.add("the deploying account", `${deployer} has ${formatEther(balance)} to pay gas with.`);
}

async function checkPool(pool: string, assets: string[], provider: Provider, path: string, problems: Problems) {
  const contract = UniswapV3Pool__factory.connect(pool, { provider });
  for (const token of [await answer(contract.token0()), await answer(contract.token1())]) {
    if (token === undefined || !assets.includes(token))
      problems.add(path, `its token ${token} is not one of the assets.`);
  }
  const { observationCardinality } = (await answer(contract.slot0())) ?? { observationCardinality: 0n };
  if ((await answer(contract.observe([POOL_WINDOW, 0]))) === undefined) {
    problems.add(
      path,
      `it keeps ${observationCardinality} observations and cannot tell its average price over ${POOL_WINDOW / 60} minutes: call increaseObservationCardinalityNext on it, and wait.`,
    );
  }
}

/** The answer of a call, undefined if it fails. */
async function answer<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch {
    return undefined;
  }
}
