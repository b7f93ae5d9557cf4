// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The bounds of what the authority may set, whatever it wants.
library VaultSettings {
    /// @notice Share of the supply a year, 1e18 = 100%.
    uint256 internal constant MANAGEMENT_FEE_CEILING = 0.05e18;

    /// @notice Share of a gain, 1e18 = 100%.
    uint256 internal constant PERFORMANCE_FEE_CEILING = 0.3e18;

    /// @notice Share of NAV that may come in of one asset within an hour, 1e18 = 100%.
    uint256 internal constant DEPOSIT_WINDOW_CEILING = 0.05e18;

    /// @notice How far pools may disagree with the oracle when a deposit comes in, 1e18 = 100%.
    uint256 internal constant DEPOSIT_BAND_CEILING = 0.05e18;

    /// @notice Share of NAV that a settlement may hold back for margin, 1e18 = 100%.
    uint256 internal constant MIN_CASH_CEILING = 0.2e18;

    /// @notice Seconds in the queue after which anybody may settle.
    uint256 internal constant MAX_WAIT_FLOOR = 1 hours;
    uint256 internal constant MAX_WAIT_CEILING = 14 days;

    /// @notice Replace the settings, or revert with the one that is out of bounds.
    function set(IHedgeVault.Settings storage self, IHedgeVault.Settings calldata to) external {
        _atMost("managementFee", to.managementFee, MANAGEMENT_FEE_CEILING);
        _atMost("performanceFee", to.performanceFee, PERFORMANCE_FEE_CEILING);
        _atMost("depositWindow", to.depositWindow, DEPOSIT_WINDOW_CEILING);
        _atMost("depositBand", to.depositBand, DEPOSIT_BAND_CEILING);
        _atMost("minCash", to.minCash, MIN_CASH_CEILING);
        _atMost("maxWait", to.maxWait, MAX_WAIT_CEILING);
        require(to.maxWait >= MAX_WAIT_FLOOR, VaultBase.BelowFloor("maxWait", to.maxWait, MAX_WAIT_FLOOR));

        self.feeRecipient = to.feeRecipient;
        self.managementFee = to.managementFee;
        self.performanceFee = to.performanceFee;
        self.depositWindow = to.depositWindow;
        self.depositBand = to.depositBand;
        self.minCash = to.minCash;
        self.maxWait = to.maxWait;
        self.maxNav = to.maxNav;
        emit IHedgeVault.SettingsSet(to);
    }

    /// @notice True if gains would cost more by `to` than by the settings of now.
    function raisesPerformance(
        IHedgeVault.Settings storage self,
        IHedgeVault.Settings calldata to
    ) external view returns (bool) {
        return _performance(to.feeRecipient, to.performanceFee) > _performance(self.feeRecipient, self.performanceFee);
    }

    function _performance(address recipient, uint256 fee) private pure returns (uint256) {
        return recipient == address(0) ? 0 : fee;
    }

    function _atMost(bytes32 limit, uint256 value, uint256 ceiling) private pure {
        require(value <= ceiling, VaultBase.AboveCeiling(limit, value, ceiling));
    }
}
