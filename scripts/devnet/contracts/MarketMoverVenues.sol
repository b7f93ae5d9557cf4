// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice What MarketMover calls on the venues and tokens of the local world.
interface IFeed {
    function latestRound() external view returns (uint256);
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
    function submit(uint256 roundId, int256 submission) external;
}

interface IMintable {
    function mint(address to, uint256 amount) external;
}

interface IWeth {
    function deposit() external payable;
}
