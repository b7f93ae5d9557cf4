// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {VaultFactory} from "../../contracts/factory/VaultFactory.sol";

/// @notice Stands in the place of a covariance oracle, or of a token, that a vault's maker chose, and asks the factory about the vault while it is
/// being made.
contract MockCuriousOracle {
    error AlreadyAVault();

    VaultFactory private immutable _factory;
    address private _vault;
    address[] private _assets;

    constructor(VaultFactory factory, address[] memory assets_) {
        (_factory, _assets) = (factory, assets_);
    }

    /// @notice Whom to ask about: its address follows from this contract's own.
    function watch(address vault) external {
        _vault = vault;
    }

    function assets() external view returns (address[] memory) {
        _ask();
        return _assets;
    }

    function decimals() external view returns (uint8) {
        _ask();
        return 18;
    }

    function _ask() private view {
        require(_vault.code.length == 0 || !_factory.isVault(_vault), AlreadyAVault());
    }
}
