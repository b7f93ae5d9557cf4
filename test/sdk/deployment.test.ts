import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { DEPLOYED_CHAINS, type Deployment, deploymentOf, parseDeployment, vaultOf } from "@crosshedge/sdk";
import { expect } from "chai";
import { KNOWN_DEPLOYMENTS_FILE, knownDeploymentsSource } from "../../scripts/build/sdk/known.js";
import { expectCode } from "./support.js";

const A = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const market = { base: A, pool: A, dispatcher: A };
const whole = (): Deployment => ({
  chainId: 10,
  altSymbol: "LINK",
  tokens: { LINK: A, USDC: A },
  feeds: { ETH: A, BTC: A, ALT: A, USDC: A },
  uniswap: {
    factory: A,
    positionManager: A,
    router: A,
    quoter: A,
    pools: { altUsdc: A, altWeth: A, wethUsdc: A, wbtcUsdc: A },
  },
  perp: {
    clearingHouse: A,
    clearingHouseConfig: A,
    accountBalance: A,
    vault: A,
    exchange: A,
    orderBook: A,
    marketRegistry: A,
    insuranceFund: A,
    collateralManager: A,
    markets: { ETH: market, BTC: market },
  },
  multicall: A,
  vaults: {
    main: { vault: A, rebalancer: A, priceOracle: A, covarianceOracle: A, accessManager: A, legs: { perp: A } },
  },
});

describe("sdk: deployments", () => {
  it("reads objects and text, and leaves unknown keys out", () => {
    expect(parseDeployment(whole())).to.deep.equal(whole());
    expect(parseDeployment(JSON.stringify({ ...whole(), note: "x" }))).to.deep.equal(whole());
    const { vaults: _vaults, ...young } = whole();
    expect(parseDeployment(young)).to.deep.equal(young);
  });

  it("makes addresses checksummed", () => {
    const lower = JSON.parse(JSON.stringify(whole()).replaceAll(A, A.toLowerCase()));
    expect(parseDeployment(lower)).to.deep.equal(whole());
  });

  it("names the path of what is wrong", () => {
    const broken = (change: (json: Deployment) => void) => {
      const json = JSON.parse(JSON.stringify(whole()));
      change(json);
      return () => parseDeployment(json);
    };
    const cases: [() => unknown, RegExp][] = [
      [broken((json) => Reflect.set(json, "chainId", "10")), /^deployment\.chainId: expected a whole number/],
      [broken((json) => Reflect.set(json.tokens, "USDC", "0x12")), /^deployment\.tokens\.USDC: expected an address/],
      [broken((json) => Reflect.set(json.tokens, "USDC", A.replace("F", "f"))), /^deployment\.tokens\.USDC/],
      [broken((json) => Reflect.deleteProperty(json, "uniswap")), /^deployment\.uniswap: expected an object/],
      [broken((json) => Reflect.set(json, "vaults", { main: {} })), /^deployment\.vaults\.main\.vault/],
      [() => parseDeployment(null), /^deployment: expected an object/],
      [() => parseDeployment("{"), /not JSON/],
    ];
    for (const [run, message] of cases) expectCode(run, "BAD_DEPLOYMENT", message);
  });

  it("finds a chain's addresses, one's own first, and says what to do where there are none", () => {
    const own = whole();
    expect(deploymentOf(10n, [{ ...whole(), chainId: 1 }, own])).to.equal(own);
    const unknown = expectCode(() => deploymentOf(424242, [own]), "UNKNOWN_CHAIN", /no addresses of chain 424242/);
    expect(unknown.nextStep).to.match(/parseDeployment/);
    for (const chainId of DEPLOYED_CHAINS) expect(deploymentOf(chainId).chainId).to.equal(chainId);
  });

  it("finds a vault by its name, or the only one", () => {
    const one = whole();
    const two = { ...one, vaults: { ...one.vaults, other: { ...one.vaults!["main"]!, legs: {} } } };
    expect(vaultOf(one)).to.equal(one.vaults!["main"]);
    expect(vaultOf(two, "other").legs).to.deep.equal({});
    expectCode(() => vaultOf(two), "UNKNOWN_VAULT", /there are: "main", "other"/);
    expectCode(() => vaultOf(one, "x"), "UNKNOWN_VAULT", /no vault "x"/);
    const { vaults: _, ...none } = one;
    expectCode(() => vaultOf(none), "UNKNOWN_VAULT", /there are: none/);
  });

  it("has in the package what is committed, checked", () => {
    const root = path.resolve(import.meta.dirname, "../..");
    const module = readFileSync(path.join(root, "sdk/src", KNOWN_DEPLOYMENTS_FILE), "utf8");
    expect(module, "run: npm run build:sdk").to.equal(knownDeploymentsSource(path.join(root, "deployments")));
    const folder = mkdtempSync(path.join(tmpdir(), "crosshedge-deployments-"));
    const write = (name: string, content: object) => writeFileSync(path.join(folder, name), JSON.stringify(content));
    write("31337.json", {});
    write("10.fork.json", {});
    write("10.json", { ...whole(), multicall: A.toLowerCase() });
    expect(knownDeploymentsSource(folder))
      .to.include(`"multicall":"${A}"`)
      .and.to.match(/^ {2}10: \{/m);
    write("1.json", whole());
    expect(() => knownDeploymentsSource(folder)).to.throw("1.json says it is of chain 10");
    write("1.json", { ...whole(), chainId: 1, multicall: "0x12" });
    expectCode(() => knownDeploymentsSource(folder), "BAD_DEPLOYMENT", /\.multicall/);
    rmSync(folder, { recursive: true });
  });
});
