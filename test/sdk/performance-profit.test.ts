import { readProfit } from "../../sdk/src/performance/profit/readProfit.js";
import { eventful } from "./eventful.js";

describe("sdk: profit of a vault", () => {
  it("tries", async () => {
    const { vault, blocks } = await eventful();
    console.time("profit");
    const report = await readProfit(vault, { from: blocks.start, to: blocks.end });
    console.timeEnd("profit");
    console.log(report);
  });
});
