// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {SafeCastLib} from "solady/src/utils/SafeCastLib.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {SqrtPriceMath} from "@uniswap/v4-core/src/libraries/SqrtPriceMath.sol";
import {IUniswapV3Pool} from "@uniswap/v3-core/contracts/interfaces/IUniswapV3Pool.sol";
import {IPerpBaseToken, IPerpVault} from "../../../../contracts/interfaces/venues/IPerpV2.sol";
import {cheats} from "../Cheats.sol";
import {Liquidity} from "../world/Liquidity.sol";
import {Hand} from "./Hand.sol";

/// @title Holders who leave in kind. What they are owed is reckoned here from the venues' own figures, and from no price of an oracle.
abstract contract Exiting is Hand {
    using SafeCastLib for uint256;

    /// @dev What the vault had when somebody left.
    /// @param part What the leaver had of it, 1e36
    /// @param pooled His part of the liquidity at the pool's price, with its fees, token units by asset
    /// @param cash Of the perp account, 1e18
    /// @param perp His part of it, less what the venue asks to close it, 1e18
    /// @param notional Of what is closed, 1e18
    struct Had {
        bool known;
        uint256 part;
        uint256[ASSETS] idle;
        uint256[ASSETS] pooled;
        uint128 position;
        int256 cash;
        int256 perp;
        uint256 notional;
        int256[2] sizes;
        int256[2] openNotionals;
    }

    /// @notice Leave with every feed as it is.
    function exit(uint256 who, uint256 part) external counted {
        if (_leave(_holder(who), part, false)) _did("exit");
    }

    /// @notice Leave with every feed dead.
    function exitBlind(uint256 who, uint256 part) external counted {
        if (_leave(_holder(who), part, true)) _did("exitBlind");
    }

    function _leave(address holder, uint256 part, bool blind) private returns (bool left) {
        uint256 owned = vault.balanceOf(holder) + vault.pendingRedeemRequest(0, holder);
        uint256 shares = FixedPointMathLib.fullMulDivUp(owned, _bound(part, 1e12, 1e18), 1e18);
        if (shares == 0) return false;
        _mendIndices();
        for (uint256 m; m < 2; ++m) world.quitMarket(m, address(perp));
        View memory was = _look();
        Had memory had = _had(shares);
        bool last = shares == vault.totalSupply() && vault.supplyWithFees() == shares;
        bool calm = _venueIsCalm() && _exceedsDust(was, shares);
        if (blind) world.darken();
        (bool paid, uint256[] memory got, bytes memory reason) = _exit(holder, shares, new address[](0));
        if (paid) {
            if (had.known) _checkPaid(had, got);
        } else {
            _checkRefusal(reason, calm);
            // Whatever the venue does, nobody is kept from the rest.
            if (!last) {
                address[] memory forfeit = new address[](1);
                forfeit[0] = address(perp);
                (bool out, , ) = _exit(holder, shares, forfeit);
                _require(out, "an exit that forfeits the perp leg", 0, 1);
                _did("exitForfeiting");
                // An account below zero is a debt that he leaves to the others.
                if (was.known && was.held.equity[1] < 0) was.known = false;
            }
        }
        if (blind) world.lighten();
        _requireNoDilution("an exit dilutes", was, _look());
        return paid;
    }

    function _exit(
        address holder,
        uint256 shares,
        address[] memory forfeit
    ) private returns (bool, uint256[] memory got, bytes memory) {
        uint256[] memory before = _balances(holder);
        cheats.prank(holder);
        try vault.exitInKind(shares, holder, holder, _zeros(), forfeit, block.timestamp) returns (
            uint256[] memory out
        ) {
            got = _balances(holder);
            for (uint256 k; k < ASSETS; ++k) {
                got[k] -= before[k];
                _require(got[k] == out[k], "an exit pays what it says", got[k], out[k]);
            }
            return (true, got, "");
        } catch (bytes memory reason) {
            return (false, got, reason);
        }
    }

    function _balances(address who) private view returns (uint256[] memory amounts) {
        amounts = new uint256[](ASSETS);
        for (uint256 k; k < ASSETS; ++k) amounts[k] = _token(k).balanceOf(who);
    }

    /// @dev Only the perp venue may keep a leaver from leaving, and not while all is well there.
    function _checkRefusal(bytes memory reason, bool calm) private view {
        bytes4 selector = bytes4(reason);
        address leg;
        assembly ("memory-safe") {
            leg := mload(add(reason, 0x24))
        }
        bool byVenue = selector == bytes4(keccak256("LegUnreachable(address,bytes)")) && leg == address(perp);
        bool byDebt = selector == bytes4(keccak256("ExitShortfall(address,int256)"));
        _require(byVenue || byDebt, "an exit is refused", uint256(uint32(selector)), 0);
        _require(!calm, "an exit is refused in calm", uint256(uint32(selector)), 0);
    }

    /// @dev What rounds to no unit of USDC may cost one to close.
    function _exceedsDust(View memory seen, uint256 shares) private pure returns (bool) {
        return FixedPointMathLib.fullMulDiv(shares, _shareValue(seen), 1e36) > DUST;
    }

    /// @dev Nothing stopped, margin above the venue's initial requirement, both markets near their index.
    function _venueIsCalm() private view returns (bool) {
        if (world.house().paused() || world.perpVault().paused()) return false;
        for (uint256 m; m < 2; ++m) {
            address base = world.bases(m);
            if (IPerpBaseToken(base).isClosed()) continue;
            if (!IPerpBaseToken(base).isOpen()) return false;
            if (world.exchange().getMaxTickCrossedWithinBlock(base) == 0) return false;
            uint256 index = world.perpIndex(m);
            uint256 price = world.perpPrice(m);
            if (index == 0 || FixedPointMathLib.dist(index, price) * 20 > index) return false;
        }
        try perp.marginRatio(world.prices()) returns (uint256 ratio) {
            return ratio > 0.15e18;
        } catch {
            return false;
        }
    }

    // ── What he is owed ──────────────────────────────────────────────────────────────────────────

    function _had(uint256 shares) private view returns (Had memory had) {
        uint256 supply = vault.supplyWithFees();
        had.part = FixedPointMathLib.fullMulDiv(shares, 1e36, shares == supply ? supply : supply + VIRTUAL);
        for (uint256 k; k < ASSETS; ++k) had.idle[k] = vault.idle(address(_token(k)));
        _pooled(had);
        try perp.cash() returns (int256 cash) {
            (had.cash, had.known) = (cash, true);
        } catch {
            return had;
        }
        had.perp = _share(had, had.cash);
        for (uint256 m; m < 2; ++m) _closed(had, m);
    }

    function _pooled(Had memory had) private view {
        (int24 lower, int24 upper, uint128 held) = liquidity.position();
        had.position = held;
        if (held == 0) return;
        (uint160 sqrtPrice, , , , , , ) = world.pool().slot0();
        uint128 his = uint128(_share(had, uint256(held)));
        (uint256 amount0, uint256 amount1) = Liquidity.amountsDown(sqrtPrice, lower, upper, his);
        (, , uint256 fees0, uint256 fees1) = liquidity.amounts(1e18, 1e18);
        had.pooled[world.k0()] = amount0 + _share(had, fees0);
        had.pooled[world.k1()] = amount1 + _share(had, fees1);
    }

    /// @dev The venue's own curve: what his base tokens cost at the market's liquidity, plus its fee.
    function _closed(Had memory had, uint256 m) private view {
        (had.sizes[m], had.openNotionals[m]) = perp.position(world.bases(m));
        if (had.sizes[m] >= 0) return;
        uint256 base = _share(had, uint256(-had.sizes[m]));
        IUniswapV3Pool pool = world.perpPools(m);
        (uint160 sqrtPrice, , , , , , ) = pool.slot0();
        uint128 depth = pool.liquidity();
        uint160 next = SqrtPriceMath.getNextSqrtPriceFromOutput(sqrtPrice, depth, base, false);
        uint256 quote = SqrtPriceMath.getAmount1Delta(sqrtPrice, next, depth, true);
        uint256 cost = (quote * 1000) / 999;
        had.notional += cost;
        had.perp += _share(had, had.openNotionals[m]) - cost.toInt256();
    }

    function _checkPaid(Had memory had, uint256[] memory got) private view {
        for (uint256 k; k < ASSETS; ++k) {
            uint256 own = _share(had, had.idle[k]) + had.pooled[k];
            // Rounded against him in each place, and the perp account pays in USDC.
            uint256 slack = 3;
            if (k == USDC) {
                slack += had.notional / 1e12 / 5_000 + 10;
                own = _withPerp(had, own, got[k]);
            }
            _require(got[k] <= own + slack, "a leaver is paid too much", got[k], own);
            _require(got[k] + slack >= own, "a leaver is paid too little", got[k], own);
        }
        // What stays is the others' part, untouched.
        (, , uint128 left) = liquidity.position();
        _require(
            left == had.position - uint128(_share(had, uint256(had.position))),
            "liquidity that stays",
            left,
            had.position
        );
        for (uint256 m; m < 2; ++m) {
            (int256 size, ) = perp.position(world.bases(m));
            int256 expected = had.sizes[m] + _share(had, uint256(-had.sizes[m])).toInt256();
            _require(_near(size, expected, 10), "a short that stays", uint256(-size), uint256(-expected));
        }
    }

    /// @dev The venue may not let all of it go: then nothing more is free.
    function _withPerp(Had memory had, uint256 own, uint256 got) private view returns (uint256) {
        int256 owed = FixedPointMathLib.rawSDiv(had.perp, 1e12);
        if (owed < 0) return own - FixedPointMathLib.min(own, uint256(-owed));
        uint256 all = own + uint256(owed);
        if (got < all) {
            uint256 free = IPerpVault(address(world.perpVault())).getFreeCollateralByToken(
                address(perp),
                address(_token(USDC))
            );
            if (free <= 1) return FixedPointMathLib.max(own, got);
        }
        return all;
    }

    function _share(Had memory had, uint256 amount) private pure returns (uint256) {
        return FixedPointMathLib.fullMulDiv(amount, had.part, 1e36);
    }

    function _share(Had memory had, int256 amount) private pure returns (int256) {
        uint256 size = _share(had, FixedPointMathLib.abs(amount));
        return amount < 0 ? -size.toInt256() : size.toInt256();
    }

    function _near(int256 a, int256 b, uint256 slack) private pure returns (bool) {
        return FixedPointMathLib.abs(a - b) <= slack;
    }
}
