// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {VIRTUAL_SHARES} from "../types/Virtual.sol";

/// @title What fees cost, in shares. Roundings are for the holders, fewer shares and a higher mark, but for the one that anybody could repeat.
/// @dev NAV and its band are USD, 1e18; the mark is USD per share, 1e18.
library FeeMath {
    uint256 internal constant YEAR = 365 days;

    /// @notice Shares that dilute the holders by `rate` a year for `elapsed` seconds: supply·x/(1 − x). A year at most is charged at once.
    function managementSharesDown(uint256 supply, uint256 rate, uint256 elapsed) internal pure returns (uint256) {
        uint256 part = rate * FixedPointMathLib.min(elapsed, YEAR);
        return FixedPointMathLib.fullMulDiv(supply, part, 1e18 * YEAR - part);
    }

    /// @notice The time for which more shares owe what fewer owed for `elapsed`, seconds.
    /// @dev Rounded up, or deposits of dust, block by block, would take the fee away. All owe for a second too much at most, and never for more time
    /// than has passed.
    function carriedTimeUp(uint256 elapsed, uint256 supply, uint256 supplyAfter) internal pure returns (uint256) {
        if (supplyAfter == 0) return 0;
        return FixedPointMathLib.fullMulDivUp(FixedPointMathLib.min(elapsed, YEAR), supply, supplyAfter);
    }

    /// @notice Shares worth `rate` of the gain above the mark, and the mark after them.
    /// @dev The gain is counted at the low side of the NAV's band, and only once it is more than the band's half-width: a feed that moves by its
    /// threshold to and fro never gets there, neither from a mark at mid nor from one at the low side. The shares are worth the fee at mid, so that
    /// the others lose no more than the fee.
    function performanceSharesDown(
        int256 nav,
        uint256 half,
        uint256 supply,
        uint256 mark,
        uint256 rate
    ) internal pure returns (uint256 shares, uint256 newMark) {
        uint256 low = _value(nav - int256(half));
        uint256 all = supply + VIRTUAL_SHARES;
        uint256 gain = _gainDown(low, half, all, mark);
        if (gain == 0) return (0, mark);
        uint256 fee = FixedPointMathLib.fullMulDiv(FixedPointMathLib.fullMulDiv(gain, supply, 1e18), rate, 1e18);
        shares = FixedPointMathLib.fullMulDiv(fee, all, _value(nav) - fee);
        newMark = FixedPointMathLib.fullMulDivUp(low, 1e18, all + shares);
    }

    /// @dev Per share, above the mark; zero until it is more than the half-width of the band.
    function _gainDown(uint256 low, uint256 half, uint256 all, uint256 mark) private pure returns (uint256) {
        uint256 lowPerShare = FixedPointMathLib.fullMulDiv(low, 1e18, all);
        uint256 gain = FixedPointMathLib.zeroFloorSub(lowPerShare, mark);
        return gain > FixedPointMathLib.fullMulDivUp(half, 1e18, all) ? gain : 0;
    }

    /// @notice The mark after a flow: it rises by as much as the NAV per share did, which is what others paid as spread.
    function markAfterFlowUp(
        uint256 mark,
        int256 navBefore,
        uint256 supplyBefore,
        int256 navAfter,
        uint256 supplyAfter
    ) internal pure returns (uint256) {
        uint256 after_ = perShareUp(navAfter, supplyAfter);
        if (supplyBefore == 0) return after_;
        return mark + FixedPointMathLib.zeroFloorSub(after_, _perShareDown(navBefore, supplyBefore));
    }

    /// @notice USD per share, 1e18; zero where the NAV is below zero.
    function perShareUp(int256 nav, uint256 supply) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(_value(nav), 1e18, supply + VIRTUAL_SHARES);
    }

    function _perShareDown(int256 nav, uint256 supply) private pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(_value(nav), 1e18, supply + VIRTUAL_SHARES);
    }

    function _value(int256 nav) private pure returns (uint256) {
        return uint256(FixedPointMathLib.max(nav + int256(VIRTUAL_SHARES), 0));
    }
}
