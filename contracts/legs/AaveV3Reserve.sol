// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAavePool} from "../interfaces/venues/IAaveV3.sol";

/// @title What the configuration map of an Aave v3 reserve says.
library AaveV3Reserve {
    uint256 private constant THRESHOLD_SHIFT = 16;
    uint256 private constant ACTIVE = 1 << 56;
    uint256 private constant FROZEN = 1 << 57;
    uint256 private constant BORROWING = 1 << 58;
    uint256 private constant PAUSED = 1 << 60;

    /// @notice Share of the reserve's worth that counts as collateral before liquidation, 1e18 = 100%.
    function liquidationThreshold(IAavePool venue, address asset) internal view returns (uint256) {
        return ((venue.getConfiguration(asset) >> THRESHOLD_SHIFT) & 0xffff) * 1e14;
    }

    /// @notice True if the reserve takes supply and repayment, and pays out.
    function isOpen(IAavePool venue, address asset) internal view returns (bool) {
        return venue.getConfiguration(asset) & (ACTIVE | FROZEN | PAUSED) == ACTIVE;
    }

    /// @notice True if the reserve lends, too.
    function isBorrowable(IAavePool venue, address asset) internal view returns (bool) {
        return venue.getConfiguration(asset) & (ACTIVE | FROZEN | PAUSED | BORROWING) == ACTIVE | BORROWING;
    }
}
