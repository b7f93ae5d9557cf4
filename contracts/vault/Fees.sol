// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Prices} from "../types/Prices.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title What the vault's maker earns, minted as shares.
abstract contract Fees is VaultBase {
    function accrueFees() external lock {}

    function _accrueManagement() internal override {}

    function _noteFlow(int256, uint256, int256 navAfter, Prices memory prices) internal override {
        _noteNav(navAfter, prices);
    }
}
