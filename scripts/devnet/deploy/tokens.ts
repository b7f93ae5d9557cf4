import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { LinkToken, WETH9 } from "../generated/index.js";
import { LinkToken__factory, WETH9__factory } from "../generated/index.js";
import type { TestToken } from "../generated/own/index.js";
import { TestToken__factory } from "../generated/own/index.js";

export interface Tokens {
  readonly USDC: TestToken;
  readonly WBTC: TestToken;
  readonly ALT: TestToken;
  readonly WETH: WETH9;
  readonly LINK: LinkToken;
}

/** The tokens of the world. LINK is there because a FluxAggregator wants to pay its oracles with it. */
export async function deployTokens(deployer: HardhatEthersSigner, alt: string): Promise<Tokens> {
  const token = new TestToken__factory(deployer);
  return {
    USDC: await token.deploy("USD Coin", "USDC", 6),
    WBTC: await token.deploy("Wrapped Bitcoin", "WBTC", 8),
    ALT: await token.deploy(alt, alt, 18),
    WETH: await new WETH9__factory(deployer).deploy(),
    LINK: await new LinkToken__factory(deployer).deploy(),
  };
}
