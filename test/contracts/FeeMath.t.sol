// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FeeMath} from "../../contracts/vault/FeeMath.sol";
import {bound} from "./Vm.sol";

/// @notice What fees may cost, whatever NAV, band and supply are.
contract FeeMathFuzzTest {
    uint256 private constant VIRTUAL = 1e12;
    uint256 private constant MANAGEMENT_CEILING = 0.05e18;
    uint256 private constant PERFORMANCE_CEILING = 0.3e18;

    // ── Management ───────────────────────────────────────────────────────────────────────────────

    function testFuzz_managementDilutesByItsRateAndNotMore(uint256 supply, uint256 rate, uint256 elapsed) public pure {
        supply = bound(supply, 1, 1e36);
        rate = bound(rate, 0, MANAGEMENT_CEILING);
        elapsed = bound(elapsed, 0, 2 * 365 days);
        uint256 shares = FeeMath.managementSharesDown(supply, rate, elapsed);
        uint256 charged = rate * (elapsed < 365 days ? elapsed : 365 days);
        // shares/(supply + shares) ≤ rate·time, and one share more would be above it.
        require(shares * 365 days * 1e18 <= charged * (supply + shares), "dilutes by more than the rate");
        require((shares + 1) * 365 days * 1e18 > charged * (supply + shares + 1), "dilutes by less than the rate");
    }

    /// @dev Who accrues often neither gains nor loses more than rounding and compounding.
    function testFuzz_managementInPartsIsNoMoreThanAtOnce(uint256 supply, uint256 rate, uint256 first) public pure {
        supply = bound(supply, 1e18, 1e30);
        rate = bound(rate, 0, MANAGEMENT_CEILING);
        first = bound(first, 0, 30 days);
        uint256 once = FeeMath.managementSharesDown(supply, rate, 30 days);
        uint256 part = FeeMath.managementSharesDown(supply, rate, first);
        uint256 parts = part + FeeMath.managementSharesDown(supply + part, rate, 30 days - first);
        require(parts <= once, "parts are more");
        // Compounding: at most x² of the supply, x = 5%·30/365.
        require(once - parts <= (supply * 17) / 1e6 + 2, "parts are much less");
    }

    /// @dev Of the same rate; between what was due and a second of all above it, but for compounding.
    function testFuzz_whatIsDueIsCarriedOver(uint256 supply, uint256 came, uint256 elapsed) public pure {
        supply = bound(supply, 1e12, 1e30);
        came = bound(came, 0, 1e30);
        elapsed = bound(elapsed, 0, 30 days);
        uint256 carried = FeeMath.carriedTimeUp(elapsed, supply, supply + came);
        require(carried <= elapsed, "for more time than has passed");
        uint256 was = FeeMath.managementSharesDown(supply, MANAGEMENT_CEILING, elapsed);
        uint256 due = FeeMath.managementSharesDown(supply + came, MANAGEMENT_CEILING, carried);
        uint256 second = FeeMath.managementSharesDown(supply + came, MANAGEMENT_CEILING, 1);
        // x = 5%·30/365
        require(due + (was * 42) / 10_000 + 1 >= was, "less is due");
        require(due <= was + (second * 1005) / 1000 + 1, "more is due");
    }

    function test_noMoreThanAYearIsCarriedOver() public pure {
        require(FeeMath.carriedTimeUp(3 * 365 days, 1e18, 2e18) == 365 days / 2, "more than a year");
        require(FeeMath.carriedTimeUp(30 days, 0, 1e18) == 0, "owed by nobody");
        require(FeeMath.carriedTimeUp(30 days, 0, 0) == 0, "owed where there is nobody");
    }

    // ── Performance ──────────────────────────────────────────────────────────────────────────────

    struct Case {
        int256 nav;
        uint256 half;
        uint256 supply;
        uint256 mark;
        uint256 rate;
    }

    function _case(
        uint256 nav,
        uint256 half,
        uint256 supply,
        uint256 mark,
        uint256 rate
    ) private pure returns (Case memory c) {
        c.supply = bound(supply, 1e12, 1e30);
        // A share is worth between a thousandth of a dollar and a thousand.
        nav = bound(nav, c.supply / 1000, c.supply * 1000);
        c.nav = int256(nav);
        c.half = bound(half, 0, nav / 2);
        // Up to twice the price of a share: half of the cases have a gain.
        c.mark = bound(mark, 0, (2 * nav * 1e18) / c.supply);
        c.rate = bound(rate, 0, PERFORMANCE_CEILING);
    }

    function _charge(Case memory c) private pure returns (uint256 shares, uint256 newMark) {
        return FeeMath.performanceSharesDown(c.nav, c.half, c.supply, c.mark, c.rate);
    }

    function testFuzz_othersLoseNoMoreThanTheFee(
        uint256 nav,
        uint256 half,
        uint256 supply,
        uint256 mark,
        uint256 rate
    ) public pure {
        Case memory c = _case(nav, half, supply, mark, rate);
        (uint256 shares, uint256 newMark) = _charge(c);
        require(newMark >= c.mark, "the mark fell");
        if (shares == 0) return;
        uint256 low = ((uint256(c.nav) - c.half + VIRTUAL) * 1e18) / (c.supply + VIRTUAL);
        require(low > c.mark, "a fee without a gain");
        uint256 fee = ((low - c.mark) * c.supply * c.rate) / 1e36;
        // What the new shares are worth at mid is what the others lose.
        uint256 worth = (shares * (uint256(c.nav) + VIRTUAL)) / (c.supply + VIRTUAL + shares);
        require(worth <= fee, "costs more than the fee");
        uint256 lowAfter = ((uint256(c.nav) - c.half + VIRTUAL) * 1e18) / (c.supply + VIRTUAL + shares);
        require(newMark >= lowAfter && newMark <= lowAfter + 1, "the mark is not the low side after the fee");
        require(lowAfter >= c.mark, "the fee took more than the gain");
    }

    function testFuzz_chargesOnceForOneGain(
        uint256 nav,
        uint256 half,
        uint256 supply,
        uint256 mark,
        uint256 rate
    ) public pure {
        Case memory c = _case(nav, half, supply, mark, rate);
        (uint256 shares, uint256 newMark) = _charge(c);
        c.supply += shares;
        c.mark = newMark;
        (uint256 again, uint256 markAgain) = _charge(c);
        require(again == 0 && markAgain == newMark, "charged twice");
    }

    function testFuzz_aGainOfAFifthCostsATenthOfIt(uint256 start, uint256 supply) public pure {
        supply = bound(supply, 1e15, 1e30);
        start = bound(start, supply / 1000, supply * 1000);
        // The mark is the price of a share before the gain.
        uint256 mark = FeeMath.markAfterFlowUp(0, 0, 0, int256(start), supply);
        uint256 nav = start + start / 5;
        (uint256 shares, ) = FeeMath.performanceSharesDown(int256(nav), 0, supply, mark, 0.1e18);
        uint256 worth = (shares * (nav + VIRTUAL)) / (supply + VIRTUAL + shares);
        // The gain of real shares: the virtual ones have a part of it.
        uint256 gain = ((start / 5) * supply) / (supply + VIRTUAL);
        uint256 fee = gain / 10;
        uint256 off = worth > fee ? worth - fee : fee - worth;
        require(off <= fee / 1e9 + 1e6, "not a tenth");
    }

    // ── Noise of the feed ────────────────────────────────────────────────────────────────────────

    /// @notice A vault with some cash and one exposure, priced by one feed, and other costs in its band.
    struct Book {
        int256 cash;
        uint256 exposure;
        uint256 deviation;
        uint256 costs;
        uint256 supply;
    }

    function _book(
        uint256 exposure,
        uint256 deviation,
        uint256 costs,
        uint256 supply
    ) private pure returns (Book memory b) {
        b.supply = bound(supply, 1e18, 1e30);
        b.exposure = bound(exposure, 0, 3 * b.supply);
        b.cash = int256(b.supply) * 2 - int256(b.exposure);
        b.deviation = bound(deviation, 1e14, 0.05e18);
        b.costs = bound(costs, 0, b.supply / 20);
    }

    /// @param price Of the feed, 1e18 = the first one
    function _measure(Book memory b, uint256 price) private pure returns (int256 nav, uint256 half) {
        uint256 worth = (b.exposure * price) / 1e18;
        nav = b.cash + int256(worth);
        half = (worth * b.deviation + 1e18 - 1) / 1e18 + b.costs;
    }

    function testFuzz_aFeedThatMovesByItsThresholdCostsNothing(
        uint256 exposure,
        uint256 deviation,
        uint256 costs,
        uint256 supply,
        uint256 gain,
        uint256[8] memory moves
    ) public pure {
        Book memory b = _book(exposure, deviation, costs, supply);
        (int256 nav, uint256 half) = _measure(b, 1e18);
        uint256 mark = FeeMath.markAfterFlowUp(0, 0, 0, nav, b.supply);
        _requireFree(b, mark, 1e18, moves);

        // The same after a gain that was charged.
        uint256 price = 1e18 + bound(gain, 0, 2e18);
        (nav, half) = _measure(b, price);
        (uint256 shares, uint256 newMark) = FeeMath.performanceSharesDown(nav, half, b.supply, mark, 0.3e18);
        if (newMark == mark) return;
        b.supply += shares;
        _requireFree(b, newMark, price, moves);
    }

    /// @dev Wherever the feed goes within its threshold of `price`, and as often as it likes.
    function _requireFree(Book memory b, uint256 mark, uint256 price, uint256[8] memory moves) private pure {
        uint256 width = (price * b.deviation) / 1e18;
        for (uint256 i; i < moves.length; ++i) {
            // The edges come up too.
            uint256 at =
                i == 0
                    ? price + width
                    : i == 1
                        ? price - width
                        : bound(moves[i], price - width, price + width);
            (int256 nav, uint256 half) = _measure(b, at);
            (uint256 shares, uint256 newMark) = FeeMath.performanceSharesDown(nav, half, b.supply, mark, 0.3e18);
            require(shares == 0 && newMark == mark, "noise was charged");
        }
    }

    // ── Flows ────────────────────────────────────────────────────────────────────────────────────

    function testFuzz_aFlowNeverMakesAGain(
        uint256 navBefore,
        uint256 supplyBefore,
        uint256 navAfter,
        uint256 supplyAfter,
        uint256 mark
    ) public pure {
        supplyBefore = bound(supplyBefore, 1, 1e30);
        supplyAfter = bound(supplyAfter, 1, 1e30);
        navBefore = bound(navBefore, 0, 1e33);
        navAfter = bound(navAfter, 0, 1e33);
        mark = bound(mark, 0, 1e30);
        uint256 newMark = FeeMath.markAfterFlowUp(mark, int256(navBefore), supplyBefore, int256(navAfter), supplyAfter);
        require(newMark >= mark, "the mark fell");
        uint256 before = ((navBefore + VIRTUAL) * 1e18) / (supplyBefore + VIRTUAL);
        uint256 after_ = ((navAfter + VIRTUAL) * 1e18) / (supplyAfter + VIRTUAL);
        uint256 gainBefore = before > mark ? before - mark : 0;
        uint256 gainAfter = after_ > newMark ? after_ - newMark : 0;
        require(gainAfter <= gainBefore, "a flow made a gain");
        // And no more than the flow's own: a fee that was due stays due.
        if (after_ >= before) require(newMark - mark <= after_ - before + 2, "the mark rose by more");
    }

    function testFuzz_anEmptiedVaultBeginsAnew(uint256 mark, uint256 nav, uint256 supply) public pure {
        supply = bound(supply, 1, 1e30);
        nav = bound(nav, 0, 1e33);
        uint256 newMark = FeeMath.markAfterFlowUp(mark, 0, 0, int256(nav), supply);
        uint256 price = ((nav + VIRTUAL) * 1e18) / (supply + VIRTUAL);
        require(newMark >= price && newMark <= price + 1, "not the price of a share");
    }
}
