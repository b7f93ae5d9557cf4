// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {SafeCastLib} from "solady/src/utils/SafeCastLib.sol";

/// @title Fills the same fraction of any number of claims at once.
///
/// @dev `product` is the part of a share of the beginning that is unfilled, `sums` what was paid for that share. Whoever comes in marks where both
/// stand. Of d shares, d·product/mark.product are unfilled later, and d·(sum − mark.sum)/mark.product was paid for the others.
///
/// SCALES. The product only falls, so that it would run out of digits. Below FLOOR it is multiplied by STEP, and a new scale with a sum of its own
/// begins. Sums of the SPAN scales after a mark's count for it; what is beyond is less than 1e-18 of the claim, and forfeited. A complete fill
/// makes its scale the last one for all marks before it, and begins anew at ONE: the product never dies, whatever is filled.
///
/// ROUNDING. Products and sums are rounded down, so that all claims together are never more than what is unfilled and what was paid.
library ProductIndex {
    using SafeCastLib for uint256;

    uint256 internal constant ONE = 1e36;
    uint256 internal constant FLOOR = 1e27;
    uint256 internal constant STEP = 1e9;
    uint256 internal constant SPAN = 2;

    struct State {
        uint128 product;
        uint64 scale;
        mapping(uint256 scale => Sum) sums;
    }

    /// @param last True if a complete fill ended the scale: nothing is unfilled of what came in before
    struct Sum {
        uint248 paid;
        bool last;
    }

    /// @notice Where the index stood when a claim came in. `product` is zero for no mark.
    /// @param paid In storage it means nothing beside a product of ONE, which nothing was paid for
    struct Mark {
        uint128 product;
        uint64 scale;
        uint248 paid;
    }

    /// @notice Where the index stands now, for a claim that comes in.
    function mark(State storage self, Mark storage at) internal {
        uint128 product = self.product;
        if (product == 0) self.product = product = uint128(ONE);
        uint64 scale = self.scale;
        (at.product, at.scale) = (product, scale);
        if (product != ONE) at.paid = self.sums[scale].paid;
    }

    /// @notice Fill `shares` of `total` for `assets`.
    function fill(State storage self, uint256 total, uint256 shares, uint256 assets) internal {
        uint256 product = self.product;
        uint256 scale = self.scale;
        Sum storage sum = self.sums[scale];
        uint248 paid = (sum.paid + FixedPointMathLib.fullMulDiv(product, assets, total)).toUint248();
        (sum.paid, sum.last) = (paid, shares == total);
        uint256 next = ONE;
        if (shares == total) ++scale;
        else {
            next = FixedPointMathLib.fullMulDiv(product, total - shares, total);
            while (next < FLOOR) {
                product *= STEP;
                ++scale;
                next = FixedPointMathLib.fullMulDiv(product, total - shares, total);
            }
        }
        (self.product, self.scale) = (uint128(next), uint64(scale));
    }

    /// @notice What became of `shares` that came in at a mark: what is unfilled, and what was paid for the others. Both are rounded down.
    function followDown(
        State storage self,
        Mark storage from,
        uint256 shares
    ) internal view returns (uint256 unfilled, uint256 paid) {
        uint256 product = from.product;
        uint256 first = from.scale;
        Sum storage sum = self.sums[first];
        uint256 paidPerOne = sum.paid;
        if (product != ONE) paidPerOne -= from.paid;
        uint256 passed;
        // The index itself is read last: most claims are filled completely and within one scale.
        while (!sum.last) {
            if (first + passed == self.scale) {
                unfilled = FixedPointMathLib.fullMulDiv(shares, self.product, product) / STEP ** passed;
                break;
            }
            if (passed == SPAN) break;
            ++passed;
            sum = self.sums[first + passed];
            paidPerOne += sum.paid / STEP ** passed;
        }
        paid = FixedPointMathLib.fullMulDiv(shares, paidPerOne, product);
    }
}
