// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";

/// @notice Puts liquidity into positions of others, out of its own tokens: Uniswap lets anybody do so.
contract MockGiver is IUniswapV3MintCallback {
    function give(IUniswapV3Pool pool, address to, int24 tickLower, int24 tickUpper, uint128 liquidity) external {
        pool.mint(to, tickLower, tickUpper, liquidity, "");
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        IUniswapV3Pool pool = IUniswapV3Pool(msg.sender);
        IERC20(pool.token0()).transfer(msg.sender, amount0);
        IERC20(pool.token1()).transfer(msg.sender, amount1);
    }
}
