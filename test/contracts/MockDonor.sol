// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3FlashCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3FlashCallback.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// @notice Gives to whoever has liquidity in a pool what a position manager would not let it give: fees without a trade, and liquidity in somebody
/// else's name. It must hold the tokens.
contract MockDonor is IUniswapV3FlashCallback, IUniswapV3MintCallback {
    /// @notice Give both amounts as fees to the liquidity in range.
    function giveFees(IUniswapV3Pool pool, uint256 amount0, uint256 amount1) external {
        pool.flash(address(this), 0, 0, abi.encode(amount0, amount1));
    }

    function giveLiquidity(
        IUniswapV3Pool pool,
        address to,
        int24 tickLower,
        int24 tickUpper,
        uint128 liquidity
    ) external {
        pool.mint(to, tickLower, tickUpper, liquidity, "");
    }

    function uniswapV3FlashCallback(uint256, uint256, bytes calldata data) external {
        (uint256 amount0, uint256 amount1) = abi.decode(data, (uint256, uint256));
        _pay(amount0, amount1);
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        _pay(amount0, amount1);
    }

    function _pay(uint256 amount0, uint256 amount1) private {
        IUniswapV3Pool pool = IUniswapV3Pool(msg.sender);
        if (amount0 > 0) IERC20(pool.token0()).transfer(msg.sender, amount0);
        if (amount1 > 0) IERC20(pool.token1()).transfer(msg.sender, amount1);
    }
}
