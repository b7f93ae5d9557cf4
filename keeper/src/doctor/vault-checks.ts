import { CrosshedgeVault, type VaultState } from "@crosshedge/sdk";
import {
  Authority__factory,
  CovarianceOracle__factory,
  HedgeVault__factory,
  ILeg__factory,
  Rebalancer__factory,
} from "@crosshedge/sdk/contracts";
import type { Provider } from "ethers";
import type { ChainTarget, VaultTarget } from "../operator-config/targets.js";
import { type Check, Examination, fail, ok, okOr, warn } from "./check.js";
import { checkMarkets } from "./market-checks.js";

/** What the checks of a vault look at it through. */
export interface VaultSight {
  readonly target: ChainTarget;
  readonly vault: VaultTarget;
  readonly provider: Provider;
  /** Account that signs; null without a key. */
  readonly signer: string | null;
}

const KEEPER_CALLS = ["rebalance", "heartbeat"] as const;

/** Look at a vault: that it is one, that its parts belong together, who may act on it, and how its markets stand. */
export async function checkVault(sight: VaultSight): Promise<readonly Check[]> {
  const { vault, target, provider } = sight;
  const examination = new Examination(`vault ${vault.name}`);
  const state = await examination.check("is a vault", async () => {
    const { multicall } = target;
    const connected = await CrosshedgeVault.connect({ address: vault.address, provider, multicall });
    const read = await connected.readState();
    return [
      ok(`${read.name}, ${read.assets.map(({ symbol }) => symbol).join("/")}, block ${read.block.number}`),
      read,
    ] as const;
  });
  if (state === null) return examination.checks;
  await examination.look("parts have code", () => codeOf(sight, state));
  await examination.look("parts belong together", () => partsOf(sight, state));
  const authority = Authority__factory.connect(
    await HedgeVault__factory.connect(vault.address, provider).authority(),
    provider,
  );
  await examination.look("keeper's role", () => keeperRole(sight, state, authority));
  await examination.look("guardian's role", async () => {
    const { selector } = HedgeVault__factory.createInterface().getFunction("tighten");
    const [role, expected, closed] = await Promise.all([
      authority.getTargetFunctionRole(vault.address, selector),
      authority.GUARDIAN_ROLE(),
      authority.isTargetClosed(state.rebalancer),
    ]);
    if (closed)
      return fail(
        "the Rebalancer is closed by the authority",
        "An admin opens it: setTargetClosed(rebalancer, false).",
      );
    const next = "An admin gives `tighten` to the guardian: until then nobody can make the vault stricter at once.";
    return okOr(role === expected, `tighten is role ${role}'s`, next);
  });
  await checkMarkets(examination, sight, state);
  return examination.checks;
}

async function codeOf({ provider, target }: VaultSight, state: VaultState) {
  const parts: [string, string][] = [
    ["Rebalancer", state.rebalancer],
    ["price oracle", state.priceOracle],
    ["covariance oracle", state.covarianceOracle],
    ...state.legs.map(({ address, venue }): [string, string] => [`leg ${venue}`, address]),
    ...state.assets.map(({ symbol, feed }): [string, string] => [`feed ${symbol}`, feed.address]),
    ...(target.multicall === undefined ? [] : [["Multicall3", target.multicall] as [string, string]]),
  ];
  const codes = await Promise.all(parts.map(([, address]) => provider.getCode(address)));
  const empty = parts.filter((_, i) => codes[i] === "0x").map(([name, address]) => `${name} ${address}`);
  if (empty.length > 0)
    return fail(`no code at ${empty.join(", ")}`, "Check the addresses, and that the node is on this chain.");
  if (target.multicall !== undefined) return ok(`${parts.length} contracts`);
  return warn(
    "there is no Multicall3",
    "Name it (multicall or deployment): without it a tick makes a request for each read.",
  );
}

async function partsOf({ vault, provider }: VaultSight, state: VaultState) {
  const [ofRebalancer, ofOracle, ...ofLegs] = await Promise.all([
    Rebalancer__factory.connect(state.rebalancer, provider).vault(),
    CovarianceOracle__factory.connect(state.covarianceOracle, provider).assets(),
    ...state.legs.map(({ address }) => ILeg__factory.connect(address, provider).vault()),
  ]);
  const strange = [
    ...(ofRebalancer === vault.address ? [] : ["the Rebalancer"]),
    ...(ofOracle.join() === state.assets.map(({ address }) => address).join() ? [] : ["the covariance oracle"]),
    ...state.legs.filter((_, i) => ofLegs[i] !== vault.address).map(({ address }) => `leg ${address}`),
  ];
  const next = "Do not run on it: look at how it was deployed.";
  return okOr(
    strange.length === 0,
    strange.length === 0 ? "as they should" : `${strange.join(", ")}: another vault's`,
    next,
    "fail",
  );
}

async function keeperRole(
  { signer }: VaultSight,
  state: VaultState,
  authority: ReturnType<typeof Authority__factory.connect>,
) {
  if (signer === null)
    return warn("there is no key", "plan, shadow and explain work without; for others give one: `signer` in --config.");
  const calls = Rebalancer__factory.createInterface();
  const may = await Promise.all(
    KEEPER_CALLS.map(
      async (name) => (await authority.canCall(signer, state.rebalancer, calls.getFunction(name).selector)).immediate,
    ),
  );
  const missing = KEEPER_CALLS.filter((_, i) => !may[i]);
  const fact =
    missing.length === 0
      ? `${signer} may call ${KEEPER_CALLS.join(", ")}`
      : `${signer} may not call ${missing.join(", ")}`;
  const next = `An admin of ${await authority.getAddress()} gives it the role: grantRole(${await authority.KEEPER_ROLE()}, ${signer}, 0).`;
  return okOr(missing.length === 0, fact, next, "fail");
}
