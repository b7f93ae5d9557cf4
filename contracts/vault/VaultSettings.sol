// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Ledger} from "./Ledger.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The bounds of what the authority may set, whatever it wants.
library VaultSettings {
    /// @notice The settings that a deposit without legs does not ask for; the others are `Ledger.Terms`.
    struct State {
        address feeRecipient;
        uint64 performanceFee;
        uint64 depositBand;
        uint64 minCash;
        uint32 maxWait;
        uint64 managementFee;
    }

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

    /// @notice USD, 1e18: five quadrillion dollars, which is no bound but what fits.
    uint256 internal constant MAX_NAV_CEILING = type(uint112).max;

    /// @notice Replace the settings, or revert with the one that is out of bounds.
    function set(State storage self, Ledger.Terms storage terms, IHedgeVault.Settings calldata to) external {
        _atMost("managementFee", to.managementFee, MANAGEMENT_FEE_CEILING);
        _atMost("performanceFee", to.performanceFee, PERFORMANCE_FEE_CEILING);
        _atMost("depositWindow", to.depositWindow, DEPOSIT_WINDOW_CEILING);
        _atMost("depositBand", to.depositBand, DEPOSIT_BAND_CEILING);
        _atMost("minCash", to.minCash, MIN_CASH_CEILING);
        _atMost("maxWait", to.maxWait, MAX_WAIT_CEILING);
        _atMost("maxNav", to.maxNav, MAX_NAV_CEILING);
        require(to.maxWait >= MAX_WAIT_FLOOR, VaultBase.BelowFloor("maxWait", to.maxWait, MAX_WAIT_FLOOR));

        self.feeRecipient = to.feeRecipient;
        self.performanceFee = to.performanceFee;
        self.depositBand = to.depositBand;
        self.minCash = to.minCash;
        self.maxWait = to.maxWait;
        self.managementFee = to.managementFee;
        // Safe: the ceilings are below 2^56 and 2^112.
        terms.managementFee = to.feeRecipient == address(0) ? 0 : uint56(to.managementFee);
        terms.depositWindow = uint56(to.depositWindow);
        terms.maxNav = uint112(to.maxNav);
        emit IHedgeVault.SettingsSet(to);
    }

    /// @notice The settings of now.
    function all(State storage self, Ledger.Terms storage terms) external view returns (IHedgeVault.Settings memory) {
        return
            IHedgeVault.Settings({
                feeRecipient: self.feeRecipient,
                managementFee: self.managementFee,
                performanceFee: self.performanceFee,
                depositWindow: terms.depositWindow,
                depositBand: self.depositBand,
                minCash: self.minCash,
                maxWait: self.maxWait,
                maxNav: terms.maxNav
            });
    }

    /// @notice True if gains would cost more by `to` than by the settings of now.
    function raisesPerformance(State storage self, IHedgeVault.Settings calldata to) external view returns (bool) {
        return _performance(to.feeRecipient, to.performanceFee) > _performance(self.feeRecipient, self.performanceFee);
    }

    function _performance(address recipient, uint256 fee) private pure returns (uint256) {
        return recipient == address(0) ? 0 : fee;
    }

    function _atMost(bytes32 limit, uint256 value, uint256 ceiling) private pure {
        require(value <= ceiling, VaultBase.AboveCeiling(limit, value, ceiling));
    }
}
