// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {IRebalancer} from "../../../../contracts/interfaces/IRebalancer.sol";
import {Action, Burn, Margin, Mint, Order, Size, Swap} from "../../../../contracts/types/Plan.sol";
import {Prices} from "../../../../contracts/types/Prices.sol";
import {cheats} from "../Cheats.sol";
import {Liquidity} from "../world/Liquidity.sol";
import {Ruling} from "./Ruling.sol";

/// @title The keeper's key: with a thief, who sends whatever he likes, and with a keeper, who tends the vault. And strangers in their place.
abstract contract Planning is Ruling {
    /// @notice A thief: up to four orders of any kind, out of bounds now and then.
    function steal(uint256 seed, uint256 count) external counted {
        _waitForCooldown(seed);
        uint8[8] memory counts = [1, 1, 1, 1, 2, 2, 3, 4];
        Order[] memory orders = new Order[](counts[count % 8]);
        for (uint256 i; i < orders.length; ++i) orders[i] = _anyOrder(_mix(seed, bytes32(i)));
        if (_send(IRebalancer.Profile.Keeper, _without0(orders))) _did("steal");
    }

    /// @notice A thief who trades to and fro, plan after plan, as dear as he can, until he is refused.
    function drain(uint256 seed, uint256 part) external counted {
        part = _bound(part, 0.2e18, 1e18);
        for (uint256 i; i < 6; ++i) {
            _waitForCooldown(8);
            if (!_send(IRebalancer.Profile.Keeper, _without0(_toAndFro(_mix(seed, bytes32(i)), part)))) return;
            _did("drain");
        }
    }

    function _toAndFro(uint256 seed, uint256 part) private view returns (Order[] memory orders) {
        orders = new Order[](4);
        uint256 m = seed % 2;
        int256 size = int256(FixedPointMathLib.fullMulDiv(_shorts(m), part, 1e18));
        (orders[0], orders[1]) = (_sized(m, size), _sized(m, -size));
        bool zeroForOne = world.k0() == USDC;
        uint256 usdc = FixedPointMathLib.fullMulDiv(vault.idle(address(_token(USDC))), part, 1e18);
        if (usdc == 0) return orders;
        uint256 alt = (_tokens(ALT, _worth(USDC, usdc)) * 99) / 100;
        orders[2] = Order(address(liquidity), Action.Swap, abi.encode(Swap(zeroForOne, usdc)));
        orders[3] = Order(address(liquidity), Action.Swap, abi.encode(Swap(!zeroForOne, alt)));
    }

    /// @notice A thief who takes out what margin he may.
    function thin(uint256 seed, uint256 ratio) external counted {
        _waitForCooldown(seed);
        Prices memory prices = world.prices();
        uint256 notional;
        for (uint256 m; m < 2; ++m) notional += (_shorts(m) * world.perpWorth(m, prices.mid[ETH + m])) / 1e18;
        uint256 least = FixedPointMathLib.fullMulDiv(notional, _bound(ratio, 0.16e18, 0.3e18), 1e18) / 1e12;
        uint256 held = _freeMargin();
        if (held <= least) return;
        Order[] memory orders = new Order[](1);
        orders[0] = _marginOrder(-int256(held - least));
        if (_send(IRebalancer.Profile.Keeper, orders)) _did("thin");
    }

    /// @notice A keeper: shorts towards a part of what the vault has of ALT, margin for them.
    function tend(uint256 seed, uint256 ratio, uint256 split) external counted {
        _waitForCooldown(seed);
        View memory seen = _look();
        if (!seen.known || seen.held.exposure[ALT] <= 0) return;
        uint256 wanted = FixedPointMathLib.fullMulDiv(
            uint256(seen.held.exposure[ALT]),
            _bound(ratio, 0.1e18, 1e18),
            1e18
        );
        uint256 inEth = FixedPointMathLib.fullMulDiv(wanted, _bound(split, 0, 1e18), 1e18);
        Order[] memory orders = new Order[](3);
        orders[0] = _marginFor(wanted);
        orders[1] = _sized(0, _shorts(0), FixedPointMathLib.fullMulDiv(inEth, 1e18, seen.prices.mid[ETH]));
        orders[2] = _sized(1, _shorts(1), FixedPointMathLib.fullMulDiv(wanted - inEth, 1e18, seen.prices.mid[BTC]));
        if (_send(IRebalancer.Profile.Keeper, _without0(orders))) _did("tend");
    }

    /// @notice A keeper: the whole range burned, and another one minted.
    function shift(uint256 seed, uint256 width, uint256 aside) external counted {
        _waitForCooldown(seed);
        Order[] memory orders = new Order[](2);
        (, , uint128 held) = liquidity.position();
        orders[0] = Order(address(liquidity), Action.Burn, abi.encode(Burn(held)));
        orders[1] = _mintOf(_bound(width, 600, 8_000), int256(_bound(aside, 0, 400)) - 200, 0.9e18, true);
        if (_send(IRebalancer.Profile.Keeper, _without0(orders))) _did("shift");
    }

    function fundMargin(uint256 part) external counted {
        uint256 idle = vault.idle(address(_token(USDC)));
        Order[] memory orders = new Order[](1);
        orders[0] = _marginOrder(int256(FixedPointMathLib.fullMulDiv(idle, _bound(part, 1e12, 1e18), 1e18)));
        if (_send(IRebalancer.Profile.Keeper, _without0(orders))) _did("fundMargin");
    }

    /// @notice While it is not asked for anything but reductions.
    function reduce(uint256 seed, uint256 part) external counted {
        _waitForCooldown(seed);
        Order[] memory orders = new Order[](2);
        orders[0] = _burnOf(_bound(part, 0.01e18, 1e18));
        orders[1] = _sized(seed % 2, int256(FixedPointMathLib.fullMulDiv(_shorts(seed % 2), part % 0.12e18, 1e18)));
        if (_send(IRebalancer.Profile.Keeper, _without0(orders))) _did("reduce");
    }

    function heartbeat() external counted {
        cheats.prank(world.KEEPER());
        rebalancer.heartbeat();
        _require(rebalancer.lastSign() == block.timestamp, "a heartbeat", rebalancer.lastSign(), block.timestamp);
        _did("heartbeat");
    }

    // ── Strangers ────────────────────────────────────────────────────────────────────────────────

    function raiseAlarm() external counted {
        cheats.prank(STRANGER);
        try rebalancer.raiseAlarm() {
            _did("raiseAlarm");
        } catch {}
    }

    function clearAlarm() external counted {
        cheats.prank(STRANGER);
        try rebalancer.clearAlarm() {
            _did("clearAlarm");
        } catch {}
    }

    function hedge(uint256 m, uint256 part, bool more) external counted {
        m = m % 2;
        uint256 from = rebalancer.alarmAt() + rebalancer.publicLimits().grace;
        if (rebalancer.alarmAt() != 0 && block.timestamp < from) world.pass(from - block.timestamp);
        // A step is a tenth of NAV in each asset.
        View memory seen = _look();
        if (!seen.known || seen.held.nav <= 0) return;
        uint256 usd = FixedPointMathLib.fullMulDiv(uint256(seen.held.nav) / 10, _bound(part, 0.05e18, 1e18), 1e18);
        int256 size = int256(FixedPointMathLib.fullMulDiv(usd, 1e18, seen.prices.mid[ETH + m]));
        Order[] memory orders = new Order[](1);
        orders[0] = _sized(m, more ? -size : size);
        if (_send(IRebalancer.Profile.Hedge, _without0(orders))) _did("hedge");
    }

    /// @param kind Bits: burn, margin, reduction; and whether the keeper was silent before
    function deleverage(uint256 kind, uint256 burnt, uint256 added, uint256 m, uint256 taken) external counted {
        if (kind & 8 != 0) world.pass(rebalancer.publicLimits().maxSilence + 1);
        Order[] memory orders = new Order[](3);
        uint256 idle = vault.idle(address(_token(USDC)));
        if (kind & 1 != 0) orders[0] = _burnOf(_bound(burnt, 0.02e18, 0.25e18));
        if (kind & 2 != 0) {
            orders[1] = _marginOrder(int256(FixedPointMathLib.fullMulDiv(idle, _bound(added, 1e15, 1e18), 1e18)));
        }
        if (kind & 4 != 0) {
            uint256 part = _bound(taken, 0.05e18, 0.4e18);
            orders[2] = _sized(m % 2, int256(FixedPointMathLib.fullMulDiv(_shorts(m % 2), part, 1e18)));
        }
        if (_send(IRebalancer.Profile.Deleverage, _without0(orders))) _did("deleverage");
    }

    // ── Orders ───────────────────────────────────────────────────────────────────────────────────

    function _anyOrder(uint256 seed) private view returns (Order memory) {
        uint256 kind = seed % 8;
        uint256 part = _bound(_mix(seed, "part"), 0.001e18, 1.02e18);
        if (kind == 0) {
            bool same = _mix(seed, "same") % 4 != 0;
            return
                _mintOf(
                    _bound(_mix(seed, "width"), 120, 8_000),
                    int256(_mix(seed, "shift") % 4_000) - 2_000,
                    part,
                    !same
                );
        }
        if (kind == 1) return _burnOf(part);
        if (kind <= 3) {
            bool zeroForOne = seed & 16 == 0;
            uint256 k = zeroForOne ? world.k0() : world.k1();
            uint256 amount = FixedPointMathLib.fullMulDiv(vault.idle(address(_token(k))), part, 1e18);
            return Order(address(liquidity), Action.Swap, abi.encode(Swap(zeroForOne, amount)));
        }
        if (kind <= 5) {
            uint256 m = seed & 16 == 0 ? 0 : 1;
            if (kind == 5) return _sized(m, int256(FixedPointMathLib.fullMulDiv(_shorts(m), part, 1e18)));
            uint256 usd = FixedPointMathLib.fullMulDiv(60_000e18, part, 1e18);
            return _sized(m, -int256(FixedPointMathLib.fullMulDiv(usd, 1e18, uint256(world.answers(ETH + m)) * 1e10)));
        }
        if (kind == 6) return _marginOrder(-int256(FixedPointMathLib.fullMulDiv(_freeMargin(), part, 1e18)));
        uint256 idle = vault.idle(address(_token(USDC)));
        return _marginOrder(int256(FixedPointMathLib.fullMulDiv(idle, part / 2, 1e18)));
    }

    /// @param anew False for more of the range that is held
    function _mintOf(uint256 width, int256 aside, uint256 part, bool anew) private view returns (Order memory) {
        (int24 lower, int24 upper, uint128 held) = liquidity.position();
        (uint160 sqrtPrice, , , , , , ) = world.pool().slot0();
        uint256[2] memory idle;
        (idle[0], idle[1]) = (_idleWith(world.k0(), 0, anew), _idleWith(world.k1(), 1, anew));
        if (anew || held == 0) {
            (lower, upper) = Liquidity.range(sqrtPrice, int24(int256(width)), int24(aside));
        }
        uint128 most = Liquidity.most(sqrtPrice, lower, upper, idle[0], idle[1]);
        uint128 liquidity_ = uint128(FixedPointMathLib.fullMulDiv(most, part, 1e18));
        return Order(address(liquidity), Action.Mint, abi.encode(Mint(lower, upper, liquidity_)));
    }

    /// @dev Idle tokens, with those of the present range if that is burned before.
    function _idleWith(uint256 k, uint256 side, bool burned) private view returns (uint256 amount) {
        amount = vault.idle(address(_token(k)));
        (int24 lower, int24 upper, uint128 held) = liquidity.position();
        if (!burned || held == 0) return amount;
        (uint160 sqrtPrice, , , , , , ) = world.pool().slot0();
        (uint256 amount0, uint256 amount1) = Liquidity.amountsDown(sqrtPrice, lower, upper, held);
        amount += side == 0 ? amount0 : amount1;
    }

    function _burnOf(uint256 part) private view returns (Order memory order) {
        (, , uint128 held) = liquidity.position();
        uint128 burnt = uint128(FixedPointMathLib.fullMulDiv(held, part, 1e18));
        if (burnt > 0) order = Order(address(liquidity), Action.Burn, abi.encode(Burn(burnt)));
    }

    function _sized(uint256 m, int256 size) private view returns (Order memory order) {
        if (size != 0) order = Order(address(perp), Action.Size, abi.encode(Size(world.bases(m), size)));
    }

    /// @dev From a short to another; nothing where they are near.
    function _sized(uint256 m, uint256 from, uint256 to) private view returns (Order memory order) {
        if (FixedPointMathLib.dist(from, to) * 50 > from + to) order = _sized(m, int256(from) - int256(to));
    }

    function _marginOrder(int256 amount) private view returns (Order memory order) {
        if (amount != 0) order = Order(address(perp), Action.Margin, abi.encode(Margin(amount)));
    }

    /// @dev Up to two fifths of the shorts that are wanted, as far as there is cash.
    function _marginFor(uint256 usd) private view returns (Order memory) {
        uint256 wanted = (usd * 2) / 5 / 1e12;
        uint256 held = _freeMargin();
        if (held >= wanted) return _marginOrder(0);
        uint256 idle = vault.idle(address(_token(USDC)));
        return _marginOrder(int256(FixedPointMathLib.min(wanted - held, (idle * 9) / 10)));
    }

    /// @dev Money at the venue, USDC.
    function _freeMargin() private view returns (uint256) {
        try perp.cash() returns (int256 cash) {
            return cash > 0 ? uint256(cash) / 1e12 : 0;
        } catch {
            return 0;
        }
    }

    function _shorts(uint256 m) internal view returns (uint256) {
        (int256 size, ) = perp.position(world.bases(m));
        return FixedPointMathLib.abs(size);
    }

    /// @dev Without the empty ones.
    function _without0(Order[] memory given) private pure returns (Order[] memory orders) {
        uint256 count;
        for (uint256 i; i < given.length; ++i) if (given[i].leg != address(0)) ++count;
        orders = new Order[](count);
        for (uint256 i = given.length; i > 0; --i) if (given[i - 1].leg != address(0)) orders[--count] = given[i - 1];
    }

    /// @dev Most plans are sent when they may be.
    function _waitForCooldown(uint256 seed) private {
        (uint256 ready, ) = rebalancer.readyAt();
        if (block.timestamp >= ready || seed % 8 == 0) return;
        world.pass(ready - block.timestamp);
    }
}
