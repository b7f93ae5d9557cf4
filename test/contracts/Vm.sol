// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice The cheatcodes that the Solidity tests use.
interface Vm {
    function warp(uint256 timestamp) external;
    function mockCall(address where, bytes calldata data, bytes calldata result) external;
    function mockCallRevert(address where, bytes calldata data, bytes calldata reason) external;
    function expectRevert(bytes calldata data) external;
    function expectPartialRevert(bytes4 selector) external;
    function etch(address where, bytes calldata code) external;
}

Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

/// @notice Folds a random number into a range.
function bound(uint256 value, uint256 low, uint256 high) pure returns (uint256) {
    if (value >= low && value <= high) return value;
    return low + (value % (high - low + 1));
}
