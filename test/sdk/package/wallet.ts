import packaged from "@sparticuz/chromium";
import type { Wallet } from "ethers";
import { type Browser, chromium, type Page } from "playwright-core";

/** A Chromium: the one that CHROMIUM names, else the one from npm, which is made for Linux on x64 only; null on another machine. */
export async function browserHere(): Promise<string | null> {
  const named = process.env.CHROMIUM;
  if (named !== undefined) return named;
  return process.platform === "linux" && process.arch === "x64" ? packaged.executablePath() : null;
}

export function launch(executablePath: string): Promise<Browser> {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** A question of EIP-1193. */
interface Question {
  readonly method: string;
  readonly params?: readonly unknown[];
}

/** The methods that a wallet was asked, in order. */
export type Asked = string[];

/** Gives a page a wallet that announces itself by EIP-6963; its keys never enter the page. */
export async function injectWallet(page: Page, wallet: Wallet): Promise<Asked> {
  const asked: Asked = [];
  let connected = false;
  const node = wallet.provider as unknown as { send(method: string, params: readonly unknown[]): Promise<unknown> };
  const answer = async ({ method, params = [] }: Question): Promise<unknown> => {
    asked.push(method);
    switch (method) {
      case "eth_accounts":
        return connected ? [wallet.address] : [];
      case "eth_requestAccounts":
        connected = true;
        return [wallet.address];
      case "eth_signTypedData_v4": {
        const { domain, types, message } = JSON.parse(String(params[1])) as Parameters<typeof typed>[0];
        return wallet.signTypedData(...typed({ domain, types, message }));
      }
      case "eth_sendTransaction": {
        const { gas, from: _, ...transaction } = params[0] as Record<string, string>;
        return (await wallet.sendTransaction({ ...transaction, ...(gas && { gasLimit: gas }) })).hash;
      }
      default:
        return node.send(method, [...params]);
    }
  };
  await page.exposeFunction("askWallet", async (question: Question) => {
    try {
      return { result: await answer(question) };
    } catch (caught) {
      const { error, message } = caught as {
        error?: { code: number; message: string; data?: unknown };
        message: string;
      };
      return { error: error ?? { code: -32603, message } };
    }
  });
  await page.addInitScript(ANNOUNCE);
  return asked;
}

type Typed = {
  domain: Parameters<Wallet["signTypedData"]>[0];
  types: Parameters<Wallet["signTypedData"]>[1];
  message: Parameters<Wallet["signTypedData"]>[2];
};

/** ethers adds the domain's type itself. */
function typed({ domain, types, message }: Typed): Parameters<Wallet["signTypedData"]> {
  const { EIP712Domain: _, ...rest } = types;
  return [domain, rest, message];
}

/** Runs in the page, before anything else of it. */
const ANNOUNCE = `
const provider = {
  async request(question) {
    const { result, error } = await window.askWallet(question);
    if (error) throw Object.assign(new Error(error.message), error);
    return result;
  },
  on() {},
  removeListener() {},
};
const info = { uuid: "350670db-19fa-4704-a166-e52e178b59d2", name: "Test Wallet", icon: "data:,", rdns: "test.wallet" };
const announce = () =>
  window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail: Object.freeze({ info, provider }) }));
window.addEventListener("eip6963:requestProvider", announce);
announce();
`;
