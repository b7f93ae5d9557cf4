// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Bucket} from "../types/Bucket.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {RebalanceErrors} from "./RebalanceErrors.sol";

/// @title What execution may cost: a bucket for each path, in shares of NAV.
/// @dev A plan is charged what the NAV fell by, and the feeds' deviation thresholds on what it traded: within them, a trade at the oracle's
/// price may be at the expense of the vault without the NAV showing it. Gains are not counted, so that they cannot pay for losses.
/// While a price is bad nothing can be measured, and a reduction is charged what it can cost at the most: or whoever holds the keeper's key
/// could reduce dearly, and build up again at the next good price, for as long as a price comes and goes.
/// A capacity C drains C/7 a day: less than 2C in any seven days, however many plans there are.
library LossBudget {
    using Bucket for Bucket.State;

    /// @notice Time in which a full bucket drains.
    uint256 internal constant REFILL = 7 days;

    /// @notice No leg trades further than this from its venue's average, whatever its configuration. 1e18 = 100%.
    uint256 internal constant BLIND_COST = 0.05e18;

    /// @notice What a reduction at no price can cost, share of NAV, 1e18 = 100%, rounded up.
    /// @param part Taken of the hedge, 1e18 = all of it
    /// @param maxGross Largest hedge over NAV, 1e18 = 100%
    function blindChargeUp(uint256 part, uint256 maxGross) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(FixedPointMathLib.fullMulDivUp(part, maxGross, 1e18), BLIND_COST, 1e18);
    }

    /// @notice (max(0, NAV0 − NAV1) + Σ_i δ_i·|x1_i − x0_i|) / NAV0, 1e18 = 100%, rounded up.
    function chargeUp(
        Portfolio memory held,
        Portfolio memory left,
        Prices memory prices
    ) internal pure returns (uint256) {
        require(held.nav > 0, RebalanceErrors.NoValue(held.nav));
        uint256 usd = lossOf(held.nav, left.nav);
        for (uint256 i; i < held.exposure.length; ++i) {
            uint256 traded = FixedPointMathLib.dist(held.exposure[i], left.exposure[i]);
            if (traded > 0) usd += FixedPointMathLib.fullMulDivUp(traded, prices.half[i], prices.mid[i]);
        }
        return shareUp(usd, held.nav);
    }

    /// @notice USD of a positive NAV as a share of it, 1e18 = 100%, rounded up.
    function shareUp(uint256 usd, int256 nav) internal pure returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(usd, 1e18, uint256(nav));
    }

    /// @notice max(0, NAV0 − NAV1), USD, 1e18.
    function lossOf(int256 navBefore, int256 navAfter) internal pure returns (uint256) {
        return navAfter < navBefore ? uint256(navBefore - navAfter) : 0;
    }

    function spend(Bucket.State storage self, uint256 share, uint256 capacity) internal {
        self.spend(share, capacity, REFILL);
    }

    function room(Bucket.State storage self, uint256 capacity) internal view returns (uint256) {
        return self.left(capacity, REFILL);
    }

    function spentNow(Bucket.State storage self, uint256 capacity) internal view returns (uint256) {
        return self.spentNow(capacity, REFILL);
    }
}
