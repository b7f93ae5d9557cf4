// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FeeAccount} from "./FeeAccount.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";
import {VaultSettings} from "./VaultSettings.sol";

/// @notice What a deposit reads and writes.
struct Books {
    Ledger.State ledger;
    Nav.State nav;
    FeeAccount.State fees;
    VaultSettings.State settings;
}
