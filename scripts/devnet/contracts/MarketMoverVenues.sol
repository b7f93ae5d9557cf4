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

interface ISpotPool {
    function slot0() external view returns (uint160, int24, uint16, uint16, uint16, uint8, bool);
    function swap(
        address recipient,
        bool zeroForOne,
        int256 amountSpecified,
        uint160 sqrtPriceLimitX96,
        bytes calldata data
    ) external returns (int256 amount0, int256 amount1);
    function token0() external view returns (address);
    function token1() external view returns (address);
}

interface IPerpVault {
    function deposit(address token, uint256 amount) external;
    function getFreeCollateral(address trader) external view returns (uint256);
}

interface IClearingHouse {
    struct OpenPositionParams {
        address baseToken;
        bool isBaseToQuote;
        bool isExactInput;
        uint256 amount;
        uint256 oppositeAmountBound;
        uint256 deadline;
        uint160 sqrtPriceLimitX96;
        bytes32 referralCode;
    }

    function openPosition(OpenPositionParams memory params) external returns (uint256 base, uint256 quote);
}
