// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IPerpBaseToken, IPerpClearingHouse} from "../../../../contracts/interfaces/venues/IPerpV2.sol";
import {MarketMover} from "../../../../scripts/devnet/contracts/MarketMover.sol";
import {cheats} from "../Cheats.sol";
import {Pool} from "./Pool.sol";
import {IPerpOwner} from "./IVenues.sol";

/// @title Perp v2 as its own deployment scripts wire it, with markets of ETH and BTC.
abstract contract Perp is Pool {
    string private constant CORE = "@perp/curie-contract/artifacts/contracts/";
    string private constant ORACLE = "@perp/perp-oracle-contract/artifacts/contracts/";

    /// @dev USD on each side of the maker's liquidity.
    uint256 private constant DEPTH = 100_000_000e18;
    int24 private constant RANGE = 46_080;
    uint16 private constant OBSERVATIONS = 240;
    uint24 internal constant MOST_TICKS = 1000;

    IPerpOwner public perpConfig;
    IPerpOwner public quoteToken;
    IPerpOwner public registry;
    IPerpOwner public exchange;
    IPerpOwner public accounts;
    IPerpOwner public perpVault;
    IPerpOwner public house;

    /// @dev By market: ETH, BTC.
    address[2] public bases;
    IUniswapV3Pool[2] public perpPools;

    function _deployVenue() internal {
        perpConfig = _core("ClearingHouseConfig");
        perpConfig.initialize();
        quoteToken = IPerpOwner(_publishBetween(_path("QuoteToken"), uint160(0xf) << 156, type(uint160).max));
        quoteToken.initialize("vUSD", "vUSD");
        registry = _core("MarketRegistry");
        registry.initialize(address(uniswap), address(quoteToken));
        IPerpOwner orderBook = _core("OrderBook");
        orderBook.initialize(address(registry));
        IPerpOwner insurance = _core("InsuranceFund");
        insurance.initialize(address(tokens[USDC]));
        exchange = _core("Exchange");
        exchange.initialize(address(registry), address(orderBook), address(perpConfig));
        accounts = _core("AccountBalance");
        accounts.initialize(address(perpConfig), address(orderBook));
        perpVault = _core("Vault");
        perpVault.initialize(address(insurance), address(perpConfig), address(accounts), address(exchange));
        IPerpOwner manager = _core("CollateralManager");
        manager.initialize(
            address(perpConfig),
            address(perpVault),
            5,
            750_000,
            500_000,
            2_000,
            30_000,
            10_000e6,
            500e6
        );
        orderBook.setExchange(address(exchange));
        exchange.setAccountBalance(address(accounts));
        house = _core("ClearingHouse");
        house.initialize(
            address(perpConfig),
            address(perpVault),
            address(quoteToken),
            address(uniswap),
            address(exchange),
            address(accounts),
            address(insurance)
        );
        IPerpOwner approval = _core("DelegateApproval");
        approval.initialize();
        perpVault.setCollateralManager(address(manager));
        perpVault.setWETH9(address(tokens[ETH]));
        insurance.setVault(address(perpVault));
        accounts.setVault(address(perpVault));
        perpVault.setClearingHouse(address(house));
        accounts.setClearingHouse(address(house));
        registry.setClearingHouse(address(house));
        orderBook.setClearingHouse(address(house));
        exchange.setClearingHouse(address(house));
        house.setDelegateApproval(address(approval));
        perpConfig.setSettlementTokenBalanceCap(type(uint256).max);
        quoteToken.mintMaximumTo(address(house));
        quoteToken.addWhitelist(address(house));
    }

    function _deployMarkets() internal {
        for (uint256 m; m < 2; ++m) {
            address feed = _publish(
                string.concat(ORACLE, "ChainlinkPriceFeedV3.sol/ChainlinkPriceFeedV3.json"),
                abi.encode(proxies[ETH + m], uint256(4800), uint256(900))
            );
            address dispatcher = _publish(
                string.concat(ORACLE, "PriceFeedDispatcher.sol/PriceFeedDispatcher.json"),
                abi.encode(feed)
            );
            address base = _publishBetween(_path("BaseToken"), 1, uint160(address(quoteToken)));
            bases[m] = base;
            IPerpOwner(base).initialize("vBASE", "vBASE", dispatcher);
            perpPools[m] = IUniswapV3Pool(uniswap.createPool(base, address(quoteToken), POOL_FEE));
            perpPools[m].initialize(perpSqrtPrice(m, 1e18));
            perpPools[m].increaseObservationCardinalityNext(OBSERVATIONS);
            IPerpOwner(base).addWhitelist(address(perpPools[m]));
            quoteToken.addWhitelist(address(perpPools[m]));
            IPerpOwner(base).addWhitelist(address(house));
            IPerpOwner(base).mintMaximumTo(address(house));
            registry.addPool(base, POOL_FEE);
            registry.setFeeRatio(base, 1000);
            registry.setInsuranceFundFeeRatio(base, 100_000);
            exchange.setMaxTickCrossedWithinBlock(base, MOST_TICKS);
        }
    }

    /// @dev The maker's liquidity, half an hour after the markets. The world itself is the maker.
    function _supplyMarkets() internal {
        tokens[USDC].approve(address(perpVault), type(uint256).max);
        fund(address(this), USDC, 1e18);
        perpVault.deposit(address(tokens[USDC]), 1e18);
        for (uint256 m; m < 2; ++m) {
            (, int24 tick, , , , , ) = perpPools[m].slot0();
            int24 middle = (tick / 60) * 60;
            house.addLiquidity(
                IPerpOwner.AddLiquidity({
                    baseToken: bases[m],
                    base: (DEPTH * 1e8) / uint256(answers[ETH + m]),
                    quote: DEPTH,
                    lowerTick: middle - RANGE,
                    upperTick: middle + RANGE,
                    minBase: 0,
                    minQuote: 0,
                    useTakerBalance: false,
                    deadline: type(uint256).max
                })
            );
        }
        // What the trader needs for whatever he does later.
        mover.step(
            1e15,
            new MarketMover.Round[](0),
            new MarketMover.Noise[](0),
            new MarketMover.Spot[](0),
            new MarketMover.Perp[](0)
        );
    }

    /// @param tilt Price over the feed's, 1e18
    function perpSqrtPrice(uint256 m, uint256 tilt) public view returns (uint160) {
        return
            uint160(
                FixedPointMathLib.sqrt(FixedPointMathLib.fullMulDiv(uint256(answers[ETH + m]) * tilt, 1 << 192, 1e26))
            );
    }

    /// @notice The market's price of now, 1e18.
    function perpPrice(uint256 m) external view returns (uint256) {
        (uint160 root, , , , , , ) = perpPools[m].slot0();
        return FixedPointMathLib.fullMulDiv(FixedPointMathLib.fullMulDiv(root, root, 1 << 96), 1e18, 1 << 96);
    }

    /// @notice The market's average of a quarter of an hour, 1e18; zero where its history is too short.
    function perpAverage(uint256 m) external view returns (uint256) {
        try exchange.getSqrtMarketTwapX96(bases[m], 900) returns (uint160 root) {
            return FixedPointMathLib.fullMulDiv(FixedPointMathLib.fullMulDiv(root, root, 1 << 96), 1e18, 1 << 96);
        } catch {
            return 0;
        }
    }

    /// @notice What a base token counts in the vault: the price given, or the one that its market was closed at, 1e18.
    function perpWorth(uint256 m, uint256 price) external view returns (uint256) {
        IPerpBaseToken base = IPerpBaseToken(bases[m]);
        return base.isClosed() ? base.getClosedPrice() : price;
    }

    /// @notice The venue's index of a market now, 1e18; zero where it has none.
    function perpIndex(uint256 m) external view returns (uint256) {
        try IPerpOwner(bases[m]).getIndexPrice(0) returns (uint256 price) {
            return price;
        } catch {
            return 0;
        }
    }

    /// @notice A trader moves a market towards a price, as far as the venue lets him in one block.
    /// @param tilt Price over the feed's, 1e18
    function movePerp(uint256 m, uint256 tilt) public returns (bool moved) {
        uint160 target = perpSqrtPrice(m, tilt);
        MarketMover.Perp[] memory perps = new MarketMover.Perp[](1);
        perps[0] = MarketMover.Perp(bases[m], address(perpPools[m]), target, target, uint256(answers[ETH + m]) * 1e10);
        try mover.step(0, new MarketMover.Round[](0), new MarketMover.Noise[](0), new MarketMover.Spot[](0), perps) {
            moved = true;
        } catch {}
    }

    /// @notice The same until it is there, with time in between.
    function walkPerp(uint256 m, uint256 tilt) external returns (bool there) {
        uint160 target = perpSqrtPrice(m, tilt);
        for (uint256 i; i < 12; ++i) {
            (uint160 price, , , , , , ) = perpPools[m].slot0();
            if (price == target) return true;
            cheats.warp(block.timestamp + 16);
            if (!movePerp(m, tilt)) return false;
        }
    }

    // ── What the venue's owner and strangers do ──────────────────────────────────────────────────

    function tradable(uint256 m, bool yes) external {
        if ((exchange.getMaxTickCrossedWithinBlock(bases[m]) > 0) == yes) return;
        exchange.setMaxTickCrossedWithinBlock(bases[m], yes ? MOST_TICKS : 0);
    }

    function pauseHouse(bool yes) external {
        if (house.paused() == yes) return;
        if (yes) house.pause();
        else house.unpause();
    }

    function pausePerpVault(bool yes) external {
        if (perpVault.paused() == yes) return;
        if (yes) perpVault.pause();
        else perpVault.unpause();
    }

    /// @notice For good.
    /// @dev The venue averages its index when it pauses, and cannot where the feed's answer does not follow on the rounds that it took note of.
    function closeMarket(uint256 m, uint256 price) external returns (bool done) {
        try IPerpOwner(bases[m]).pause() {
            IPerpOwner(bases[m]).close(price);
            done = true;
        } catch {}
    }

    function quitMarket(uint256 m, address trader) external returns (bool done) {
        try IPerpClearingHouse(address(house)).quitMarket(trader, bases[m]) {
            done = true;
        } catch {}
    }

    /// @dev The world has margin enough.
    function liquidate(uint256 m, address trader) external returns (bool done) {
        try house.liquidate(trader, bases[m]) {
            done = true;
        } catch {}
    }

    function depositForPerp(address trader, uint256 amount) external {
        fund(address(this), USDC, amount);
        perpVault.depositFor(trader, address(tokens[USDC]), amount);
    }

    function _core(string memory name) private returns (IPerpOwner) {
        return IPerpOwner(_publish(_path(name), ""));
    }

    function _path(string memory name) private pure returns (string memory) {
        return string.concat(CORE, name, ".sol/", name, ".json");
    }
}
