import { formatDuration } from "@crosshedge/sdk";
import { type AbstractSigner, formatEther } from "ethers";
import { costReport } from "../monitor/costs.js";
import { MOST_DAYS } from "../monitor/runway.js";
import type { OperatorConfig } from "../operator-config/schema.js";
import type { SignerConfig } from "../operator-config/signer-schema.js";
import type { ChainProvider } from "../rpc/chain-provider.js";
import { isOpenToOthers } from "../secrets/private-file.js";
import type { Store } from "../store/open-store.js";
import { type Check, Examination, fail, ok, okOr, warn } from "./check.js";

/** Look at the key: that its files are closed to others, and that it opens. */
export async function checkKey(
  about: string,
  source: SignerConfig,
  open: () => Promise<AbstractSigner>,
): Promise<{ readonly checks: readonly Check[]; readonly signer: string | null }> {
  const examination = new Examination(about);
  const files = [source.keyFile, source.keystore?.passwordFile, source.keystore?.file].filter(
    (file) => file !== undefined,
  );
  for (const file of files) {
    await examination.look(`permissions of ${file}`, async () =>
      okOr(
        !isOpenToOthers(file),
        isOpenToOthers(file) ? "everybody may read it" : "closed to others",
        `Run chmod 600 ${file}`,
        "fail",
      ),
    );
  }
  const signer = await examination.check("key", async () => {
    try {
      const address = await (await open()).getAddress();
      return [ok(address), address] as const;
    } catch (caught) {
      const message = (caught as Error).message;
      if (!message.startsWith("There is no key")) throw caught;
      return [
        warn(
          "there is none",
          "plan, shadow, explain and journal work without; for others give one: `signer` in --config.",
        ),
        null,
      ] as const;
    }
  });
  return { checks: examination.checks, signer };
}

/** What an account stands on: gas and how long it lasts, what waits, who signs for it. */
export async function checkAccount(
  examination: Examination,
  config: OperatorConfig,
  signer: string,
  provider: ChainProvider,
  store: Store | null,
  now: () => number,
): Promise<void> {
  const { chainId } = provider;
  await examination.look("gas", async () => {
    const [balanceWei, { gasPrice }] = await Promise.all([provider.getBalance(signer), provider.getFeeData()]);
    const amount = `${coins(balanceWei)} of the native coin`;
    const next = `Send native coin to ${signer}.`;
    if (balanceWei === 0n || store === null) return okOr(balanceWei > 0n, amount, next, "fail");
    const account = async () => ({ balanceWei, gasPriceWei: gasPrice ?? 0n });
    const sources = {
      journal: store.journal,
      now,
      accounts: [{ chainId, signer }],
      vaults: [],
      account,
      feeAYear: async () => null,
    };
    const [{ days } = { days: 0 }] = (await costReport(sources)).accounts;
    return okOr(
      days >= config.health.runwayDays,
      `${amount}, lasts ${days >= MOST_DAYS ? "ten years or more" : `${Math.floor(days)} days`}`,
      next,
    );
  });
  await examination.look("transactions that wait", async () => {
    const [used, pending] = await Promise.all([
      provider.getTransactionCount(signer),
      provider.getTransactionCount(signer, "pending"),
    ]);
    const unsettled = (await store?.journal.unsettled(chainId, signer)) ?? [];
    const own = new Set(unsettled.flatMap(({ nonce }) => (nonce === null ? [] : [nonce])));
    const waiting = Array.from({ length: pending - used }, (_, i) => used + i);
    const foreign = waiting.filter((nonce) => !own.has(nonce));
    if (store === null) return ok(`${waiting.length}`);
    const next = "Somebody else uses this key: give the keeper one of its own; it waits until the nonce is free.";
    return okOr(
      foreign.length === 0,
      foreign.length === 0 ? `${waiting.length}` : `nonces ${foreign.join(", ")} are not the keeper's`,
      next,
    );
  });
  if (store === null) return;
  await examination.look("unfinished intents", async () => {
    const open = await store.journal.unsettled(chainId, signer);
    const oldest = Math.min(...open.map(({ created_at }) => created_at));
    const age = open.length === 0 ? 0 : (now() - oldest) / 1000;
    const next = "The next tick goes on with them; `crosshedge journal verify` looks closer.";
    return okOr(
      age <= config.health.openSeconds,
      open.length === 0 ? "none" : `${open.length}, the oldest ${formatDuration(age)} old`,
      next,
    );
  });
  await examination.look("accounts that signed before", async () => {
    const others = (await store.journal.unsettledSigners(chainId)).filter((other) => other !== signer.toLowerCase());
    const left = await Promise.all(
      others.map(async (other) => `${(await store.journal.unsettled(chainId, other)).length} of ${other}`),
    );
    const next =
      "Let the keeper of that account end them (`crosshedge tick` with its key). Without that key they are only looked up: what is mined is written down, what is not can neither be raised nor cancelled.";
    return okOr(left.length === 0, left.length === 0 ? "nothing unfinished" : `unfinished: ${left.join(", ")}`, next);
  });
  await examination.look("lane", async () => {
    const lane = await store.session.run((db) =>
      db
        .selectFrom("lanes")
        .selectAll()
        .where("chain_id", "=", chainId)
        .where("signer", "=", signer.toLowerCase())
        .executeTakeFirst(),
    );
    if (lane === undefined) {
      const used = await provider.getTransactionCount(signer);
      const next =
        "If a keeper sent them, its journal is elsewhere: a directory in `storage` is looked for from where it is started.";
      const fact =
        used === 0 ? "was never taken" : `was never taken by this journal, and ${signer} has sent ${used} transactions`;
      return okOr(used === 0, fact, next);
    }
    const left = (Number(lane.expires_at) - now()) / 1000;
    return ok(
      left > 0
        ? `held by ${lane.owner} for ${formatDuration(left)} more, term ${lane.term}`
        : `free, last ${lane.owner}'s, term ${lane.term}`,
    );
  });
}

const coins = (wei: bigint): string =>
  Number(formatEther(wei)).toLocaleString("en-US", { maximumSignificantDigits: 4 });

/** Whether a private relay answers. */
export async function checkRelay(examination: Examination, url: string): Promise<void> {
  await examination.look("relay", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
    const started = performance.now();
    const response = await fetch(url, {
      ...{ method: "POST", headers: { "content-type": "application/json" }, body },
      signal: AbortSignal.timeout(10_000),
    }).catch(() => null);
    const next = "Correct relay.url, or leave the relay away: nothing can be sent through it.";
    if (response === null) return fail("it does not answer", next);
    const milliseconds = Math.round(performance.now() - started);
    return okOr(response.status < 500, `HTTP ${response.status} in ${milliseconds} ms`, next, "fail");
  });
}
