import { isHexString } from "ethers";
import { CrosshedgeError } from "../errors/CrosshedgeError.js";
import type { ContractCall } from "./call.js";

/** The answer of one call, as Multicall3 gives it. */
export interface RawAnswer {
  success: boolean;
  returnData: string;
}

/**
 * `aggregate3((address target, bool allowFailure, bytes callData)[]) returns ((bool success, bytes returnData)[])`, read and written as text:
 * ethers' coder takes a hundred times as long, which would be most of what a keeper's tick costs.
 */
const SELECTOR = "0x82ad56cb";
const WORD = 32;
/** Of one call: where it goes, that it may fail, where its data is, and how long that is. */
const HEAD = 4 * WORD;

const word = (value: number): string => value.toString(16).padStart(2 * WORD, "0");

/** Calldata for many calls, each of which may fail by itself. */
export function encodeAggregate3(calls: readonly Pick<ContractCall<unknown>, "target" | "data">[]): string {
  let place = WORD * calls.length;
  let places = "";
  let bodies = "";
  for (const { target, data } of calls) {
    if (!isHexString(target, 20)) throw new CrosshedgeError("BAD_ARGUMENT", `${target} is not an address.`);
    const length = (data.length - 2) / 2;
    const room = Math.ceil(length / WORD) * WORD;
    places += word(place);
    bodies +=
      target
        .slice(2)
        .toLowerCase()
        .padStart(2 * WORD, "0") +
      word(1) +
      word(3 * WORD) +
      word(length);
    bodies += data.slice(2).padEnd(2 * room, "0");
    place += HEAD + room;
  }
  return SELECTOR + word(WORD) + word(calls.length) + places + bodies;
}

/**
 * What the calls answered, in order.
 * @throws {CrosshedgeError} READ_FAILED where it is no answer to so many calls
 */
export function decodeAggregate3(answer: string, calls: number): RawAnswer[] {
  const bytes = (place: number, length: number): string => {
    const [from, to] = [2 + 2 * place, 2 + 2 * (place + length)];
    if (!(to <= answer.length)) throw unreadable();
    return `0x${answer.slice(from, to)}`;
  };
  const number = (place: number): number => Number(bytes(place, WORD));
  if (!isHexString(answer)) throw unreadable();
  const first = number(0) + WORD;
  if (number(first - WORD) !== calls) throw unreadable();
  return Array.from({ length: calls }, (_, index) => {
    const place = first + number(first + WORD * index);
    const data = place + number(place + WORD);
    return { success: number(place) !== 0, returnData: bytes(data + WORD, number(data)) };
  });
}

function unreadable(): CrosshedgeError {
  return new CrosshedgeError("READ_FAILED", "The answer of Multicall3 cannot be read.");
}
