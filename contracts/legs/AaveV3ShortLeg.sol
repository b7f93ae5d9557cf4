// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IUniswapV3SwapCallback} from "@uniswap/v3-core/contracts/interfaces/callback/IUniswapV3SwapCallback.sol";
import {TickMath} from "@uniswap/v4-core/src/libraries/TickMath.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IAaveV3ShortLeg} from "../interfaces/IAaveV3ShortLeg.sol";
import {Impairment} from "../interfaces/ILeg.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {IAaveAddressesProvider, IAaveBalance, IAaveDataProvider, IAavePool} from "../interfaces/venues/IAaveV3.sol";
import {Action, Margin, Order, Size} from "../types/Plan.sol";
import {LegValue} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {AaveV3Reserve} from "./AaveV3Reserve.sol";
import {Closing} from "./Closing.sol";
import {Leg} from "./Leg.sol";
import {UniswapV3Position} from "./UniswapV3Position.sol";
import {UniswapV3Spot} from "./UniswapV3Spot.sol";

/// @title One account on Aave v3 that shorts tokens: borrowed, sold in a Uniswap v3 pool, the proceeds kept as collateral.
/// @dev VALUE. Equity = collateral − Σ debt·P_oracle, interest up to this second included. The collateral is worth the settlement token's
/// price, a debt its own token's. Neither the venue's prices nor the pools' enter it; the venue's enter the margin ratio, beside the oracle,
/// the worse of the two.
///
/// EVERY TRADE IS A FLASH SWAP. The pool pays first and is paid in its callback. A short grows by supplying what the sale brought and only
/// then borrowing what was sold; it shrinks by repaying with what was bought and only then withdrawing what it cost. So the venue
/// never sees a state worse than the one before or the one after, and a loan can be left at any loan to value that the venue does not liquidate.
///
/// TRUST. The venue is believed for what it books and what it pays out. It may be paused or frozen, run out of tokens to pay out, change
/// its thresholds, and lend or liquidate by prices of its own. The Uniswap pools are chosen when the leg is made, and believed for what they pay out
/// and what they ask in the callback; their price is not believed. The callback answers only the pool in use.
///
/// NOTHING STAYS HERE but the account at the venue. What strangers send or supply is nobody's; what they supply as the settlement token is the vault's.
contract AaveV3ShortLeg is Leg, IAaveV3ShortLeg, IUniswapV3SwapCallback {
    using AaveV3Reserve for IAavePool;
    using SafeCast for int256;
    using SafeCast for uint256;
    using SafeERC20 for IERC20;
    using UniswapV3Spot for UniswapV3Spot.Spot;

    error NotAMarket(address token);
    error NotAReserve(address token);
    error NotItsPool(address token, address pool);
    error NotPool(address caller);
    error TooManyMarkets(uint256 given, uint256 most);
    error ZeroAmount();
    error PartlyFilled(uint256 asked, uint256 filled);
    error SoldTooCheap(address token, uint256 received, uint256 least);
    error BoughtTooDear(address token, uint256 paid, uint256 most);
    error BadPrice();

    /// @notice Collateral below this does not keep a leg from being removed: anybody may supply a unit for it. USD, 1e18.
    int256 public constant DUST = 1e18;

    /// @notice Most markets in one account: each costs every exit gas.
    uint256 public constant MAX_MARKETS = 4;

    /// @notice Length of the pool's average that bounds reductions while a price is bad, seconds.
    uint32 public constant TWAP_WINDOW = UniswapV3Position.TWAP_WINDOW;

    /// @notice Observations that a trading pool must have room for.
    uint16 public constant MIN_OBSERVATIONS = UniswapV3Position.MIN_OBSERVATIONS;

    uint256 private constant VARIABLE_RATE = 2;

    /// @param debt The venue's variable debt token
    struct Borrowing {
        address token;
        uint8 assetIndex;
        uint8 decimals;
        bool first;
        address pool;
        address debt;
    }

    IAavePool private immutable _venue;
    IAaveDataProvider private immutable _data;

    address public settlementToken;
    uint8 private _settlementIndex;
    uint8 private _settlementDecimals;

    IAaveBalance private _collateralToken;
    Borrowing[] private _markets;

    /// @dev Collateral without interest after the last operation: only a liquidation makes it less.
    uint128 private _seen;
    bool private _liquidated;

    /// @dev The pool that owes us a callback.
    address private transient _trading;

    constructor(address addressesProvider) {
        _venue = IAavePool(IAaveAddressesProvider(addressesProvider).getPool());
        _data = IAaveDataProvider(IAaveAddressesProvider(addressesProvider).getPoolDataProvider());
    }

    /// @dev Configuration: settlement token, listings, largest slippage (1e18 = 100%).
    function _configure(bytes calldata config) internal override {
        (address settlement, Listing[] memory listings, uint256 slippage) = abi.decode(
            config,
            (address, Listing[], uint256)
        );
        require(listings.length <= MAX_MARKETS, TooManyMarkets(listings.length, MAX_MARKETS));
        _setSlippage(slippage);
        settlementToken = settlement;
        (_settlementIndex, _settlementDecimals) = _find(settlement);
        (address collateral, , ) = _data.getReserveTokensAddresses(settlement);
        require(collateral != address(0), NotAReserve(settlement));
        _collateralToken = IAaveBalance(collateral);
        for (uint256 i; i < listings.length; ++i) {
            _list(listings[i].token, listings[i].pool);
        }
    }

    function _list(address token, address pool) private {
        for (uint256 i; i < _markets.length; ++i) {
            require(_markets[i].token != token, NotAMarket(token));
        }
        (uint8 index, uint8 decimals) = _find(token);
        (, , address debt) = _data.getReserveTokensAddresses(token);
        require(debt != address(0), NotAReserve(token));
        (address token0, address token1) = (IUniswapV3Pool(pool).token0(), IUniswapV3Pool(pool).token1());
        bool first = token0 == token;
        require(
            (first && token1 == settlementToken) || (token1 == token && token0 == settlementToken),
            NotItsPool(token, pool)
        );
        IUniswapV3Pool(pool).increaseObservationCardinalityNext(MIN_OBSERVATIONS);
        _markets.push(
            Borrowing({token: token, assetIndex: index, decimals: decimals, first: first, pool: pool, debt: debt})
        );
    }

    // ── Orders ───────────────────────────────────────────────────────────────────────────────────

    function execute(Order calldata order, Prices calldata prices) external onlyVault {
        _watch();
        if (order.action == Action.Size) _resize(abi.decode(order.params, (Size)), prices);
        else if (order.action == Action.Margin) _moveMargin(abi.decode(order.params, (Margin)).amount);
        else revert UnsupportedAction(order.action);
        _note();
    }

    /// @dev A reduction larger than the debt repays all of it: interest accrues between a plan and its landing.
    function _resize(Size memory order, Prices calldata prices) private {
        require(order.size != 0, ZeroAmount());
        uint256 k = _place(order.market);
        Borrowing memory market = _markets[k];
        uint256 amount = FixedPointMathLib.fullMulDiv(FixedPointMathLib.abs(order.size), 10 ** market.decimals, 1e18);
        bool sell = order.size < 0;
        if (!sell) amount = FixedPointMathLib.min(amount, _debt(market));
        require(amount > 0, ZeroAmount());
        uint256 price = _fairPrice(market, prices, sell);
        uint256 fair = FixedPointMathLib.fullMulDiv(
            amount,
            price * 10 ** _settlementDecimals,
            10 ** market.decimals * 1e18
        );
        if (sell) {
            uint256 least = FixedPointMathLib.mulDivUp(fair, 1e18 - maxSlippage, 1e18);
            uint256 received = _sell(k, amount);
            require(received >= least, SoldTooCheap(market.token, received, least));
        } else {
            uint256 most = FixedPointMathLib.mulDiv(fair, 1e18 + maxSlippage, 1e18);
            uint256 paid = _buyBack(k, amount);
            require(paid <= most, BoughtTooDear(market.token, paid, most));
        }
    }

    /// @dev Whole settlement tokens per whole token, 1e18. Where a price is bad, the pool's average of a quarter of an hour, for reductions only.
    function _fairPrice(Borrowing memory market, Prices calldata prices, bool sell) private view returns (uint256) {
        if (prices.ok)
            return FixedPointMathLib.fullMulDiv(prices.mid[market.assetIndex], 1e18, prices.mid[_settlementIndex]);
        require(!sell, BadPrice());
        return _spot(market).averagePrice(TWAP_WINDOW);
    }

    function _moveMargin(int256 amount) private {
        require(amount != 0, ZeroAmount());
        if (amount > 0) {
            uint256 paid = amount.toUint256();
            ILegHost(vault).pay(settlementToken, address(this), paid);
            _supply(paid);
        } else {
            uint256 taken = _venue.withdraw(settlementToken, (-amount).toUint256(), vault);
            ILegHost(vault).book(settlementToken, taken);
        }
    }

    // ── Exit ─────────────────────────────────────────────────────────────────────────────────────

    /// @dev The leaver's part is f·collateral, rounded down, less what it costs to buy back f of each debt, rounded up. It is negative where that
    /// costs more. The cost is his alone: `minOut` of the exit bounds it, no oracle does. The venue rounds every movement to the
    /// nearest unit, so the others' part is kept with a unit to spare, and the last one takes what is there.
    function exit(uint256 numerator, uint256 denominator) external onlyVault returns (int256[] memory amounts) {
        _watch();
        amounts = new int256[](ILegHost(vault).assets().length);
        uint256 kept = _plusUnit(_collateral(), denominator - numerator, denominator);
        for (uint256 k; k < _markets.length; ++k) {
            uint256 debt = _debt(_markets[k]);
            uint256 amount = FixedPointMathLib.min(debt, _plusUnit(debt, numerator, denominator));
            if (amount > 0) _buyBack(k, amount);
        }
        int256 part = _collateral().toInt256() - kept.toInt256();
        if (part > 0) _venue.withdraw(settlementToken, part.toUint256(), vault);
        amounts[_settlementIndex] = part;
        _note();
    }

    /// @dev amount·numerator/denominator, rounded up, and a unit more unless it is nothing.
    function _plusUnit(uint256 amount, uint256 numerator, uint256 denominator) private pure returns (uint256) {
        uint256 share = FixedPointMathLib.fullMulDivUp(amount, numerator, denominator);
        return share == 0 ? 0 : share + 1;
    }

    // ── Flash swaps ──────────────────────────────────────────────────────────────────────────────

    /// @return received Settlement tokens, now collateral
    function _sell(uint256 k, uint256 amount) private returns (uint256 received) {
        uint256 sold;
        (sold, received) = _swap(k, _markets[k].first, amount.toInt256());
        require(sold == amount, PartlyFilled(amount, sold));
    }

    /// @return paid Settlement tokens, taken out of the collateral
    function _buyBack(uint256 k, uint256 amount) private returns (uint256 paid) {
        uint256 bought;
        (paid, bought) = _swap(k, !_markets[k].first, -amount.toInt256());
        require(bought == amount, PartlyFilled(amount, bought));
    }

    function _swap(uint256 k, bool zeroForOne, int256 amount) private returns (uint256 paid, uint256 received) {
        address pool = _markets[k].pool;
        _trading = pool;
        (int256 delta0, int256 delta1) = IUniswapV3Pool(pool).swap(
            address(this),
            zeroForOne,
            amount,
            zeroForOne ? TickMath.MIN_SQRT_PRICE + 1 : TickMath.MAX_SQRT_PRICE - 1,
            abi.encode(k)
        );
        _trading = address(0);
        return zeroForOne ? (uint256(delta0), uint256(-delta1)) : (uint256(delta1), uint256(-delta0));
    }

    /// @dev The pool has paid. What it asks for comes from the venue.
    function uniswapV3SwapCallback(int256 amount0Delta, int256 amount1Delta, bytes calldata data) external {
        require(msg.sender == _trading, NotPool(msg.sender));
        Borrowing memory market = _markets[abi.decode(data, (uint256))];
        (int256 base, int256 quoted) = market.first ? (amount0Delta, amount1Delta) : (amount1Delta, amount0Delta);
        if (base > 0) {
            _supply(uint256(-quoted));
            _venue.borrow(market.token, uint256(base), VARIABLE_RATE, 0, address(this));
            IERC20(market.token).safeTransfer(msg.sender, uint256(base));
        } else {
            IERC20(market.token).forceApprove(address(_venue), uint256(-base));
            _venue.repay(market.token, uint256(-base), VARIABLE_RATE, address(this));
            _venue.withdraw(settlementToken, uint256(quoted), msg.sender);
        }
    }

    function _supply(uint256 amount) private {
        IERC20(settlementToken).forceApprove(address(_venue), amount);
        _venue.supply(settlementToken, amount, address(this), 0);
    }

    // ── What the venue does by itself ────────────────────────────────────────────────────────────

    /// @dev Interest is no impairment, and neither is a gift: both leave the collateral without interest where it is or raise it. A frozen
    /// reserve can be left, but takes no collateral: newcomers wait.
    function sync() external onlyVault returns (Impairment) {
        _watch();
        bool damaged = _liquidated;
        _liquidated = false;
        _note();
        if (damaged) return Impairment.Damaged;
        return _isReachable() ? Impairment.None : Impairment.Blocked;
    }

    function refuseCollateral(address asset) external {
        require(asset != settlementToken, NotAReserve(asset));
        _venue.setUserUseReserveAsCollateral(asset, false);
    }

    function _watch() private {
        if (_collateralToken.scaledBalanceOf(address(this)) < _seen) _liquidated = true;
    }

    function _note() private {
        _seen = _collateralToken.scaledBalanceOf(address(this)).toUint128();
    }

    function _isReachable() private view returns (bool) {
        for (uint256 k; k < _markets.length; ++k) {
            if (_debt(_markets[k]) > 0 && !_venue.isOpen(_markets[k].token)) return false;
        }
        return _venue.isOpen(settlementToken);
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    function measure(Prices calldata prices) external view settled returns (LegValue memory) {
        return _measure(prices.mid, true);
    }

    function appraise(
        uint256[] calldata mid,
        bool,
        uint256 least
    ) external view onlyVault returns (LegValue memory value) {
        value = _measure(mid, false);
        value.thin = least > 0 && _marginRatio(mid) < least;
    }

    /// @param banded True if what closing costs is asked for
    function _measure(uint256[] calldata mids, bool banded) private view returns (LegValue memory value) {
        value.hedge = true;
        value.exposure = new int256[](mids.length);
        uint256 unit = mids[_settlementIndex];
        value.equity = FixedPointMathLib.fullMulDiv(_collateral(), unit, 10 ** _settlementDecimals).toInt256();
        value.exposure[_settlementIndex] = value.equity;
        for (uint256 k; k < _markets.length; ++k) {
            Borrowing memory market = _markets[k];
            uint256 size = _sizeUp(market);
            if (size == 0) continue;
            uint256 mid = mids[market.assetIndex];
            int256 worth = FixedPointMathLib.fullMulDivUp(size, mid, 1e18).toInt256();
            value.equity -= worth;
            value.exposure[market.assetIndex] -= worth;
            if (unit == 0 || !banded) continue;
            (uint256 cost, uint256 gap) = Closing.costUp(
                _spot(market).quote(),
                -size.toInt256(),
                FixedPointMathLib.fullMulDiv(mid, 1e18, unit)
            );
            value.closeOutCost += FixedPointMathLib.fullMulDivUp(cost, unit, 1e18);
            value.venueGap += FixedPointMathLib.fullMulDivUp(gap, unit, 1e18);
        }
        // A leaver can give up an account below zero, so the high side of the NAV must not count what it owes.
        if (banded && value.equity < 0) value.closeOutCost += uint256(-value.equity);
    }

    /// @dev The health factor less one: what the venue counts as collateral over the debt, less the debt itself, over the debt.
    function marginRatio(Prices calldata prices) external view settled returns (uint256) {
        return _marginRatio(prices.mid);
    }

    function _marginRatio(uint256[] calldata mids) private view returns (uint256) {
        uint256 debt;
        for (uint256 k; k < _markets.length; ++k) {
            uint256 mid = mids[_markets[k].assetIndex];
            debt += FixedPointMathLib.fullMulDivUp(_sizeUp(_markets[k]), mid, 1e18);
        }
        (, , , , , uint256 health) = _venue.getUserAccountData(address(this));
        if (debt > 0) {
            uint256 worth = FixedPointMathLib.fullMulDiv(
                _collateral(),
                mids[_settlementIndex],
                10 ** _settlementDecimals
            );
            health = FixedPointMathLib.min(health, FixedPointMathLib.fullMulDiv(worth, collateralWeight(), debt));
        }
        return health == type(uint256).max ? health : FixedPointMathLib.zeroFloorSub(health, 1e18);
    }

    /// @dev Borrowed tokens are traded in a pool whose price is not believed.
    function deviation(Order calldata order, Prices calldata prices) external view returns (uint256) {
        if (order.action != Action.Size) return 0;
        Borrowing memory market = _markets[_place(abi.decode(order.params, (Size)).market)];
        uint256 mid = prices.mid[market.assetIndex];
        if (mid == 0) return type(uint256).max;
        uint256 spot = FixedPointMathLib.fullMulDiv(_spot(market).price(), prices.mid[_settlementIndex], 1e18);
        return FixedPointMathLib.fullMulDivUp(FixedPointMathLib.dist(spot, mid), 1e18, mid);
    }

    /// @dev No market's price enters the value of a loan.
    function disagreement(Prices calldata) external pure returns (uint256) {
        return 0;
    }

    function isReduction(Order calldata order) external pure returns (bool) {
        if (order.action == Action.Margin) return abi.decode(order.params, (Margin)).amount > 0;
        return order.action == Action.Size && abi.decode(order.params, (Size)).size > 0;
    }

    function isHedge() external pure returns (bool) {
        return true;
    }

    function isEmpty() external view returns (bool) {
        for (uint256 k; k < _markets.length; ++k) {
            if (_debt(_markets[k]) > 0) return false;
        }
        return _cash() < DUST;
    }

    function venue() external pure returns (string memory) {
        return "aave-v3";
    }

    function lendingPool() external view returns (address) {
        return address(_venue);
    }

    function tradingPool(address market) external view returns (address) {
        return _markets[_place(market)].pool;
    }

    function quote(address market) external view settled returns (Quote memory quoted) {
        uint256 k = _place(market);
        if (_venue.isBorrowable(market) && _venue.isOpen(settlementToken)) return _spot(_markets[k]).quote();
    }

    function collateralWeight() public view returns (uint256) {
        return _venue.liquidationThreshold(settlementToken);
    }

    function markets() external view returns (Market[] memory all) {
        all = new Market[](_markets.length);
        for (uint256 k; k < all.length; ++k) {
            all[k] = Market({market: _markets[k].token, assetIndex: _markets[k].assetIndex});
        }
    }

    function cash() external view settled returns (int256) {
        return _cash();
    }

    function position(address market) external view settled returns (int256 size, int256 openNotional) {
        return (-_sizeUp(_markets[_place(market)]).toInt256(), 0);
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _place(address token) private view returns (uint256 k) {
        for (; k < _markets.length; ++k) {
            if (_markets[k].token == token) return k;
        }
        revert NotAMarket(token);
    }

    function _spot(Borrowing memory market) private view returns (UniswapV3Spot.Spot memory) {
        return
            UniswapV3Spot.Spot({
                pool: IUniswapV3Pool(market.pool),
                baseFirst: market.first,
                baseUnit: 10 ** market.decimals,
                quoteUnit: 10 ** _settlementDecimals
            });
    }

    function _collateral() private view returns (uint256) {
        return _collateralToken.balanceOf(address(this));
    }

    function _debt(Borrowing memory market) private view returns (uint256) {
        return IAaveBalance(market.debt).balanceOf(address(this));
    }

    function _sizeUp(Borrowing memory market) private view returns (uint256) {
        return FixedPointMathLib.fullMulDivUp(_debt(market), 1e18, 10 ** market.decimals);
    }

    function _cash() private view returns (int256) {
        return FixedPointMathLib.fullMulDiv(_collateral(), 1e18, 10 ** _settlementDecimals).toInt256();
    }
}
