/** What a node means when it does not give logs. `blocks`: how many it would give, where it says so. */
export type Refusal =
  | { readonly kind: "range"; readonly blocks: number | null; readonly lasting: boolean }
  | { readonly kind: "busy" }
  | { readonly kind: "noState" }
  | { readonly kind: "other" };

/** Blocks per request are limited, whatever is found: no larger range will ever pass. */
const RANGE_LIMIT =
  /block range|blocks? range|\brange\b.*(?:limit|max|exceed|large|wide|big)|(?:limit|max|exceed)\w*.*\brange\b|too many blocks|blocks? distance/i;
/** What was found is too much. */
const RESULT_LIMIT =
  /response size|returned more than|more than [\d,]+ (?:results|logs)|max(?:imum)? (?:results|logs)|too many (?:results|logs)|logs matched|result(?:s|set)? (?:is |are )?too (?:large|many)|limit exceeded|(?:content|payload|entity|response) (?:is )?too large|too large request|max message response|backend response too large/i;
const TIMEOUT = /query timeout|timed? ?out|timeout|deadline exceeded|took too long|execution aborted/i;
const BUSY =
  /rate.?limit|too many requests|compute units|per second|throttl|capacity|\b(?:429|502|503|504)\b|bad gateway|unavailable|overloaded|temporarily|internal (?:server |json-rpc )?error|socket hang up|fetch failed|econn|network|connection|missing response|unexpected (?:token|end)|not valid json|bad response/i;
/** One of several nodes is behind the one that answered before: it will have the blocks soon. */
const BEHIND =
  /beyond (?:the )?(?:current |latest )?head|(?:after|past|greater than|higher than|ahead of) (?:the )?(?:last|latest|current|head)|block not found|unknown block/i;
const NO_STATE =
  /missing trie node|state .*(?:not|un)available|no state|historical state|pruned|archive|header not found|old data not available|distance to target block/i;

/** All that was said, in whatever part of an error a transport has put it. */
export function textsOf(error: unknown, depth = 0): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null || depth > 5) return "";
  const source = error as Record<string, unknown>;
  const own = ["message", "shortMessage", "responseBody", "body", "code"].map((field) => {
    const value = source[field];
    return typeof value === "string" || typeof value === "number" ? String(value) : "";
  });
  const inner = ["error", "info", "data", "cause", "payload"].map((field) => textsOf(source[field], depth + 1));
  return [...own, ...inner].filter((text) => text !== "").join("\n");
}

/** What a node's error means for a request of logs. */
export function refusalOf(error: unknown): Refusal {
  const text = textsOf(error);
  if (/\b429\b|rate.?limit|too many requests|compute units|per second/i.test(text)) return { kind: "busy" };
  if (BEHIND.test(text)) return { kind: "busy" };
  const offered = offeredBlocks(text);
  const limited = RANGE_LIMIT.test(text) && !RESULT_LIMIT.test(text);
  if (offered !== null) return { kind: "range", blocks: offered.blocks, lasting: limited && !offered.named };
  if (RANGE_LIMIT.test(text) || RESULT_LIMIT.test(text) || TIMEOUT.test(text) || /-32614|\b413\b/.test(text)) {
    return { kind: "range", blocks: null, lasting: false };
  }
  if (NO_STATE.test(text)) return { kind: "noState" };
  return { kind: BUSY.test(text) ? "busy" : "other" };
}

const NUMBER = String.raw`(\d[\d,_]*)\s*(k)?`;
/** How providers say how many blocks they would give. */
const OFFERS: readonly RegExp[] = [
  /** Alchemy, QuickNode, Ankr and others: "up to a 10 block range", "limited to a 10,000 blocks range", "limited to a 10,000 range". */
  new RegExp(
    String.raw`(?:up to|limited to|at most|maximum of|max of)\s+(?:an?\s+)?${NUMBER}[\s-]*(?:blocks?)?\s*range`,
    "i",
  ),
  /** "max range: 10000", "max block range = 5000", "maximum block range: 2000", "maximum is set to 2048", "max allowed is 1024". */
  new RegExp(
    String.raw`max(?:imum)?(?:\s+allowed)?(?:\s+block)?(?:\s+range)?(?:\s+limit)?\s*(?:is set to|is|[:=]|of)\s*${NUMBER}`,
    "i",
  ),
  /** "range 1000000 exceeds limit of 10000", "bigger than range limit 2000", "exceed maximum block range: 5000", "range limit of 500". */
  new RegExp(
    String.raw`\brange\b.*?(?:limit|maximum|max)\w*(?:\s+block range)?\s*(?:is|of|[:=])?\s*(?:of\s+)?${NUMBER}`,
    "i",
  ),
  /** "limited to 0 - 3000 blocks range", "range should be within 5000", "range less than 20000", "limit to 10000 blocks". */
  new RegExp(
    String.raw`(?:limited to 0 ?- ?|within |less than |(?:limit|limited|restricted) to )${NUMBER}\s*(?:blocks?)?`,
    "i",
  ),
];

/** "this block range should work: [0x0, 0xd043b8]", "retry with the range 25766988-25775072". */
const NAMED =
  /(?:range should work|try with (?:this|the) (?:block )?range|retry with the range):?\s*\[?\s*(0x[\da-f]+|\d+)\s*[-,]\s*(0x[\da-f]+|\d+)/i;

function offeredBlocks(text: string): { blocks: number; named: boolean } | null {
  const range = NAMED.exec(text);
  if (range) {
    const blocks = Number(range[2]) - Number(range[1]) + 1;
    if (blocks >= 1) return { blocks, named: true };
  }
  if (RESULT_LIMIT.test(text)) return null;
  for (const offer of OFFERS) {
    const found = offer.exec(text);
    if (!found) continue;
    const blocks = Number((found[1] as string).replaceAll(/[,_]/g, "")) * (found[2] ? 1000 : 1);
    if (blocks >= 1) return { blocks, named: false };
  }
  return null;
}
