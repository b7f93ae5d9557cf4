// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IPerpV2Leg} from "../interfaces/IPerpV2Leg.sol";

/// @title Funding that is pending in a market: asked of the venue once in a plan, as it is dear.
/// @dev WHY IT MAY BE KEPT. What is pending is the size times what the market's growth gained since the account's funding was last settled, and
/// growth is a function of time. So it stays the same within a transaction while size and last growth do; and it is nothing
/// once it was settled in the same transaction. Whatever changes either, a liquidation too, makes what is kept here void. What is kept is
/// transient, and only what a plan is measured by reads it.
library PerpV2Funding {
    /// @dev Three words for each market: size, last growth, what is pending.
    uint256 private constant BASE = 0x7a5e1f3c9b2d4806e1c7a95f30d84b6221f9c3ae57d0468b93e2f17ac4d85b00;

    function keep(uint256 i, IPerpV2Leg.Booked memory booked, int256 pending) internal {
        (int256 size, int256 growth) = (booked.size, booked.fundingGrowth);
        assembly ("memory-safe") {
            let slot := add(BASE, mul(i, 3))
            tstore(slot, size)
            tstore(add(slot, 1), growth)
            tstore(add(slot, 2), pending)
        }
    }

    /// @return known True if what is kept was asked for with this size and this last growth
    function kept(uint256 i, IPerpV2Leg.Booked memory booked) internal view returns (bool known, int256 pending) {
        (int256 size, int256 growth) = (booked.size, booked.fundingGrowth);
        assembly ("memory-safe") {
            let slot := add(BASE, mul(i, 3))
            // Nobody asks for no position, so a size of zero says that nothing is kept.
            known := and(iszero(iszero(size)), and(eq(tload(slot), size), eq(tload(add(slot, 1)), growth)))
            pending := tload(add(slot, 2))
        }
    }

    /// @notice Of the first `count` markets.
    function forget(uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            assembly ("memory-safe") {
                tstore(add(BASE, mul(i, 3)), 0)
            }
        }
    }
}
