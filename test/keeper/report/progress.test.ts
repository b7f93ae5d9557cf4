import { expect } from "chai";
import { createProgress, formatSeconds } from "../../../keeper/src/report/progress.js";

/** Back to the line's start, and clear it. */
const REDRAW = "\r\x1b[2K";

function recorder(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe("progress", () => {
  it("formats durations", () => {
    expect([0, 59.4, 75, 3660].map(formatSeconds)).to.deep.equal(["0s", "59s", "1m15s", "1h01m"]);
  });

  it("writes a line for each tenth where nobody watches", () => {
    const stream = recorder(false);
    let clock = 0;
    const progress = createProgress("hours", 300, { stream, now: () => clock });
    for (let done = 1; done <= 300; done++) {
      clock += 100;
      progress.update(done);
    }
    progress.finish();
    expect(stream.written).to.have.length(11);
    expect(stream.written[0]).to.equal("hours 10%  3s, 27s left\n");
    expect(stream.written.at(-1)).to.equal("hours done in 30s\n");
  });

  it("redraws one line on a terminal, at most ten times a second, and never wraps", () => {
    const stream = recorder(true);
    let clock = 0;
    const progress = createProgress("hours", 100, { stream, now: () => clock });
    for (let done = 1; done <= 100; done++) {
      clock += 10;
      progress.update(done, "a long note that would not fit into the line at all");
    }
    expect(stream.written.length).to.be.within(10, 12);
    for (const text of stream.written) {
      expect(text.startsWith(REDRAW)).to.equal(true);
      expect(text).to.not.include("\n");
      expect(text.length - REDRAW.length).to.be.lessThan(60);
    }
    expect(stream.written.at(-1)).to.include("100%");
  });

  it("stands an empty total", () => {
    const stream = recorder(false);
    createProgress("nothing", 0, { stream, now: () => 0 }).update(0);
    expect(stream.written).to.deep.equal(["nothing 100%  0s\n"]);
  });
});
