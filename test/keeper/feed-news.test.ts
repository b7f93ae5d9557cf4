import { expect } from "chai";
import { feedNews } from "../../keeper/src/feed-news.js";
import type { FeedFaults } from "../../keeper/src/observe/observe.js";

const SYMBOLS = ["USDC", "ALT", "WETH"];
const NONE = { empty: 0, repeated: 0, outOfOrder: 0, phaseOverlap: 0, badPrint: 0, unconfirmed: 0, late: 0 };
const late = { late: 1, early: 2, lag: 300, windows: 3 };
const faults = (change: Partial<FeedFaults> = {}): FeedFaults => ({ dropped: [null, NONE, NONE], late: [], ...change });

describe("news of feeds", () => {
  it("tells of dropped rounds when there are more of them", () => {
    const some = faults({ dropped: [null, { ...NONE, empty: 2, badPrint: 1 }, NONE] });
    expect(feedNews(null, faults(), SYMBOLS)).to.deep.equal([]);
    expect(feedNews(null, some, SYMBOLS)).to.deep.equal([
      {
        level: "warn",
        details: { feed: "ALT", dropped: { empty: 2, badPrint: 1 } },
        message: "rounds are no observations",
      },
    ]);
    expect(feedNews(some, some, SYMBOLS)).to.deep.equal([]);
    const unconfirmed = faults({ dropped: [null, { ...NONE, empty: 2, unconfirmed: 1 }, NONE] });
    expect(feedNews(unconfirmed, some, SYMBOLS), "judged otherwise, but no more").to.deep.equal([]);
    expect(feedNews(some, faults(), SYMBOLS), "begun anew").to.deep.equal([]);
    const anew = faults({ dropped: [null, { ...NONE, late: 1 }, NONE] });
    const [first, ...none] = feedNews(some, anew, SYMBOLS);
    expect([first!.details, none], "begun anew, with some").to.deep.equal([{ feed: "ALT", dropped: { late: 1 } }, []]);
  });

  it("tells once that a feed reports late, and that it does no longer", () => {
    const [news, ...others] = feedNews(faults(), faults({ late: [late] }), SYMBOLS);
    expect(others).to.deep.equal([]);
    expect(news!.level).to.equal("warn");
    expect(news!.details).to.deep.equal({ feed: "ALT", behind: "WETH", lagSeconds: 300 });
    const longer = { ...late, lag: 360, windows: 4 };
    expect(feedNews(faults({ late: [late] }), faults({ late: [longer] }), SYMBOLS)).to.deep.equal([]);
    const [over] = feedNews(faults({ late: [longer] }), faults(), SYMBOLS);
    expect(over).to.deep.include({ level: "info", details: { feed: "ALT", behind: "WETH" } });
    const other = { ...late, late: 2, early: 1 };
    expect(feedNews(faults({ late: [late] }), faults({ late: [other] }), SYMBOLS)).to.have.length(2);
  });
});
