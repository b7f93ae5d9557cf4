import { formatPercent, formatUsd, ONE, type Ratio18 } from "../units.js";
import { bandOf, type Conditions } from "./conditions.js";
import type { Warning } from "./prepared.js";

/** Every warning that a preparation can raise: what it means, and what to do where nothing better is known. */
export const WARNINGS = {
  BAD_PRICE: {
    meaning: "A price cannot be used now.",
    nextStep: "Wait until the feed reports again, or leave in kind, which needs no price.",
  },
  NOT_VALUED: {
    meaning: "The vault cannot be valued now, as one of its venues does not answer; nothing can be said in dollars.",
    nextStep: "Wait until the venue answers; requests, their cancelling, claims and exits in kind need no NAV.",
  },
  PRICE_AGES: {
    meaning: "A price is close to its heartbeat and goes bad if its feed does not report in time.",
    nextStep: "Send it soon, or after the feed's next report.",
  },
  WIDE_BAND: {
    meaning: "The band of the vault's NAV is wide, so that coming in costs much.",
    nextStep: "Wait until the venues' costs and prices are back to usual, or accept the spread.",
  },
  HIGH_SPREAD: {
    meaning: "The spread takes a large part of what goes in.",
    nextStep: "Deposit assets with narrower bands, such as stables, or later.",
  },
  RESTRICTED_MODE: {
    meaning: "The vault is in a mode that allows less than Normal.",
    nextStep: "Look at the vault's `ModeSet` event; leaving works in every mode.",
  },
  LEG_IMPAIRED: {
    meaning: "The vault's next look at its venues would stop deposits: a leg is blocked or damaged.",
    nextStep:
      "Find out which venue it is before you come in; legs that cannot be left can be forfeited in an exit in kind.",
  },
  KEEPER_SILENT: {
    meaning: "The keeper has given no sign of life for longer than the vault allows.",
    nextStep: "Expect the hedge to be kept by the public calls alone until he is back.",
  },
  ALARM_RAISED: {
    meaning: "The vault's volatility stands above its alarm: the position may be reduced by anybody.",
    nextStep: "Wait until the alarm is cleared, or accept the risk.",
  },
  QUEUE_WAITS: {
    meaning: "Shares wait in the redemption queue: a settlement fills the same part of all that are due.",
    nextStep: "Count on a longer wait for a redemption where cash is short; an exit in kind does not wait.",
  },
  WINDOW_NEARLY_SPENT: {
    meaning: "The deposit takes most of what the hour lets in of a token; another one may come first.",
    nextStep: "Send it soon, or deposit less.",
  },
  ABOVE_MARK: {
    meaning:
      "The share price is above the high-water mark: the next performance fee is also charged on the gain before the deposit.",
    nextStep: "Deposit after the fee was charged (`accrueFees()`, once a day, open to anybody).",
  },
  CASH_SHORT: {
    meaning: "The vault's cash of now would fill only a part of the queue.",
    nextStep: "Expect to be paid in parts as the keeper raises cash, or leave in kind.",
  },
  NOTHING_FILLED: {
    meaning: "The settlement would fill nothing.",
    nextStep: "Wait until every feed has a round that is newer than the requests, or until cash is raised.",
  },
  LEG_UNREACHABLE: {
    meaning: "A leg cannot be left now: the preview gives its part up.",
    nextStep: "Wait, or prepare again with the leg in `forfeit`.",
  },
  COSTLY_EXIT: {
    meaning: "The exit pays clearly less than the shares' part of the NAV.",
    nextStep: "Compare with a redemption by the queue, which pays mid NAV less half its band.",
  },
  LEAVES_QUEUE: {
    meaning: "Shares that wait in the queue are taken back for the exit.",
    nextStep: "Leave with fewer shares to keep them in the queue.",
  },
  UNFUNDED: {
    meaning: "The preview was made with tokens that the account does not have.",
    nextStep: "Fund the account before the transaction is sent.",
  },
} as const satisfies Record<string, { meaning: string; nextStep: string }>;

/** One of the codes of {@link WARNINGS}. */
export type WarningCode = keyof typeof WARNINGS;

/** The warning of a code; `details` says of what, `nextStep` replaces the code's own. */
export function warning(code: WarningCode, details?: string, nextStep: string = WARNINGS[code].nextStep): Warning {
  const { meaning } = WARNINGS[code];
  return { code, message: details === undefined ? meaning : `${meaning} ${details}`, nextStep };
}

/** Share of a heartbeat after which a price is called close to it. */
const AGED: Ratio18 = (ONE * 9n) / 10n;
/** Half a band over NAV above which it is called wide. */
const WIDE: Ratio18 = ONE / 100n;

function* priceWarnings({ assets, block }: Conditions): Generator<Warning> {
  for (const {
    symbol,
    price,
    feed: { heartbeat },
    updatedAt,
  } of assets) {
    const age = block.timestamp - updatedAt;
    if (!price.ok)
      yield warning(
        "BAD_PRICE",
        `It is that of ${symbol}, ${updatedAt === 0 ? "which cannot be read" : `${age} s old`}.`,
      );
    else if (BigInt(age) * ONE >= AGED * heartbeat) {
      yield warning("PRICE_AGES", `That of ${symbol} is ${age} s old, of ${heartbeat} s at most.`);
    }
  }
}

/**
 * What a user should know of a vault before any operation; pure.
 *
 * @example
 * commonWarnings(conditions).map(({ code }) => code); // ["PRICE_AGES"]
 */
export function commonWarnings(conditions: Conditions): Warning[] {
  const { block, mode, nav, queue, totalSupply, alarmAt, lastSign, modeAfterSync } = conditions;
  const found = [...priceWarnings(conditions)];
  if (!nav.ok && conditions.assets.every(({ price }) => price.ok)) found.push(warning("NOT_VALUED"));
  if (mode !== "Normal") found.push(warning("RESTRICTED_MODE", `It is ${mode}.`));
  if (modeAfterSync !== null && modeAfterSync !== mode) {
    found.push(warning("LEG_IMPAIRED", `The mode would be ${modeAfterSync}.`));
  }
  if (nav.ok && bandOf(conditions) > WIDE) {
    found.push(warning("WIDE_BAND", `It is ±${formatPercent(bandOf(conditions))}, ${formatUsd(nav.half)}.`));
  }
  if (totalSupply > 0n && block.timestamp > lastSign + Number(conditions.publicLimits.maxSilence)) {
    found.push(warning("KEEPER_SILENT", `It was ${block.timestamp - lastSign} s ago.`));
  }
  if (alarmAt > 0) found.push(warning("ALARM_RAISED", `Since ${new Date(alarmAt * 1_000).toISOString()}.`));
  if (queue.shares > 0n && totalSupply > 0n) {
    found.push(warning("QUEUE_WAITS", `They are ${formatPercent((queue.shares * ONE) / totalSupply)} of all.`));
  }
  return found;
}
