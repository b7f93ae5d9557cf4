import { inspect } from "node:util";
import { KeeperError } from "@crosshedge/keeper";
import { expect } from "chai";
import { loadOperatorConfig } from "../../../keeper/src/operator-config/load.js";
import { faultsOf, folder, GOOD, load, OTHER, VAULT } from "./support.js";

describe("the operator's configuration", () => {
  it("is YAML with defaults, in which 0x… is an address and not a number", () => {
    const { config } = load(GOOD);
    expect(config.storage).to.deep.equal({ kind: "directory", directory: "/var/lib/crosshedge" });
    expect(config.chains[0]!.vaults[0]!.vault).to.equal(VAULT.toLowerCase());
    expect(config.chains[0]!.maxHeadAgeSeconds).to.equal(30);
    expect(config.http).to.deep.equal({ host: "127.0.0.1", port: null });
    expect(config.intervals.tickSeconds).to.equal(3600);
  });

  it("lets the environment count over the file, and flags over both", () => {
    const variables = {
      CROSSHEDGE_STORAGE: "postgres://keeper:pass-word@db/x",
      CROSSHEDGE_CHAINS_0_RPC_1: "https://three.example/k",
      CROSSHEDGE_CHAINS_0_MAX_HEAD_AGE_SECONDS: "null",
      CROSSHEDGE_KEEPER_HEDGE_MIN_TRADE: "0.03",
      CROSSHEDGE_KEEPER_HEDGE_VENUE_DEFAULT_PERP_V2_PROBABILITY: "0.5",
      CROSSHEDGE_INTERVALS_TICK_SECONDS: "60",
      CROSSHEDGE_LOG_LEVEL: "debug",
      CROSSHEDGE_HTTP_HOST: "",
    };
    const { config } = load(GOOD, variables, { set: ["keeper.hedge.minTrade=0.04", "http.port=9464"], interval: 5 });
    expect(config.storage.kind).to.equal("postgres");
    expect(config.chains[0]!.rpc.map((url) => url.reveal())).to.deep.equal([
      "https://one.example/v2/first-secret",
      "https://three.example/k",
    ]);
    expect(config.chains[0]!.maxHeadAgeSeconds).to.equal(null);
    expect(config.keeper.hedge).to.deep.include({ minTrade: 0.04, riskAversion: 50 });
    expect(config.keeper.hedge!.venueDefault).to.deep.equal({ "perp-v2": { probability: 0.5 } });
    expect(config.http).to.deep.equal({ host: "127.0.0.1", port: 9464 });
    expect(config.intervals.tickSeconds).to.equal(5);
    expect(config.logLevel).to.equal("debug");
  });

  it("needs no file: variables alone, or the short flags of one vault", () => {
    const alone = load(null, {
      CROSSHEDGE_CHAINS_0_RPC_0: "https://n.example",
      CROSSHEDGE_CHAINS_0_VAULTS_0_VAULT: VAULT,
    });
    expect(alone.config.chains).to.have.length(1);
    const short = load(null, {}, { rpc: ["http://a.example", "http://b.example"], vault: VAULT });
    expect(short.config.chains[0]!.rpc.map((url) => url.reveal())).to.deep.equal([
      "http://a.example",
      "http://b.example",
    ]);
    expect(short.config.chains[0]!.vaults[0]!.vault).to.equal(VAULT);
    expect(load(null, {}, { vault: VAULT }).config.chains[0]!.rpc[0]!.reveal()).to.equal("http://127.0.0.1:8545");
    expect(
      load(
        null,
        { CROSSHEDGE_CHAINS_0_RPC_0: "http://c.example" },
        { vault: VAULT },
      ).config.chains[0]!.rpc[0]!.reveal(),
    ).to.equal("http://c.example");
  });

  it("takes a file of a keeper's sections alone for `keeper`, as it was before", () => {
    const { config } = load('{"hedge":{"policy":"naive"}}', {}, { vault: VAULT });
    expect(config.keeper).to.deep.equal({ hedge: { policy: "naive" } });
    expect(faultsOf('{\n"hedge":{"polcy":"naive"}\n}', {}, { vault: VAULT })).to.match(
      /keeper\.hedge\.polcy \(.*keeper\.yaml:2\)/,
    );
  });

  it("reads its file's name from CROSSHEDGE_CONFIG where no flag names one", () => {
    const file = folder()("named.yaml", GOOD);
    const { config } = loadOperatorConfig({ environment: { CROSSHEDGE_CONFIG: file }, flags: {} });
    expect(config.chains[0]!.chainId).to.equal(42161);
    expect(() => loadOperatorConfig({ environment: { CROSSHEDGE_CONFIG: "/absent.yaml" }, flags: {} })).to.throw(
      KeeperError,
      "CROSSHEDGE_CONFIG",
    );
  });

  it("puts variables into the file's texts, and numbers stay numbers", () => {
    const text = GOOD.replace("https://one.example/v2/first-secret", "https://$" + "{NODE}/v2/$" + "{NODE_KEY}")
      .replace("chainId: 42161", "chainId: $" + "{CHAIN}")
      .replace("/var/lib/crosshedge", () => "/var/$" + "$" + "{x}");
    const { config } = load(text, { NODE: "n.example", NODE_KEY: "abc", CHAIN: "10" });
    expect(config.chains[0]!.rpc[0]!.reveal()).to.equal("https://n.example/v2/abc");
    expect(config.chains[0]!.chainId).to.equal(10);
    expect(config.storage).to.deep.equal({ kind: "directory", directory: "/var/$" + "{x}" });
    expect(faultsOf(text, { NODE: "n.example", CHAIN: "10" })).to.match(
      /chains\.0\.rpc\.0 \(.*:6\): .*NODE_KEY is not set/,
    );
  });

  it("shows no address of a node, database or webhook, however it is printed", () => {
    const text = `${GOOD}webhooks:\n  - { kind: slack, url: "https://hooks.example/hook-secret" }\n  - { kind: pagerduty, routingKey: routing-secret }\n`;
    const { config } = load(text, { CROSSHEDGE_STORAGE: "postgres://keeper:pass-secret@db/x" });
    for (const shown of [
      JSON.stringify(config),
      inspect(config, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
      config.chains[0]!.rpc.join(),
      `${config.chains[0]!.rpc[0]}`,
    ]) {
      expect(shown).to.not.include("secret").and.not.include("one.example");
      expect(shown).to.include("<redacted>");
    }
  });

  it("lets --vault choose among the configured, and sets it where none is", () => {
    expect(load(GOOD, {}, { vault: "main" }).only).to.equal("main");
    expect(load(null, {}, { vault: OTHER }).only).to.equal(null);
  });
});
