// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";

/// @title A leaky bucket: what was spent drains away linearly, a whole capacity in `refillTime`.
/// @dev At most one capacity can be spent at once, one more in each `refillTime` that passes, and so less than two in any time of that length. The
/// capacity is the caller's and may change from call to call: a share of NAV, for example. Draining is rounded down, against whoever spends.
library Bucket {
    /// @param spent What had not drained at `updatedAt`, in the caller's unit
    struct State {
        uint128 spent;
        uint64 updatedAt;
    }

    error Overspent(uint256 amount, uint256 left);

    /// @notice What has not drained by now. More than the capacity where that has become smaller.
    function spentNow(State storage self, uint256 capacity, uint256 refillTime) internal view returns (uint256) {
        return undrained(self.spent, self.updatedAt, capacity, refillTime);
    }

    /// @notice What may be spent now.
    function left(State storage self, uint256 capacity, uint256 refillTime) internal view returns (uint256) {
        return FixedPointMathLib.zeroFloorSub(capacity, spentNow(self, capacity, refillTime));
    }

    /// @notice Spend `amount`, or revert with what is left. Nothing spent leaves the bucket untouched, so that no rounding adds up.
    function spend(State storage self, uint256 amount, uint256 capacity, uint256 refillTime) internal {
        if (amount == 0) return;
        uint256 spent = spentNow(self, capacity, refillTime);
        uint256 room = FixedPointMathLib.zeroFloorSub(capacity, spent);
        require(amount <= room, Overspent(amount, room));
        spent += amount;
        require(spent <= type(uint128).max, Overspent(amount, type(uint128).max - (spent - amount)));
        // Safe: just checked
        (self.spent, self.updatedAt) = (uint128(spent), uint64(block.timestamp));
    }

    /// @notice `spentNow` of a bucket that somebody else keeps.
    function undrained(
        uint256 spent,
        uint256 updatedAt,
        uint256 capacity,
        uint256 refillTime
    ) internal view returns (uint256) {
        uint256 drained = FixedPointMathLib.fullMulDiv(capacity, block.timestamp - updatedAt, refillTime);
        return FixedPointMathLib.zeroFloorSub(spent, drained);
    }
}
