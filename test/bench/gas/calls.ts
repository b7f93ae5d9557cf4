import { globSync, readFileSync } from "node:fs";
import { Interface, type InterfaceAbi } from "ethers";
import type { World } from "../../../scripts/devnet/world.js";

interface Frame {
  type: string;
  gasUsed: string;
  to: string;
  input: string;
  calls?: Frame[];
}

const ABIS = [
  "artifacts/contracts",
  "node_modules/@perp/curie-contract/artifacts",
  "node_modules/@uniswap/v3-core/artifacts",
];

let names: Map<string, string> | undefined;

/** Names of functions by selector, of our contracts and of the venues'. */
function selectors(): Map<string, string> {
  if (names !== undefined) return names;
  names = new Map();
  for (const file of globSync(ABIS.map((root) => `${root}/**/*.json`))) {
    const { abi } = JSON.parse(readFileSync(file, "utf8")) as { abi?: InterfaceAbi };
    if (abi !== undefined) new Interface(abi).forEachFunction(({ selector, name }) => names?.set(selector, name));
  }
  return names;
}

/** A proxy hands the very call on: one line is enough for both. */
function behindProxy(frame: Frame): Frame {
  const [inner, other] = frame.calls ?? [];
  if (inner?.type !== "DELEGATECALL" || other !== undefined || inner.input !== frame.input) return frame;
  return { ...inner, gasUsed: frame.gasUsed };
}

/** The calls of a transaction as a tree: gas of each with all under it, and in brackets its own. */
export async function callsOf({ connection }: World, hash: string, depth: number): Promise<string> {
  const params = [hash, { tracer: "callTracer" }];
  const lines: string[] = [];
  const visit = (outer: Frame, level: number) => {
    const { gasUsed, to, input, calls = [] } = behindProxy(outer);
    const own = calls.reduce((left, call) => left - Number(call.gasUsed), Number(gasUsed));
    const name = selectors().get(input.slice(0, 10)) ?? input.slice(0, 10);
    lines.push(`${"  ".repeat(level)}${name} ${Number(gasUsed)} [${own}] ${to.slice(0, 8)}`);
    if (level < depth) for (const call of calls) visit(call, level + 1);
  };
  visit((await connection.provider.request({ method: "debug_traceTransaction", params })) as Frame, 0);
  return lines.join("\n");
}
