// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeLeg} from "../interfaces/IHedgeLeg.sol";

/// @title What it would cost to close a position at a venue's quote.
library Closing {
    /// @notice Fee plus impact of closing, and how far the venue stands from the oracle.
    /// @dev The impact takes the quote's depth x for a constant product: buying s of the x base tokens costs s·P·s/(x − s) above
    /// the price; selling loses s·P·s/(x + s).
    /// @param size Signed, base tokens, 1e18
    /// @param mid Oracle price, 1e18
    /// @return cost USD at par of the settlement token, 1e18, rounded up; the whole notional where the market is too thin to close
    /// @return gap |size|·|P_venue − P_oracle|, the same unit, rounded up
    function costUp(
        IHedgeLeg.Quote memory quoted,
        int256 size,
        uint256 mid
    ) internal pure returns (uint256 cost, uint256 gap) {
        uint256 base = FixedPointMathLib.abs(size);
        uint256 notional = FixedPointMathLib.fullMulDivUp(base, FixedPointMathLib.max(quoted.price, mid), 1e18);
        gap = FixedPointMathLib.fullMulDivUp(base, FixedPointMathLib.dist(quoted.price, mid), 1e18);
        if (size < 0 && quoted.depth <= 2 * base) return (notional, gap);
        uint256 rest = size < 0 ? quoted.depth - base : quoted.depth + base;
        cost = FixedPointMathLib.mulDivUp(notional, quoted.fee, 1e18);
        cost += FixedPointMathLib.fullMulDivUp(notional, base, rest);
    }
}
