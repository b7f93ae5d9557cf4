// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeLeg} from "../interfaces/IHedgeLeg.sol";
import {UniswapV3Position} from "./UniswapV3Position.sol";

/// @title A Uniswap v3 pool as the market of one token, counted in the other.
/// @dev Price and depth are the pool's of now: what follows from them belongs in a band or a bound, never in a value.
library UniswapV3Spot {
    error HistoryTooShort(address pool, uint32 window);

    uint256 private constant Q96 = 1 << 96;

    /// @param pool The pool
    /// @param baseFirst True if the token is the pool's token0
    /// @param baseUnit 10^decimals of the token
    /// @param quoteUnit 10^decimals of the token in which it is counted
    struct Spot {
        IUniswapV3Pool pool;
        bool baseFirst;
        uint256 baseUnit;
        uint256 quoteUnit;
    }

    /// @notice The pool's price of now, whole quote tokens per whole base token, 1e18.
    function price(Spot memory self) internal view returns (uint256) {
        (uint160 sqrtPrice, , , , , , ) = self.pool.slot0();
        return _priceAt(self, sqrtPrice);
    }

    /// @notice The pool's average price of the last `window` seconds, to a hundredth of a percent, 1e18. Reverts where its history is shorter.
    function averagePrice(Spot memory self, uint32 window) internal view returns (uint256) {
        (bool known, int24 tick, ) = UniswapV3Position.averageTicks(self.pool, window);
        require(known, HistoryTooShort(address(self.pool), window));
        return _priceAt(self, TickMath.getSqrtPriceAtTick(tick));
    }

    /// @notice What trading costs now.
    function quote(Spot memory self) internal view returns (IHedgeLeg.Quote memory quoted) {
        (uint160 sqrtPrice, , , , , , ) = self.pool.slot0();
        uint128 liquidity = self.pool.liquidity();
        uint256 depth =
            self.baseFirst
                ? FixedPointMathLib.fullMulDiv(liquidity, Q96, sqrtPrice)
                : FixedPointMathLib.fullMulDiv(liquidity, sqrtPrice, Q96);
        quoted.price = _priceAt(self, sqrtPrice);
        quoted.fee = uint256(self.pool.fee()) * 1e12;
        quoted.depth = FixedPointMathLib.fullMulDiv(depth, 1e18, self.baseUnit);
    }

    function _priceAt(Spot memory self, uint160 sqrtPrice) private pure returns (uint256) {
        uint256 ratio = FixedPointMathLib.fullMulDiv(sqrtPrice, sqrtPrice, Q96);
        uint256 scale = (self.baseUnit * 1e18) / self.quoteUnit;
        return
            self.baseFirst
                ? FixedPointMathLib.fullMulDiv(ratio, scale, Q96)
                : FixedPointMathLib.fullMulDiv(scale, Q96, ratio);
    }
}
