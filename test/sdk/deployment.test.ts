import { type Deployment, parseDeployment } from "@crosshedge/sdk";
import { expect } from "chai";
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
});
