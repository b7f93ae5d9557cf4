import { NOT_DIRECTLY } from "../venues/types.js";
import { BOUNDS, CODE, COUNT, SIZE } from "./texts.js";
import type { AdviceTable } from "./types.js";

const LOCKED = [
  "the vault is in the middle of an operation",
  "Call outside of other operations of the vault.",
] as const;

/** What a view can meet: of the vault, its legs, the oracles and what they use. */
export const READ_ADVICE: AdviceTable = {
  "Locked()": LOCKED,
  "VaultLocked()": LOCKED,
  "BadPrice()": [
    "a price cannot be used now",
    "Wait until the feeds report again; `readReport` names the asset. Exits in kind need no price.",
  ],
  "NotInBasket(address)": [
    "the vault does not accept this token",
    "Deposit only tokens for which `inBasket` is true.",
    "TOKEN_NOT_IN_BASKET",
  ],
  "NoValue(int)": ["the vault's NAV is not above zero", "Leave in kind; deposits and plans are not possible."],
  "LengthMismatch(uint assets, uint feeds)": [
    "two lists that belong together differ in length",
    "Give one entry for each of the vault's assets.",
  ],
  "NoPreview()": ["nobody knows the price of a redemption before it is settled", "Look at `redemption()` instead."],
  "NotVault(address)": ["only the leg's vault may call this", NOT_DIRECTLY],
  "NotAMarket(address)": ["the leg does not trade this market", "Use one of the leg's `markets()`."],
  "PriceOutOfRange(uint)": [
    "the price lies outside of what the pool can hold",
    "Check the feeds of the pool's tokens.",
  ],
  "TooManyAssets(uint, uint)": BOUNDS,
  "Malformed(address)": ["the price oracle answered in another layout", CODE],
  "NotEnoughGas(uint, uint)": ["too little gas to read a feed", "Send it again with more gas."],
  "ExposureCountMismatch(uint, uint)": COUNT,
  "TooManyGammas(uint, uint)": BOUNDS,
  "IndexOutOfRange(uint, uint)": BOUNDS,
  "AmountTooLarge(int, uint)": SIZE,
  "SafeCastOverflowedUintToInt(uint)": SIZE,
};
