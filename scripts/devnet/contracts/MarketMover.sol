// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IPerpClearingHouse, IPerpVault} from "../../../contracts/interfaces/venues/IPerpV2.sol";
import {IFeed, IMintable, IWeth} from "./MarketMoverVenues.sol";

/// @notice The rest of the market in one contract: reports oracle rounds, trades noise, and arbitrages every venue to a
/// given price, all in one transaction. What it lacks it mints; what it earns, at the prices given, it counts.
contract MarketMover is IUniswapV3SwapCallback {
    struct Round {
        address aggregator;
        int256 answer;
    }

    /// @param usd0 USD (1e18) of 1e18 raw units of token0.
    struct Noise {
        address pool;
        bool zeroForOne;
        uint256 amountIn;
        uint256 usd0;
        uint256 usd1;
    }

    /// @param lower A pool inside [lower, upper] (√price, Q96) offers nothing to an arbitrageur.
    struct Spot {
        address pool;
        uint160 lower;
        uint160 upper;
        uint256 usd0;
        uint256 usd1;
    }

    /// @param usd USD (1e18) of one base token.
    struct Perp {
        address base;
        address pool;
        uint160 lower;
        uint160 upper;
        uint256 usd;
    }

    error NotOperator(address caller);
    error NotPool(address caller);

    uint160 private constant MIN_SQRT_RATIO = 4295128739;
    uint160 private constant MAX_SQRT_RATIO = 1461446703485210103287273052203988822378723970342;
    /// @dev Perp v2 allows 1,000 ticks a block; 900 ticks (9.4%) in √price stay clear of rounding.
    uint256 private constant STEP_UP = 1.046e18;
    uint256 private constant STEP_DOWN = 0.956e18;
    uint256 private constant AMOUNT = 1e28;

    address public immutable OPERATOR;
    IWeth public immutable WETH;
    IERC20 public immutable USDC;
    IPerpClearingHouse public immutable CLEARING_HOUSE;
    IPerpVault public immutable PERP_VAULT;

    /// @notice USD (1e18) gained so far, each trade valued at the prices that came with it.
    int256 public spotProfit;
    int256 public perpProfit;
    int256 public noiseProfit;

    address private trading;

    constructor(IWeth weth, IERC20 usdc, IPerpClearingHouse clearingHouse, IPerpVault perpVault) {
        OPERATOR = msg.sender;
        WETH = weth;
        USDC = usdc;
        CLEARING_HOUSE = clearingHouse;
        PERP_VAULT = perpVault;
        usdc.approve(address(perpVault), type(uint256).max);
    }

    receive() external payable {}

    modifier onlyOperator() {
        require(msg.sender == OPERATOR, NotOperator(msg.sender));
        _;
    }

    /// @notice One moment of the market: margin first, then oracle rounds, then noise, then arbitrage.
    /// @param margin Free collateral on Perp v2 to have before trading; zero leaves it as it is.
    function step(
        uint256 margin,
        Round[] calldata rounds,
        Noise[] calldata noises,
        Spot[] calldata spots,
        Perp[] calldata perps
    ) external onlyOperator {
        if (margin != 0) _topUp(margin);
        for (uint256 i; i < rounds.length; ++i) {
            IFeed feed = IFeed(rounds[i].aggregator);
            feed.submit(feed.latestRound() + 1, rounds[i].answer);
        }
        int256 gained;
        for (uint256 i; i < noises.length; ++i) gained += _noise(noises[i]);
        if (noises.length != 0) noiseProfit += gained;
        gained = 0;
        for (uint256 i; i < spots.length; ++i) gained += _arbitrage(spots[i]);
        if (gained != 0) spotProfit += gained;
        gained = 0;
        for (uint256 i; i < perps.length; ++i) gained += _arbitrage(perps[i]);
        if (gained != 0) perpProfit += gained;
    }

    /// @notice The last round of each feed and the √price of each pool, in one call.
    function look(
        address[] calldata aggregators,
        address[] calldata pools
    ) external view returns (int256[] memory answers, uint256[] memory updatedAt, uint160[] memory sqrtPrices) {
        answers = new int256[](aggregators.length);
        updatedAt = new uint256[](aggregators.length);
        sqrtPrices = new uint160[](pools.length);
        for (uint256 i; i < aggregators.length; ++i) {
            (, answers[i], , updatedAt[i], ) = IFeed(aggregators[i]).latestRoundData();
        }
        for (uint256 i; i < pools.length; ++i) (sqrtPrices[i], , , , , , ) = IUniswapV3Pool(pools[i]).slot0();
    }

    function uniswapV3SwapCallback(int256 amount0, int256 amount1, bytes calldata) external {
        require(msg.sender == trading, NotPool(msg.sender));
        if (amount0 > 0) _pay(IUniswapV3Pool(msg.sender).token0(), uint256(amount0));
        if (amount1 > 0) _pay(IUniswapV3Pool(msg.sender).token1(), uint256(amount1));
    }

    function _topUp(uint256 margin) private {
        uint256 free = PERP_VAULT.getFreeCollateral(address(this));
        if (free >= margin) return;
        IMintable(address(USDC)).mint(address(this), margin - free);
        PERP_VAULT.deposit(address(USDC), margin - free);
    }

    function _noise(Noise calldata noise) private returns (int256) {
        uint160 limit = noise.zeroForOne ? MIN_SQRT_RATIO + 1 : MAX_SQRT_RATIO - 1;
        return _swap(noise.pool, noise.zeroForOne, noise.amountIn, limit, noise.usd0, noise.usd1);
    }

    function _arbitrage(Spot calldata spot) private returns (int256) {
        (uint160 price, , , , , , ) = IUniswapV3Pool(spot.pool).slot0();
        if (price > spot.upper) return _swap(spot.pool, true, AMOUNT, spot.upper, spot.usd0, spot.usd1);
        if (price < spot.lower) return _swap(spot.pool, false, AMOUNT, spot.lower, spot.usd0, spot.usd1);
        return 0;
    }

    function _arbitrage(Perp calldata perp) private returns (int256) {
        (uint160 price, , , , , , ) = IUniswapV3Pool(perp.pool).slot0();
        bool short = price > perp.upper;
        if (!short && price >= perp.lower) return 0;
        uint160 reach = uint160((uint256(price) * (short ? STEP_DOWN : STEP_UP)) / 1e18);
        uint160 target = short ? perp.upper : perp.lower;
        if (short ? target < reach : target > reach) target = reach;
        (uint256 base, uint256 quote) = CLEARING_HOUSE.openPosition(
            IPerpClearingHouse.OpenPositionParams(
                perp.base,
                short,
                true,
                AMOUNT,
                0,
                type(uint256).max,
                target,
                bytes32(0)
            )
        );
        int256 worth = int256((base * perp.usd) / 1e18);
        return short ? int256(quote) - worth : worth - int256(quote);
    }

    function _swap(
        address pool,
        bool zeroForOne,
        uint256 amountIn,
        uint160 limit,
        uint256 usd0,
        uint256 usd1
    ) private returns (int256) {
        trading = pool;
        (int256 amount0, int256 amount1) = IUniswapV3Pool(pool).swap(
            address(this),
            zeroForOne,
            int256(amountIn),
            limit,
            ""
        );
        return -(amount0 * int256(usd0) + amount1 * int256(usd1)) / 1e18;
    }

    function _pay(address token, uint256 amount) private {
        uint256 held = IERC20(token).balanceOf(address(this));
        if (held < amount) {
            if (token == address(WETH)) WETH.deposit{value: amount - held}();
            else IMintable(token).mint(address(this), amount - held);
        }
        IERC20(token).transfer(msg.sender, amount);
    }
}
