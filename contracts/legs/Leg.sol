// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {Initializable} from "@openzeppelin/contracts/proxy/utils/Initializable.sol";
import {ILeg} from "../interfaces/ILeg.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {Action} from "../types/Plan.sol";

/// @title What every leg shares: its owner, the guard of its entries and the place of tokens in the asset set.
/// @dev A leg trusts the vault completely and nobody else. It holds no idle tokens: what a venue pays goes to the vault
/// in the same call.
///
/// A leg is a clone. What all legs on one deployment of a venue share stands in the implementation's code as immutables; what
/// belongs to one vault is set once, by `initialize`, in the transaction that makes the clone.
abstract contract Leg is ILeg, Initializable {
    error NotVault(address caller);
    error VaultLocked();
    error NotAnAsset(address token);
    error UnsupportedAction(Action action);

    error SlippageTooWide(uint256 maxSlippage, uint256 ceiling);

    /// @notice No trade may cost more than this against the oracle, whatever the configuration. 1e18 = 100%.
    uint256 public constant SLIPPAGE_CEILING = 0.05e18;

    address public vault;

    /// @notice Most that a trade may lose against the oracle's price, fee included, 1e18 = 100%.
    uint64 public maxSlippage;

    constructor() {
        _disableInitializers();
    }

    /// @inheritdoc ILeg
    function initialize(address vault_, bytes calldata config) external initializer {
        vault = vault_;
        _configure(config);
    }

    modifier onlyVault() {
        require(msg.sender == vault, NotVault(msg.sender));
        _;
    }

    /// @dev A value read in the middle of an operation would be wrong: only the vault and its Rebalancer may see it.
    modifier settled() {
        ILegHost host = ILegHost(vault);
        require(msg.sender == address(host) || !host.locked() || msg.sender == host.rebalancer(), VaultLocked());
        _;
    }

    /// @dev Read the venue's part of the configuration. `vault` is set.
    function _configure(bytes calldata config) internal virtual;

    function _setSlippage(uint256 slippage) internal {
        require(slippage <= SLIPPAGE_CEILING, SlippageTooWide(slippage, SLIPPAGE_CEILING));
        // Safe: below the ceiling
        maxSlippage = uint64(slippage);
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
