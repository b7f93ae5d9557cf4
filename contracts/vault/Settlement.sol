// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {IRebalancer} from "../interfaces/IRebalancer.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {VIRTUAL_SHARES} from "../types/Virtual.sol";
import {Agreement} from "./Agreement.sol";
import {Escrow} from "./Escrow.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";
import {Queue} from "./Queue.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title One settlement of the queue: what is due is priced and filled as far as the cash goes.
///
/// @dev PRICE. A share is worth (NAV − half) / supply, the low side of the band, so that those who stay lose nothing by a feed that lags. Tokens are
/// paid at their mid price. Both are rounded down.
///
/// A band that is wider than `Nav.WIDEST_BAND` stops it: else whoever pushes a venue's market before he calls would take from the leavers what
/// the band then charges them. The wait ends with the push; until then a request can be cancelled and its shares leave in kind.
///
/// WAITING. Nothing is settled at a bad price, at one that a pool contradicts, or while the band is wide: the difference would be somebody's loss.
///
/// CASH. Idle settlement tokens, less what leaves `minCash` of the NAV that remains. The rest of the queue waits, and shares the vault's losses.
///
/// WHO. The keeper, by which any account is meant that may send plans now; and anybody, once the queue waited for `maxWait`: no setting of the
/// authority can stop that. The caller chooses the moment and nothing else.
library Settlement {
    using Fixed for uint256[];
    using Ledger for Ledger.State;
    using Queue for Queue.State;

    /// @notice An asset is material if the vault's exposure to it is above this part of NAV, 1e18 = 100%.
    uint256 internal constant MATERIAL = 0.01e18;

    /// @param shares Filled
    /// @param assets Reserved for them, settlement tokens
    /// @param navBefore NAV before, USD, 1e18
    /// @param half Half-width of its band, USD, 1e18
    /// @param navAfter NAV after, USD, 1e18
    /// @param prices What it was priced with
    struct Outcome {
        uint256 shares;
        uint256 assets;
        int256 navBefore;
        uint256 half;
        int256 navAfter;
        Prices prices;
    }

    /// @dev Idle settlement tokens, and what they are worth, USD, 1e18.
    struct Cash {
        address token;
        uint256 price;
        uint256 unit;
        uint256 idle;
        uint256 value;
    }

    /// @dev Runs in the vault, under its lock.
    function settle(
        Queue.State storage queue,
        Ledger.State storage ledger,
        Nav.State storage nav
    ) external returns (Outcome memory done) {
        IHedgeVault.Settings memory settings = _vault().settings();
        _checkCaller(queue.sealedBatch.since, settings.maxWait);
        uint256[] memory made = Fixed.load();
        done.prices = made.snapshot(type(uint256).max);
        require(done.prices.ok, VaultBase.BadPrice());
        Agreement.requireWithin(nav, done.prices, settings.depositBand);
        Portfolio memory held = _vault().measure(done.prices);
        require(held.nav > 0, VaultBase.NoValue(held.nav));
        Nav.requireNarrow(held);
        (done.navBefore, done.half) = (held.nav, held.half);

        queue.advance(_pricedAt(made, held));
        _fill(queue, ledger, made, settings.minCash, done);
        uint256 due = queue.due;
        uint256 waiting = queue.total() - due;
        emit IRedeemQueue.Settled(msg.sender, done.shares, done.assets, held.nav, held.half, due, waiting);
    }

    function _checkCaller(uint256 since, uint256 maxWait) private view {
        uint256 openFrom = since + maxWait;
        if (since > 0 && block.timestamp > openFrom) return;
        (bool isKeeper, ) = IAccessManager(IAccessManaged(address(this)).authority()).canCall(
            msg.sender,
            _vault().rebalancer(),
            IRebalancer.rebalance.selector
        );
        require(isKeeper, IRedeemQueue.SettleTooEarly(block.timestamp, openFrom));
    }

    /// @dev Time of the oldest round among the assets that matter.
    function _pricedAt(uint256[] memory made, Portfolio memory held) private view returns (uint256 oldest) {
        IPriceOracle oracle = IPriceOracle(made.priceOracle());
        uint256 least = FixedPointMathLib.fullMulDiv(uint256(held.nav), MATERIAL, 1e18);
        oldest = block.timestamp;
        for (uint256 i; i < held.exposure.length; ++i) {
            if (FixedPointMathLib.abs(held.exposure[i]) <= least) continue;
            oldest = FixedPointMathLib.min(oldest, oracle.updatedAt(made.asset(i)));
        }
    }

    /// @dev Sets `shares`, `assets` and `navAfter`.
    function _fill(
        Queue.State storage queue,
        Ledger.State storage ledger,
        uint256[] memory made,
        uint256 minCash,
        Outcome memory done
    ) private {
        Cash memory cash = _cash(ledger, made, done.prices);
        uint256 low = uint256(done.navBefore) - done.half + VIRTUAL_SHARES;
        uint256 supply = IERC20(address(this)).totalSupply() + VIRTUAL_SHARES;

        uint256 spare = _spareDown(cash.value, uint256(done.navBefore), minCash);
        done.shares = FixedPointMathLib.min(queue.due, FixedPointMathLib.fullMulDiv(spare, supply, low));
        uint256 worth = FixedPointMathLib.fullMulDiv(done.shares, low, supply);
        done.assets = FixedPointMathLib.fullMulDiv(worth, cash.unit, cash.price);
        if (done.shares > 0) {
            ledger.reserve(cash.token, done.assets);
            queue.fill(done.shares, done.assets);
            Escrow.burn(done.shares);
        }
        uint256 left = Nav.valueDown(cash.idle - done.assets, cash.price, cash.unit);
        done.navAfter = done.navBefore + int256(left) - int256(cash.value);
    }

    /// @dev Most that can be paid: `minCash` of the NAV after it stays. USD.
    function _spareDown(uint256 idle, uint256 nav, uint256 minCash) private pure returns (uint256) {
        uint256 least = FixedPointMathLib.fullMulDivUp(nav, minCash, 1e18);
        if (minCash >= 1e18 || idle <= least) return 0;
        return FixedPointMathLib.min(idle, FixedPointMathLib.fullMulDiv(idle - least, 1e18, 1e18 - minCash));
    }

    function _cash(
        Ledger.State storage ledger,
        uint256[] memory made,
        Prices memory prices
    ) private view returns (Cash memory cash) {
        uint256 k = made.settlement();
        cash.token = made.asset(k);
        cash.price = prices.mid[k];
        cash.unit = made.unit(k);
        cash.idle = ledger.idle(cash.token);
        cash.value = Nav.valueDown(cash.idle, cash.price, cash.unit);
    }

    /// @dev A library runs at the vault's address.
    function _vault() private view returns (IHedgeVault) {
        return IHedgeVault(address(this));
    }
}
