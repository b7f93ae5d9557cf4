// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice What a vault still does, each mode less than the one before it. Exits, claims and cancelled requests work in every mode.
/// @param Normal Everything
/// @param NoDeposit No deposits
/// @param ReduceOnly No deposits, and plans may only reduce
/// @param Closed The same for good: no way leads back, and no fee accrues
enum Mode {
    Normal,
    NoDeposit,
    ReduceOnly,
    Closed
}
