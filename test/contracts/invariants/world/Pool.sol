// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Factory} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Factory.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {MarketMover} from "../../../../scripts/devnet/contracts/MarketMover.sol";
import {Faults} from "./Faults.sol";

/// @title The ALT/USDC pool of Uniswap v3, with background liquidity over all prices.
abstract contract Pool is Faults {
    uint24 internal constant POOL_FEE = 3000;
    int24 internal constant EDGE = 887_220;

    IUniswapV3Factory public uniswap;
    IUniswapV3Pool public pool;

    /// @dev Assets of the pool's token0 and token1.
    uint256 public k0;
    uint256 public k1;

    function _deployPool() internal {
        uniswap = IUniswapV3Factory(
            _publish("@uniswap/v3-core/artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json", "")
        );
        pool = IUniswapV3Pool(uniswap.createPool(address(tokens[ALT]), address(tokens[USDC]), POOL_FEE));
        (k0, k1) = pool.token0() == address(tokens[ALT]) ? (ALT, USDC) : (USDC, ALT);
        pool.initialize(fairSqrtPrice());
        // √(2,000,000 ALT · 20,000,000 USDC), raw
        pool.mint(address(this), -EDGE, EDGE, 6.3e18, "");
    }

    /// @notice √price of the pool at the feeds' answers, Q96.
    function fairSqrtPrice() public view returns (uint160) {
        return sqrtPriceAt(1e18);
    }

    /// @param tilt Price of token0 in token1 over the fair one, 1e18
    function sqrtPriceAt(uint256 tilt) public view returns (uint160) {
        uint256 over = uint256(answers[k0]) * 10 ** decimals[k1] * tilt;
        uint256 under = uint256(answers[k1]) * 10 ** decimals[k0] * 1e18;
        return uint160(FixedPointMathLib.sqrt(FixedPointMathLib.fullMulDiv(over, 1 << 192, under)));
    }

    /// @notice A trader brings the pool to a price.
    /// @param tilt Price of token0 in token1 over the fair one, 1e18
    function movePool(uint256 tilt) public {
        uint160 target = sqrtPriceAt(tilt);
        MarketMover.Spot[] memory spots = new MarketMover.Spot[](1);
        spots[0] = MarketMover.Spot(address(pool), target, target, 0, 0);
        _step(new MarketMover.Round[](0), spots, new MarketMover.Perp[](0));
    }

    /// @notice Anybody may mint liquidity for somebody else.
    function giveLiquidity(address to, int24 tickLower, int24 tickUpper, uint128 liquidity) external {
        pool.mint(to, tickLower, tickUpper, liquidity, "");
    }

    function uniswapV3MintCallback(uint256 amount0, uint256 amount1, bytes calldata) external {
        fund(msg.sender, k0, amount0);
        fund(msg.sender, k1, amount1);
    }
}
