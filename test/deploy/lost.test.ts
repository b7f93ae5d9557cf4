import { expect } from "chai";
import type { NetworkConnection } from "hardhat/types/network";
import { failureOf } from "../devnet/fixture.js";
import { createdSince, type Ground, openGround } from "./support.js";

describe("a transaction whose sender dies before he notes its hash", () => {
  let ground: Ground;
  before(async () => {
    ground = await openGround();
  });
  after(() => ground.close());

  it("is found again, and not sent twice", async () => {
    const { connection } = ground.devnet.world;
    const { provider } = connection.ethers;
    const start = await provider.getBlockNumber();
    const config = ground.configure();
    for (const [deaths, at] of [4, 7].entries()) {
      const error = await failureOf(() => ground.deploy(config, { connection: dyingAfter(at, connection) }));
      expect(error.message).to.equal("the process died");
      expect(ground.said.some((line) => line.includes("found again"))).to.equal(deaths > 0);
    }
    await ground.deploy(config);
    expect(ground.said.filter((line) => line.includes("found again"))).to.have.length(1);
    const { hashes } = await createdSince(start, provider);
    expect(new Set(hashes).size).to.equal(hashes.length);
  });
});

/** A connection that breaks right after it has sent its nth transaction, before anybody hears of the hash. */
function dyingAfter(n: number, connection: NetworkConnection): NetworkConnection {
  let left = n;
  const provider = new Proxy(connection.provider, {
    get(target, key) {
      if (key !== "request") return Reflect.get(target, key);
      return async (request: { method: string; params?: unknown[] }) => {
        const result = await target.request(request);
        if (/^eth_send(Raw)?Transaction$/.test(request.method) && --left === 0) throw new Error("the process died");
        return result;
      };
    },
  });
  return new Proxy(connection, { get: (target, key) => (key === "provider" ? provider : Reflect.get(target, key)) });
}
