// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {ILeg, Impairment} from "../interfaces/ILeg.sol";
import {Mode} from "../types/Mode.sol";
import {Action, Order} from "../types/Plan.sol";
import {Prices} from "../types/Prices.sol";
import {RebalanceErrors} from "../rebalance/RebalanceErrors.sol";
import {Nav} from "./Nav.sol";
import {Routed} from "./Routed.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The legs of a vault: which they are, and what they find when they look at their venues.
library LegSet {
    /// @notice Each leg costs every user gas.
    uint256 internal constant MAX_LEGS = 4;

    /// @notice Add a leg that was made for this vault.
    function add(Nav.State storage self, address leg) external {
        require(!contains(self, leg), VaultBase.AlreadyALeg(leg));
        require(ILeg(leg).vault() == address(this), VaultBase.ForeignLeg(leg, ILeg(leg).vault()));
        _push(self, leg);
    }

    /// @notice The first legs, which their maker binds to the vault in the same transaction.
    function addFirst(Nav.State storage self, address[] calldata legs) external {
        for (uint256 k; k < legs.length; ++k) {
            _push(self, legs[k]);
        }
    }

    /// @notice Remove a leg that holds nothing.
    function remove(Nav.State storage self, address leg) external {
        require(contains(self, leg), VaultBase.NotALeg(leg));
        require(ILeg(leg).isEmpty(), VaultBase.LegNotEmpty(leg));
        uint256 last = self.legs.length - 1;
        uint256 k;
        while (self.legs[k] != leg) ++k;
        self.legs[k] = self.legs[last];
        self.legs.pop();
        emit IHedgeVault.LegRemoved(leg);
    }

    /// @notice Let every leg compare its venue with what it last saw.
    /// @return least The loosest mode that what they found allows
    function sync(Nav.State storage self) external returns (Mode least) {
        for (uint256 k; k < self.legs.length; ++k) {
            Impairment found = ILeg(self.legs[k]).sync();
            if (found == Impairment.None) continue;
            emit IHedgeVault.LegImpaired(self.legs[k], found);
            if (found == Impairment.Damaged) least = Mode.ReduceOnly;
            else if (least == Mode.Normal) least = Mode.NoDeposit;
        }
    }

    function contains(Nav.State storage self, address leg) internal view returns (bool) {
        for (uint256 k; k < self.legs.length; ++k) {
            if (self.legs[k] == leg) return true;
        }
        return false;
    }

    function _push(Nav.State storage self, address leg) private {
        require(self.legs.length < MAX_LEGS, VaultBase.TooManyLegs(MAX_LEGS));
        self.legs.push(leg);
        emit IHedgeVault.LegAdded(leg, ILeg(leg).isHedge());
    }

    /// @dev Routed to as it comes (see VaultBase).
    function carryOut(
        Order[] calldata orders,
        uint256 from,
        uint256 to,
        Prices calldata prices,
        uint256 band
    ) external {
        for (uint256 i = from; i < to; ++i) {
            Order calldata order = orders[i];
            require(contains(Routed.nav(), order.leg), VaultBase.NotALeg(order.leg));
            // Immediately before the order: an earlier one may have moved the pool.
            if (band != type(uint256).max && order.action != Action.Burn && order.action != Action.Margin) {
                uint256 deviation = ILeg(order.leg).deviation(order, prices);
                require(deviation <= band, RebalanceErrors.PoolOutOfBand(order.leg, deviation, band));
            }
            ILeg(order.leg).execute(order, prices);
        }
    }
}
