// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILeg} from "../interfaces/ILeg.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Action} from "../types/Plan.sol";

/// @title What every leg shares: its owner, the guard of its entries and the place of tokens in the asset set.
/// @dev A leg trusts the vault completely and nobody else. It holds no idle tokens: what a venue pays goes to the vault
/// in the same call.
abstract contract Leg is ILeg {
    error NotVault(address caller);
    error VaultLocked();
    error NotAnAsset(address token);
    error UnsupportedAction(Action action);

    address public immutable vault;

    constructor(address vault_) {
        vault = vault_;
    }

    modifier onlyVault() {
        require(msg.sender == vault, NotVault(msg.sender));
        _;
    }

    /// @dev A value read in the middle of an operation would be wrong: only the vault and its Rebalancer may see it.
    modifier settled() {
        ILegHost host = ILegHost(vault);
        require(msg.sender == vault || !host.locked() || msg.sender == host.rebalancer(), VaultLocked());
        _;
    }

    /// @dev Position of `token` in the vault's asset set, and its decimals.
    function _find(address token) internal view returns (uint8 index, uint8 decimals) {
        address[] memory all = ILegHost(vault).assets();
        for (uint256 i; i < all.length; ++i) {
            // Safe: an asset set has at most eight members
            if (all[i] == token) return (uint8(i), IERC20Metadata(token).decimals());
        }
        revert NotAnAsset(token);
    }
}
