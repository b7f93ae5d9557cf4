import type { Logger } from "../logger.js";

/** Hears how much of a feed's history is read, 0 to 1, and logs it with each quarter: a first tick may take minutes. */
export function partsRead(feed: string, logger: Logger): (share: number) => void {
  let quarters = 0;
  return (share) => {
    const passed = Math.floor(share * 4);
    if (passed > quarters) logger.info({ feed, percent: Math.floor(share * 100) }, "warming up");
    quarters = Math.max(quarters, passed);
  };
}
