import type { AbstractSigner } from "ethers";
import { checkIdentity } from "../cli/acting.js";
import { connectTarget } from "../cli/connect.js";
import type { OperatorConfig } from "../operator-config/schema.js";
import type { SignerConfig } from "../operator-config/signer-schema.js";
import type { ChainTarget } from "../operator-config/targets.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { knownTargets } from "../store/known-targets.js";
import type { Store } from "../store/open-store.js";
import { checkAccount, checkKey, checkRelay } from "./account-checks.js";
import { type Check, Examination, ok, okOr } from "./check.js";
import { checkNodes } from "./node-checks.js";
import { checkStorage } from "./storage-checks.js";
import { checkVault } from "./vault-checks.js";

/** What a doctor looks at. */
export interface Patient {
  readonly config: OperatorConfig;
  readonly targets: readonly ChainTarget[];
  readonly openSigner: (source: SignerConfig) => Promise<AbstractSigner>;
  /** What this process calls itself. */
  readonly owner: string;
  /** Unix milliseconds. */
  readonly now: () => number;
}

/** Look at everything that a keeper needs, and change nothing but a beat in the journal. */
export async function runDoctor(patient: Patient): Promise<readonly Check[]> {
  const { config, targets, owner } = patient;
  const vaults = targets.reduce((sum, target) => sum + target.vaults.length, 0);
  const fact = `${targets.length === 1 ? "one chain" : `${targets.length} chains`}, ${vaults === 1 ? "one vault" : `${vaults} vaults`}`;
  const checks: Check[] = [{ about: "configuration", name: "is right", ...ok(fact) }];
  const storage = await checkStorage(config, owner);
  checks.push(...storage.checks);
  try {
    for (const target of targets) checks.push(...(await checkChain(patient, target, storage.store)));
  } finally {
    await storage.store?.close();
  }
  return checks;
}

async function checkChain(patient: Patient, target: ChainTarget, store: Store | null): Promise<readonly Check[]> {
  const { config, openSigner, now } = patient;
  const about = target.chainId === null ? "chain" : `chain ${target.chainId}`;
  const key = await checkKey(`${about}, account`, target.signer, () => openSigner(target.signer));
  const checks = [...(await checkNodes(target, about, now)), ...key.checks];
  const examination = new Examination(about);
  const provider = await examination.check("can be used", async () => {
    const connected = await connectTarget(target);
    return [
      ok(`chain ${connected.chainId}${connected.crossChecked ? ", reads are checked against each other" : ""}`),
      connected,
    ] as const;
  });
  const { relay } = target.chain;
  if (relay !== undefined) await checkRelay(examination, relay.url.reveal());
  checks.push(...examination.checks);
  if (provider === null) return checks;
  try {
    if (key.signer !== null) {
      const account = new Examination(`${about}, account`);
      await checkAccount(account, config, key.signer, provider, store, now);
      checks.push(...account.checks);
    }
    for (const vault of target.vaults) {
      checks.push(...(await checkVault({ target, vault, provider, signer: key.signer })));
      checks.push(...(await checkName(target, vault.name, provider, store)));
    }
  } finally {
    provider.destroy();
  }
  return checks;
}

async function checkName(
  target: ChainTarget,
  name: string,
  provider: ChainProvider,
  store: Store | null,
): Promise<readonly Check[]> {
  if (store === null) return [];
  const examination = new Examination(`vault ${name}`);
  const vaults = target.vaults.filter((vault) => vault.name === name);
  await examination.look("is the one of the journal", async () => {
    const known = (await knownTargets(store.session)).some((each) => each.name === name);
    if (!known) return ok("the journal does not know it yet: the first tick writes it down");
    await checkIdentity(store, provider, vaults);
    return ok("same chain, same address");
  });
  await examination.look("paused", async () => {
    const reason = await store.journal.paused({ chainId: provider.chainId, vault: vaults[0]!.address });
    return okOr(reason === null, reason ?? "no", `crosshedge resume ${name}`);
  });
  return examination.checks;
}
