import { fund } from "../../../scripts/devnet/world.js";
import { refreshFeeds } from "../../support/actions.js";
import { vaultIn, worldWithOracles } from "../../support/fixture.js";
import { usdc } from "../../support/orders.js";

const { connection, world, oracles, rounds } = await worldWithOracles({ history: true });
const parts = await vaultIn(world, oracles, undefined, { feeRecipient: world.signers.carol.address });
const f: any = { connection, world, oracles, rounds, ...parts };
for (const leg of Object.values(f.deployment.legs)) await f.vault.removeLeg(leg);
const { alice, bob } = world.signers;
const { USDC } = world.tokens;
const dep = async (who: any, n: bigint, keep = 0n) => {
  await fund(world, who.address, { USDC: n + keep });
  await USDC.connect(who).approve(f.vault, n);
  return (
    await f.vault
      .connect(who)
      ["deposit(address,uint256,uint256,address,uint256)"](
        USDC,
        n,
        usdc(1) * 10n ** 12n,
        who,
        (await world.networkHelpers.time.latest()) + 3600,
      )
  ).wait();
};
await dep(alice, usdc(50000));
await world.networkHelpers.time.increase(3600);
await refreshFeeds(f);
await dep(alice, usdc(1000));
await world.networkHelpers.time.increase(3600);
await refreshFeeds(f);
const r = await dep(bob, usdc(1000), usdc(1000));
console.log("gas", r.gasUsed);
const t: any = await connection.provider.request({
  method: "debug_traceTransaction",
  params: [r.hash, { disableMemory: true }],
} as any);
const names: Record<string, string> = {};
const put = (a: any, n: string) => {
  names[String(a).toLowerCase()] = n;
};
put(await f.vault.getAddress(), "vault");
put(oracles.priceOracle, "oracle");
put(await USDC.getAddress(), "USDC");
put(await world.feeds.USDC.proxy.getAddress(), "feedproxy");
const logs = t.structLogs;
type Frame = { to: string; op: string; start: number; self: number };
const stack: Frame[] = [{ to: "tx", op: "", start: logs[0].gas, self: 0 }];
const rows: string[] = [];
const self: Record<string, number> = {};
const byop: Record<string, Record<string, number>> = {};
console.log("intrinsic", Number(r.gasUsed), logs[0].gas);
let names_stack = ["tx"];
for (let i = 0; i < logs.length; i++) {
  const l = logs[i];
  const next = logs[i + 1];
  const path = names_stack.slice(0, l.depth).join(">");
  let cost = l.gasCost;
  if (next && next.depth === l.depth) cost = l.gas - next.gas;
  if (["CALL", "STATICCALL", "DELEGATECALL"].includes(l.op)) {
    const to = "0x" + l.stack[l.stack.length - 2].replace(/^0x/, "").padStart(64, "0").slice(24);
    names_stack = [
      ...names_stack.slice(0, l.depth),
      (names[to.toLowerCase()] ?? to.slice(0, 8)) + (l.op === "DELEGATECALL" ? "(d)" : ""),
    ];
    // own cost: find access cost: total at return minus inner
    let j = i + 1;
    while (logs[j].depth > l.depth) j++;
    const inner = j > i + 1 ? logs[i + 1].gas - (logs[j - 1].gas - logs[j - 1].gasCost) : 0;
    cost = l.gas - logs[j].gas - inner;
    rows.push(`${"  ".repeat(l.depth)}${l.op} ${names_stack.at(-1)} total ${l.gas - logs[j].gas} access+ ${cost}`);
  } else if (["SLOAD", "SSTORE", "EXTCODECOPY", "EXTCODESIZE"].includes(l.op) || l.op.startsWith("LOG")) {
    rows.push(`${"  ".repeat(l.depth)}${l.op} ${l.op.startsWith("LOG") ? "" : l.stack.at(-1)?.slice(-12)} ${cost}`);
  } else if (next && next.depth !== l.depth) cost = l.gasCost;
  self[path] = (self[path] ?? 0) + cost;
  const kind =
    ["SLOAD", "SSTORE", "CALL", "STATICCALL", "DELEGATECALL", "TLOAD", "TSTORE", "EXTCODECOPY", "EXTCODESIZE"].includes(
      l.op,
    ) || l.op.startsWith("LOG")
      ? l.op
      : "exec";
  (byop[path] ??= {})[kind] = (byop[path]![kind] ?? 0) + cost;
}
console.log(rows.join("\n"));
console.log(byop);
console.log("refund", Number(r.gasUsed));

import { writeFileSync } from "node:fs";

writeFileSync("/tmp/trace.json", JSON.stringify(logs.map((l: any) => [l.pc, l.op, l.gas, l.gasCost, l.depth])));
