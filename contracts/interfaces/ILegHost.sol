// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice What a leg may ask of the vault that owns it, while the vault's lock is held.
interface ILegHost {
    /// @notice The vault's assets, in the order of every vector.
    function assets() external view returns (address[] memory);

    /// @notice True while an operation is under way.
    function locked() external view returns (bool);

    /// @notice The contract that brings plans, and may look while an operation is under way.
    function rebalancer() external view returns (address);

    /// @notice Send idle tokens out, to a venue.
    function pay(address token, address to, uint256 amount) external;

    /// @notice Book tokens that a venue has already sent to the vault.
    function book(address token, uint256 amount) external;
}
