// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title Fills the same fraction of any number of claims at once.
///
/// @dev `product` is the part of a share of the beginning that is unfilled, `sums` what was paid for that share. Whoever comes in marks where both
/// stand. Of d shares, d·product/mark.product are unfilled later, and d·(sum − mark.sum)/mark.product was paid for the others.
///
/// SCALES. The product only falls, so that it would run out of digits. Below FLOOR it is multiplied by STEP, and a new scale with a sum of its own
/// begins. Sums of the SPAN scales after a mark's count for it; what is beyond is less than 1e-18 of the claim, and forfeited. A complete fill
/// leaves all those scales behind and begins anew at ONE: the product never dies, whatever is filled.
///
/// ROUNDING. Products and sums are rounded down, so that all claims together are never more than what is unfilled and what was paid.
library ProductIndex {
    uint256 internal constant ONE = 1e36;
    uint256 internal constant FLOOR = 1e27;
    uint256 internal constant STEP = 1e9;
    uint256 internal constant SPAN = 2;

    struct State {
        uint128 product;
        uint64 scale;
        mapping(uint256 scale => uint256) sums;
    }

    /// @notice Where the index stood when a claim came in. `product` is zero for no mark.
    struct Mark {
        uint128 product;
        uint64 scale;
        uint256 sum;
    }

    /// @notice Where the index stands now, for a claim that comes in.
    function mark(State storage self) internal returns (Mark memory) {
        if (self.product == 0) self.product = uint128(ONE);
        return current(self);
    }

    function current(State storage self) internal view returns (Mark memory) {
        return Mark({product: self.product, scale: self.scale, sum: self.sums[self.scale]});
    }

    /// @notice Fill `shares` of `total` for `assets`.
    function fill(State storage self, uint256 total, uint256 shares, uint256 assets) internal {
        uint256 product = self.product;
        uint256 scale = self.scale;
        self.sums[scale] += FixedPointMathLib.fullMulDiv(product, assets, total);
        if (shares == total) {
            self.product = uint128(ONE);
            self.scale = uint64(scale + SPAN + 1);
            return;
        }
        uint256 next = FixedPointMathLib.fullMulDiv(product, total - shares, total);
        while (next < FLOOR) {
            product *= STEP;
            ++scale;
            next = FixedPointMathLib.fullMulDiv(product, total - shares, total);
        }
        self.product = uint128(next);
        self.scale = uint64(scale);
    }

    /// @notice What is unfilled of `shares` that came in at a mark.
    function unfilledDown(State storage self, Mark memory from, uint256 shares) internal view returns (uint256) {
        if (shares == 0 || self.scale > from.scale + SPAN) return 0;
        return FixedPointMathLib.fullMulDiv(shares, self.product, from.product) / STEP ** (self.scale - from.scale);
    }

    /// @notice What was paid for the others.
    function paidDown(State storage self, Mark memory from, uint256 shares) internal view returns (uint256) {
        if (shares == 0) return 0;
        uint256 last = FixedPointMathLib.min(self.scale, from.scale + SPAN);
        uint256 sum = self.sums[from.scale] - from.sum;
        for (uint256 scale = from.scale + 1; scale <= last; ++scale) {
            sum += self.sums[scale] / STEP ** (scale - from.scale);
        }
        return FixedPointMathLib.fullMulDiv(shares, sum, from.product);
    }
}
