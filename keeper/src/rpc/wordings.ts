import type { Meaning } from "./fault.js";

/** What nodes say, by what they mean; the first that fits counts, so the order matters. A contract's own text comes after "reverted". */
export const WORDINGS: readonly (readonly [Meaning, RegExp])[] = [
  [
    "revert",
    /\bexecution reverted\b|\breverted (?:with|without|0x|by)|\btransaction reverted\b|^reverted\b|^revert(?::|$)/i,
  ],
  [
    "revert",
    /vm exception while processing|vm execution error|bad instruction|invalid (?:opcode|jump)|stack (?:under|over)flow/i,
  ],
  [
    "revert",
    /^(?:err: )?out of gas\b(?!.*(?:allowance|supplied))|execution halted|could not be completed due to an exception/i,
  ],

  ["alreadyKnown", /already ?known|\bknown transaction|already imported|existing txn? with same hash|alreadyimported/i],
  [
    "alreadyKnown",
    /already (?:exists )?in (?:the )?(?:mem|tx|transaction )?pool|same hash was already|tx already exists? in cache/i,
  ],

  [
    "nonceTooHigh",
    /nonce (?:is )?too (?:high|far)|noncegap|noncetoofar|nonce gap|nonce is too distant|lower nonce (?:is missing|.*exists)/i,
  ],
  [
    "nonceTooLow",
    /nonce (?:is )?too low|oldnonce|nonce has already been used|invalid transaction nonce|stale nonce|pool\(stale\)/i,
  ],
  ["nonceTooLow", /transaction already finalized|nonce (?:\d+ )?(?:is |was )?already used/i],

  [
    "underpricedReplacement",
    /replacement (?:transaction|fee|tx)|could not replace|to replace (?:the )?existing|replacementnotallowed/i,
  ],
  ["underpricedReplacement", /(?:another|existing) (?:transaction|txn?).*same nonce|ownnoncealreadyused/i],

  [
    "poolFull",
    /pool (?:is )?full|queue (?:is )?full|too many (?:pending )?transactions|in-flight transaction limit|pooloverflow/i,
  ],
  [
    "poolFull",
    /future transaction tries to replace|dropped due to l2 congestion|account limit exceeded|exceeded max(?:imum)? pending/i,
  ],

  [
    "feeTooLow",
    /underpriced|fee ?too ?low|fee ?cap (?:\d+ )?(?:less|below)|(?:less|lower) than (?:the )?block base fee|below (?:the )?current base fee/i,
  ],
  [
    "feeTooLow",
    /max ?fee ?per ?gas.*(?:too low|below|less than)|priority fee.*(?:below|too low)|gas ?price.*(?:too low|below|less than|minimal)/i,
  ],
  ["feeTooLow", /feecap \d+ below|effectivepriorityfee|tip cap.*minimum|base fee exceeds gas limit/i],

  [
    "insufficientFunds",
    /insufficient ?(?:funds|balance)|not enough funds|n[o']t have enough funds|upfront cost exceeds|cause overdraft|out of balance/i,
  ],
  ["insufficientFunds", /sender'?s? balance|exceeds (?:the )?(?:account )?balance|lack of funds/i],

  [
    "gasLimit",
    /exceeds? (?:the )?(?:current )?block'?s? ?gas ?limit|gas ?limit ?(?:reached|exceeded)|intrinsic ?gas|supplied gas is beyond/i,
  ],
  [
    "gasLimit",
    /gas limit (?:is |was )?(?:too|greater|higher|exceeds?|\d+)|gas required exceeds|gas ?uint(?:64)? ?overflow|requires at least \d+ gas/i,
  ],
  [
    "gasLimit",
    /exceeds? (?:the )?(?:maximum )?(?:per-)?transaction gas (?:limit|cap)|transaction gas is too low|cost exceeds current gas limit/i,
  ],

  [
    "wrongChain",
    /(?:invalid|wrong|incorrect) chain ?id|chain ?id (?:mismatch|not supported|is required|does not match)/i,
  ],
  ["wrongChain", /incompatible eip-155|signed for another chain|only replay-protected/i],

  [
    "staleBlock",
    /header(?: range)? not found|block not found|unknown block|(?:can|could) ?not find (?:the )?block|missing trie node|missing block/i,
  ],
  [
    "staleBlock",
    /state (?:is |at .*)?(?:not available|unavailable|is not available)|no state (?:available )?for block|historical state|pruned|has been pruned/i,
  ],
  [
    "staleBlock",
    /not (?:currently )?canonical|non-?canonical|block ?out ?of ?range|invalid block tag|beyond (?:the )?current head|after last accepted block/i,
  ],
  [
    "staleBlock",
    /(?:block|data|blocks in the requested block range) (?:is |are )?(?:unavailable|not available)|required data unavailable/i,
  ],
  ["staleBlock", /resource not found|initial sync|(?:still|node is|is) syncing|not yet in sync|not synced/i],

  [
    "batchTooLarge",
    /batch (?:size|too large|limit|is too)|requests? in (?:a |the )?batch|max batch|batch.*(?:not supported|not allowed|exceed)/i,
  ],
  [
    "batchTooLarge",
    /number of requests exceeds|request (?:body |entity )?(?:is )?too large|(?:content|entity|payload) too large/i,
  ],

  [
    "rateLimited",
    /rate.?limit|too many requests|compute units|requests? (?:rate|limit)|per second|daily request|capacity limit|throttl|usage (?:limit|quota)/i,
  ],
  ["rateLimited", /(?:quota|plan limit|credits?).*(?:exceed|reached|exhaust)|exceeded.*(?:quota|plan)|call limit/i],

  [
    "rangeTooLarge",
    /returned more than|response size|(?:exceed|limited to|up to|max|maximum|too (?:large|wide|big)).*\brange|range.*(?:too|exceed|limit|not supported|max)/i,
  ],
  [
    "rangeTooLarge",
    /blocks (?:range|distance)|requested too many blocks|logs matched|(?:max|maximum|too many) (?:results|logs|blocks)|query timeout|too large request/i,
  ],

  [
    "unsupported",
    /method.*(?:not found|not supported|not exist|not available|not allowed|not enabled|not whitelisted|disabled|not implemented)/i,
  ],
  [
    "unsupported",
    /(?:unsupported|unknown|unauthorized) method|(?:rpc )?endpoint not implemented|not implemented|unimplemented|rpc_unimplemented/i,
  ],

  ["invalid", /exceeds the configured cap|fee ?cap exceeded|fee too high|priority ?fee.*(?:higher|greater|exceeds?)/i],
  [
    "invalid",
    /invalid (?:sender|signature|message format|transaction|rlp|params?|arguments?|request|value|string|input|hex)|(?:forbidden|banned).*(?:sender|address)|sender.*(?:not authorized|banned|forbidden)/i,
  ],
  [
    "invalid",
    /oversized data|transaction is too big|initcode|type not supported|unsupported transaction type|negative value|sender (?:is )?not an? eoa|senderiscontract/i,
  ],
  [
    "invalid",
    /failed ?to ?(?:decode|recover|resolve)|transaction (?:invalid|is not permitted|type not)|int256overflow|cost overflow|cannot unmarshal|missing value for required|parse error/i,
  ],
  ["invalid", /^invalid$|(?:call failed: )invalid$/i],

  [
    "unauthorized",
    /must be authenticated|unauthori[sz]ed|forbidden|(?:invalid|missing|wrong|unknown|disabled).*(?:api|project|access|jwt)|not authori[sz]ed|whitelist|allowlist|invalid host/i,
  ],

  ["garbage", /unexpected token|unexpected end of json|not valid json|invalid json|missing response|malformed/i],

  [
    "unavailable",
    /time(?:d )?.?out|execution aborted|socket hang up|fetch failed|network is unreachable|bad gateway|service unavailable|temporarily|terminated/i,
  ],
  [
    "unavailable",
    /connection (?:refused|reset|closed|error)|econn|enotfound|upstream|no (?:healthy|available) |overloaded|internal (?:server |json-rpc )?error|^server error/i,
  ],
];

/** What a text of a node means; null where no wording fits. */
export function meaningOfText(text: string): Meaning | null {
  for (const [meaning, pattern] of WORDINGS) if (pattern.test(text)) return meaning;
  return null;
}
