// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3MintCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3MintCallback.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {IPerpClearingHouse, IPerpVault} from "../../contracts/interfaces/venues/IPerpV2.sol";

/// @title The venue calls of a vault's operations with no vault around them: what the least is that they can cost.
/// @dev One owner, no check, no measure, no account of its own. It holds a position in a pool and a trader account as a vault's legs do.
contract DirectVenues is IUniswapV3MintCallback, IUniswapV3SwapCallback {
    struct Range {
        int24 tickLower;
        int24 tickUpper;
        uint128 liquidity;
    }

    /// @param size Signed change, base tokens, 1e18
    struct Trade {
        address market;
        int256 size;
    }

    error NotOwner(address caller);
    error NotPool(address caller);

    address public immutable owner = msg.sender;
    IUniswapV3Pool public immutable pool;
    IERC20 public immutable token0;
    IERC20 public immutable token1;
    IERC20 public immutable settlementToken;
    IPerpClearingHouse public immutable clearingHouse;
    IPerpVault public immutable perpVault;

    modifier onlyOwner() {
        require(msg.sender == owner, NotOwner(msg.sender));
        _;
    }

    constructor(IUniswapV3Pool pool_, IPerpClearingHouse clearingHouse_) {
        (pool, clearingHouse) = (pool_, clearingHouse_);
        (token0, token1) = (IERC20(pool_.token0()), IERC20(pool_.token1()));
        perpVault = IPerpVault(clearingHouse_.getVault());
        settlementToken = IERC20(perpVault.getSettlementToken());
    }

    /// @notice Liquidity, margin and positions, as a vault's first plan brings them.
    function open(Range calldata range, uint256 margin, Trade[] calldata trades) external onlyOwner {
        addMargin(margin);
        _mint(range);
        _trade(trades);
    }

    /// @notice Another range, after a swap of `amountIn` if it is not zero, and changed positions.
    function shift(
        Range calldata from,
        Range calldata to,
        bool zeroForOne,
        uint256 amountIn,
        Trade[] calldata trades
    ) external onlyOwner {
        pool.burn(from.tickLower, from.tickUpper, from.liquidity);
        pool.collect(address(this), from.tickLower, from.tickUpper, type(uint128).max, type(uint128).max);
        if (amountIn > 0) {
            uint160 limit = zeroForOne ? TickMath.MIN_SQRT_PRICE + 1 : TickMath.MAX_SQRT_PRICE - 1;
            pool.swap(address(this), zeroForOne, int256(amountIn), limit, "");
        }
        _mint(to);
        _trade(trades);
    }

    function addMargin(uint256 amount) public onlyOwner {
        settlementToken.approve(address(perpVault), amount);
        perpVault.deposit(address(settlementToken), amount);
    }

    function trade(Trade[] calldata trades) external onlyOwner {
        _trade(trades);
    }

    function burn(Range calldata range) external onlyOwner {
        pool.burn(range.tickLower, range.tickUpper, range.liquidity);
        pool.collect(address(this), range.tickLower, range.tickUpper, type(uint128).max, type(uint128).max);
    }

    /// @notice Give back a part of everything: liquidity, margin, and `idle` of each of the pool's tokens.
    function leave(
        Range calldata range,
        Trade[] calldata trades,
        uint256 margin,
        uint256[2] calldata idle,
        address receiver
    ) external onlyOwner {
        (uint256 out0, uint256 out1) = pool.burn(range.tickLower, range.tickUpper, range.liquidity);
        pool.collect(address(this), range.tickLower, range.tickUpper, uint128(out0), uint128(out1));
        _trade(trades);
        perpVault.withdraw(address(settlementToken), margin);
        token0.transfer(receiver, out0 + idle[0] + (token0 == settlementToken ? margin : 0));
        token1.transfer(receiver, out1 + idle[1] + (token1 == settlementToken ? margin : 0));
    }

    /// @notice Gas of a view that is called by a contract, its address and everything behind it cold.
    function gasOf(address target, bytes calldata data) external returns (uint256 gas) {
        gas = gasleft();
        (bool done, bytes memory answer) = target.staticcall(data);
        gas -= gasleft();
        if (!done) {
            assembly ("memory-safe") {
                revert(add(answer, 0x20), mload(answer))
            }
        }
    }

    function uniswapV3MintCallback(uint256 amount0Owed, uint256 amount1Owed, bytes calldata) external {
        require(msg.sender == address(pool), NotPool(msg.sender));
        if (amount0Owed > 0) token0.transfer(msg.sender, amount0Owed);
        if (amount1Owed > 0) token1.transfer(msg.sender, amount1Owed);
    }

    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata) external {
        require(msg.sender == address(pool), NotPool(msg.sender));
        if (amount0Delta > 0) token0.transfer(msg.sender, uint256(amount0Delta));
        if (amount1Delta > 0) token1.transfer(msg.sender, uint256(amount1Delta));
    }

    function _mint(Range calldata range) private {
        pool.mint(address(this), range.tickLower, range.tickUpper, range.liquidity, "");
    }

    function _trade(Trade[] calldata trades) private {
        for (uint256 i; i < trades.length; ++i) {
            bool sell = trades[i].size < 0;
            clearingHouse.openPosition(
                IPerpClearingHouse.OpenPositionParams({
                    baseToken: trades[i].market,
                    isBaseToQuote: sell,
                    isExactInput: sell,
                    amount: uint256(sell ? -trades[i].size : trades[i].size),
                    oppositeAmountBound: 0,
                    deadline: block.timestamp,
                    sqrtPriceLimitX96: 0,
                    referralCode: 0
                })
            );
        }
    }
}
