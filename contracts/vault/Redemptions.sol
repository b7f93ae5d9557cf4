// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Prices} from "../types/Prices.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The redemption queue, and the figures that ERC-4626 and its relatives ask for.
abstract contract Redemptions is VaultBase {
    function _takeBack(address, uint256) internal override {}

    function _noteNav(int256, Prices memory) internal override {}
}
