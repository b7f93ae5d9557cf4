import { redact } from "@crosshedge/sdk";
import { WrongSettingError } from "../errors.js";

/** Parts of hosts that look like keys, such as a long run of digits and letters. */
const KEY_LIKE = /^(?=.*\d)[0-9a-z-]{24,}$/i;
/** Shorter parts of an address are words, such as "v2" or "mainnet". */
const MIN_SECRET = 8;

/** Where an endpoint is, and how to speak of it. */
export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Its host, without what may be a key. */
  readonly host: string;
  /** The text without this address and the keys in it. */
  clean(text: string): string;
}

/**
 * Take a node's address apart: a user and password in it become a header, since fetch refuses them.
 *
 * @throws {WrongSettingError} not http or https
 */
export function parseAddress(text: string): Address {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    throw new WrongSettingError("The RPC address is not one of http or https.", "Correct --rpc.");
  const url = new URL(text);
  const { username, password } = url;
  const secrets = [...url.pathname.split("/"), ...url.searchParams.values(), ...url.hostname.split(".").filter(isKey)]
    .concat(password, url.search)
    .filter((part) => part.length >= MIN_SECRET);
  const headers: Record<string, string> = { "content-type": "application/json" };
  if (username !== "" || password !== "") {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    headers.authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
    url.username = "";
    url.password = "";
  }
  const host = url.hostname.split(".").map((label) => (isKey(label) ? "*" : label));
  return {
    url: url.href,
    headers,
    host: `${host.join(".")}${url.port === "" ? "" : `:${url.port}`}`,
    clean: (said) => secrets.reduce((kept, secret) => kept.replaceAll(secret, "<key>"), redact(said)),
  };
}

function isKey(label: string): boolean {
  return KEY_LIKE.test(label);
}
