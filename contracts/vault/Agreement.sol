// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILeg} from "../interfaces/ILeg.sol";
import {Prices} from "../types/Prices.sol";
import {Nav} from "./Nav.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title Do the pools contradict the oracle?
/// @dev A feed reports a jump late; the pools know it at once. Nobody buys or sells shares at a price that they contradict.
library Agreement {
    /// @param band Largest disagreement (see `ILeg.disagreement`) that is let pass, 1e18 = 100%
    function requireWithin(Nav.State storage nav, Prices memory prices, uint256 band) internal view {
        (address leg, uint256 disagreement) = worst(nav, prices);
        require(disagreement <= band, VaultBase.PoolDisagrees(leg, disagreement, band));
    }

    /// @notice The largest disagreement of all legs, and whose it is.
    function worst(Nav.State storage nav, Prices memory prices) internal view returns (address leg, uint256 most) {
        for (uint256 k; k < nav.legs.length; ++k) {
            uint256 disagreement = ILeg(nav.legs[k]).disagreement(prices);
            if (disagreement > most) (leg, most) = (nav.legs[k], disagreement);
        }
    }
}
