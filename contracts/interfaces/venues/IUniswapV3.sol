// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice The first words of what a Uniswap v3 pool answers: what is not asked for need not be decoded.
interface IUniswapV3PoolHead {
    function slot0() external view returns (uint160 sqrtPriceX96, int24 tick);

    function observe(uint32[] calldata secondsAgos) external view returns (int56[] memory tickCumulatives);

    function ticks(
        int24 tick
    )
        external
        view
        returns (
            uint128 liquidityGross,
            int128 liquidityNet,
            uint256 feeGrowthOutside0X128,
            uint256 feeGrowthOutside1X128
        );
}
