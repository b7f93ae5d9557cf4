// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";

/// @title Where a library that a call was handed on to finds the vault's state.
/// @dev The vault hands some calls on as they came (see `VaultBase._route`), with three words behind the arguments. They stand at the very end, so that
/// no caller can put his own there.
library Routed {
    /// @notice One word for the library alone.
    function word() internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(sub(calldatasize(), 0x60))
        }
    }

    function ledger() internal pure returns (Ledger.State storage state) {
        assembly ("memory-safe") {
            state.slot := calldataload(sub(calldatasize(), 0x40))
        }
    }

    function nav() internal pure returns (Nav.State storage state) {
        assembly ("memory-safe") {
            state.slot := calldataload(sub(calldatasize(), 0x20))
        }
    }
}
