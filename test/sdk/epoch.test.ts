import { CrosshedgeVault, checkDecision, readEpoch } from "@crosshedge/sdk";
import { expect } from "chai";
import { keccak256, type Provider, toUtf8Bytes } from "ethers";
import { canonicalJson } from "../../keeper/src/record/canonical-json.js";
import { hedgedPosition } from "../support/actions.js";
import { type Fixture, vaultWithHistory } from "../support/fixture.js";
import { orders, planOf, usdc, wad } from "../support/orders.js";
import { marketsOf, perpOf, send } from "../support/rebalance.js";
import { reusable } from "../support/reusable.js";
import { expectRejection } from "./support.js";

const fixture = reusable(vaultWithHistory);

describe("sdk: an epoch and the decision behind it", () => {
  let f: Fixture;
  let record: string;
  let landed: number;

  before(async () => {
    f = await fixture();
    await hedgedPosition(f);
    await blocks(150);
    const predicted = { nav: wad(150_000), gate: { varianceAfter: 2e8, varianceUnhedged: 1e9 } };
    const decision = { kind: "rebalance", plan: { predicted } };
    record = canonicalJson({ vault: f.deployment.vault, block: 7, epoch: 1n, decision });
    const plan = await planOf(f, [orders.size(perpOf(f), marketsOf(f).ETH.base, -wad("0.1"))]);
    const sent = await f.rebalancer.rebalance({ ...plan, decisionHash: keccak256(toUtf8Bytes(record)) });
    landed = (await sent.wait())?.blockNumber ?? 0;
    await blocks(100);
    await send(f, [orders.margin(perpOf(f), usdc(10))]);
  });

  /** One by one: of blocks mined at once Hardhat keeps no state. */
  async function blocks(count: number): Promise<void> {
    for (let k = 0; k < count; k++) await f.world.networkHelpers.mine();
  }

  function connect(change: (method: string, args: unknown[]) => unknown = () => undefined): Promise<CrosshedgeVault> {
    const provider = new Proxy(f.world.ethers.provider, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => change(String(key), args) ?? (value.apply(target, args) as unknown);
      },
    }) as Provider;
    return CrosshedgeVault.connect({ address: f.deployment.vault, provider });
  }

  it("is found by the plan counter, in few reads, or in the logs", async () => {
    let calls = 0;
    const vault = await connect((method) => {
      if (method === "call") calls++;
    });
    calls = 0;
    const event = await readEpoch(vault, 1n);
    expect(calls).to.be.below(25);
    expect(event).to.include({ epoch: 1n, blockNumber: landed, profile: "Keeper", vault: f.deployment.vault });
    expect(event.sender).to.equal(f.world.signers.keeper.address);
    const [logged] = await f.rebalancer.queryFilter(f.rebalancer.filters.Rebalanced(1n));
    expect(event.outcome.varianceAfter).to.equal(logged?.args.outcome.varianceAfter);
    expect([event.lossSpent, event.transactionHash]).to.deep.equal([logged?.args.lossSpent, logged?.transactionHash]);
    expect(await readEpoch(vault, 1n, { fromBlock: landed - 50 })).to.deep.equal(event);
    expect([(await readEpoch(vault, 0n)).epoch, (await readEpoch(vault, 2n)).epoch]).to.deep.equal([0n, 2n]);
  });

  it("is looked for in halves where a node limits ranges", async () => {
    let asked = 0;
    const vault = await connect((method, [sent, params]) => {
      if (method !== "send" || sent !== "eth_getLogs" || ++asked === 0) return undefined;
      const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }];
      return Number(toBlock) - Number(fromBlock) > 120
        ? Promise.reject(new Error("query exceeds max block range"))
        : undefined;
    });
    expect((await readEpoch(vault, 1n, { fromBlock: 0 })).blockNumber).to.equal(landed);
    expect(asked).to.be.above(3);
  });

  it("that cannot be found is a clear error", async () => {
    const vault = await connect();
    await expectRejection(readEpoch(vault, 3n), "BAD_ARGUMENT", /no plan of epoch 3: the vault is at 3/);
    await expectRejection(readEpoch(vault, -1n), "BAD_ARGUMENT");
    await expectRejection(readEpoch(vault, 1n, { fromBlock: landed + 1 }), "EVENT_MISSING", /in these blocks/);
    await expectRejection(readEpoch(vault, 1n, { fromBlock: 9, toBlock: 8 }), "BAD_ARGUMENT");
    const head = await f.world.ethers.provider.getBlockNumber();
    const pruned = await connect((method, [call]) => {
      const { blockTag } = (call ?? {}) as { blockTag?: number };
      if (method !== "call" || typeof blockTag !== "number" || blockTag > head - 128) return undefined;
      return Promise.reject(new Error("missing trie node"));
    });
    expect((await readEpoch(pruned, 2n)).epoch).to.equal(2n);
    const error = await expectRejection(readEpoch(pruned, 0n), "READ_FAILED", /no state of block/);
    expect(error.nextStep).to.match(/archive node, or give `fromBlock`/);
    const silent = await connect((_, [sent]) => (sent === "eth_getLogs" ? Promise.resolve([]) : undefined));
    await expectRejection(readEpoch(silent, 1n), "EVENT_MISSING", new RegExp(`in block ${landed}`));
  });

  it("has the record that was logged with it, unchanged; and what was expected beside what came", async () => {
    const event = await readEpoch(await connect(), 1n);
    const check = checkDecision(record, event);
    expect(check).to.deep.include({ matches: true, faults: [], block: 7, hash: event.decisionHash });
    expect(check.navAfter).to.include({ expected: wad(150_000), actual: event.outcome.navAfter });
    expect(check.varianceAfter?.expected).to.equal(wad(200_000_000));
    const off = Number(event.outcome.varianceUnhedged) / 1e27 - 1;
    expect(Math.abs(Number(check.varianceUnhedged?.difference) / 1e18 - off) < 1e-9).to.equal(true);
    expect(checkDecision(toUtf8Bytes(record), event)).to.deep.equal(check);

    const changed = checkDecision(record.replace("2e8", "3e8").replace("200000000", "300000000"), event);
    expect(changed.matches).to.equal(false);
    expect(changed.faults).to.have.length(1);
    const other = checkDecision(record, await readEpoch(await connect(), 0n));
    expect(other.faults.join()).to.match(/its hash is .* of epoch 1, not of 0/);
    const alien = checkDecision(record, { ...event, vault: event.rebalancer });
    expect(alien.faults.join()).to.match(/^it is of the vault 0x.*, not of 0x/);
    const noRecord = checkDecision("{", event);
    expect([noRecord.matches, noRecord.block, noRecord.navAfter]).to.deep.equal([false, null, null]);
    expect(checkDecision("\ud800", event).matches).to.equal(false);
    const vast = { decision: { plan: { predicted: { gate: { varianceAfter: 1e305, varianceUnhedged: -1 } } } } };
    const { varianceAfter, varianceUnhedged } = checkDecision(JSON.stringify(vast), event);
    expect([varianceAfter, varianceUnhedged?.expected]).to.deep.equal([null, wad(-1)]);
  });
});
