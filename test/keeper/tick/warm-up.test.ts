import type { Logger } from "@crosshedge/keeper";
import { expect } from "chai";
import { deposited, keeperOf } from "./support.js";

describe("tick: the first one of a process", () => {
  it("says since when it reads, how far it is with each feed, and when it is warm; later ones do not", async () => {
    const f = await deposited();
    const said: Record<string, unknown>[] = [];
    const info = (details: object, message: string): void => void said.push({ ...details, message });
    const nothing = (): void => undefined;
    const logger: Logger = { child: () => logger, debug: nothing, info, warn: nothing, error: nothing };
    const { keeper } = await keeperOf(f, { execution: { roundBatch: 20 } }, { logger, lane: undefined });
    const { observation } = await keeper.tick();
    const warming = said.filter(({ message }) => String(message).startsWith("warm"));
    const [first, last] = [warming[0]!, warming.at(-1)!];
    expect(first).to.include({ feeds: 4, message: "warming up: reading the feeds' history" });
    expect(first.since).to.be.below(new Date(observation.state.block.timestamp * 1000));
    expect(last.rounds).to.be.above(300);
    const parts = warming.slice(1, -1);
    for (const { symbol } of observation.state.assets) {
      const percents = parts.filter(({ feed }) => feed === symbol).map(({ percent }) => percent as number);
      expect(percents.length, symbol).to.be.within(1, 3);
      expect(percents).to.deep.equal([...percents].sort((a, b) => a - b));
    }
    said.length = 0;
    await keeper.tick();
    expect(said.map(({ message }) => message)).to.deep.equal(["tick done"]);
  });
});
