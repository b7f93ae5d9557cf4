// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {cheats} from "../Cheats.sol";
import {Hand} from "./Hand.sol";

/// @title The rest of the market: prices, traders, time, gifts.
abstract contract Trading is Hand {
    /// @notice An hour or so: prices move a little, and every venue follows.
    function drift(uint256 seed, uint256 time) external counted {
        world.pass(_bound(time, 60, 3 hours));
        for (uint256 k = ALT; k < ASSETS; ++k) _movePrice(k, _mix(seed, bytes32(k)), 200);
        world.reportAll();
        _arbitrage();
        _did("drift");
    }

    /// @notice A feed jumps, and no venue knows it yet.
    function jump(uint256 which, uint256 seed) external counted {
        uint256 k = ALT + (which % 3);
        _movePrice(k, seed, 2_500);
        world.report(k, world.answers(k));
        _did("jump");
    }

    /// @notice The stable leaves its peg, inside its band or beyond, or comes back.
    function depeg(uint256 seed) external counted {
        world.report(USDC, seed % 3 == 0 ? int256(1e8) : int256(_bound(seed, 0.97e8, 1.03e8)));
        _did("depeg");
    }

    /// @notice Every venue at the feeds' prices, and long enough for the pools' averages to follow.
    function arbitrage() external counted {
        _arbitrage();
        world.pass(901);
        _did("arbitrage");
    }

    function tradePool(uint256 tilt) external counted {
        world.movePool(_bound(tilt, 0.95e18, 1.05e18));
        _did("tradePool");
    }

    /// @notice Traders in both directions: fees for whoever provides liquidity.
    function tradeThrough(uint256 tilt) external counted {
        (uint160 sqrtPrice, , , , , , ) = world.pool().slot0();
        tilt = _bound(tilt, 0.97e18, 1.03e18);
        world.movePool(tilt);
        uint256 fair = world.sqrtPriceAt(1e18);
        uint256 root = FixedPointMathLib.fullMulDiv(sqrtPrice, 1e18, fair);
        world.movePool(FixedPointMathLib.fullMulDiv(root, root, 1e18));
        _did("tradeThrough");
    }

    function tradePerp(uint256 m, uint256 tilt) external counted {
        if (world.movePerp(m % 2, _bound(tilt, 0.93e18, 1.07e18))) _did("tradePerp");
    }

    /// @notice Time, in which every feed goes on.
    function wait(uint256 time) external counted {
        world.pass(_bound(time, 1, 12 hours));
        _did("wait");
    }

    /// @notice Time, in which no feed says anything.
    function silence(uint256 time) external counted {
        cheats.warp(block.timestamp + _bound(time, 1, 3 hours));
        _did("silence");
    }

    function poke() external counted {
        try world.poke() returns (uint256 folded) {
            if (folded > 0) _did("poke");
        } catch {}
    }

    function accrueFees() external counted {
        uint256 others = vault.totalSupply() - vault.balanceOf(world.FEES());
        cheats.prank(STRANGER);
        try vault.accrueFees() {
            uint256 now_ = vault.totalSupply() - vault.balanceOf(world.FEES());
            _require(now_ == others, "fees are minted to their recipient", now_, others);
            _did("accrueFees");
        } catch {}
    }

    // ── Gifts ────────────────────────────────────────────────────────────────────────────────────

    /// @notice Tokens sent to where the system is: no price of a share moves, not by a unit.
    function giveTokens(uint256 which, uint256 to, uint256 usd) external counted {
        address[4] memory places = [address(vault), address(liquidity), address(perp), address(rebalancer)];
        uint256 k = which % ASSETS;
        bytes32 was = _figures();
        world.fund(places[to % 4], k, _tokens(k, _bound(usd, 1e12, 50_000e18)));
        _require(_figures() == was, "a gift of tokens moves a price", k, to % 4);
        _did("giveTokens");
    }

    /// @notice Liquidity minted in the leg's name: the same.
    function giveLiquidity(uint256 seed, bool sameRange) external counted {
        (int24 lower, int24 upper, ) = liquidity.position();
        if (!sameRange || lower == upper) (lower, upper) = (-6_000 - int24(int256(seed % 50)) * 60, 6_000);
        bytes32 was = _figures();
        world.giveLiquidity(address(liquidity), lower, upper, uint128(_bound(seed, 1, 1e16)));
        _require(_figures() == was, "a gift of liquidity moves a price", seed, 0);
        _did("giveLiquidity");
    }

    /// @notice Margin for the leg's account: every holder's, and nobody's loss.
    function giveMargin(uint256 usd) external counted {
        View memory was = _look();
        uint256 amount = _bound(usd, 1, 3_000e6);
        try world.depositForPerp(address(perp), amount) {
            View memory is_ = _look();
            if (was.known && is_.known) {
                _require(is_.held.nav >= was.held.nav, "a gift of margin lowers the NAV", amount, 0);
            }
            _did("giveMargin");
        } catch {}
    }

    /// @dev All that tells what a share is worth.
    function _figures() private view returns (bytes32) {
        (bool ok, bytes memory answer) = address(vault).staticcall(abi.encodeCall(vault.nav, ()));
        bytes memory figures = abi.encode(ok, ok ? answer : bytes(""), vault.totalSupply(), vault.supplyWithFees());
        (ok, answer) = address(vault).staticcall(abi.encodeCall(vault.convertToAssets, (1e18)));
        figures = abi.encode(figures, ok, ok ? answer : bytes(""));
        (ok, answer) = address(vault).staticcall(abi.encodeCall(vault.previewDeposit, (1e6)));
        return keccak256(abi.encode(figures, ok, ok ? answer : bytes("")));
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    /// @param most Ten-thousandths
    function _movePrice(uint256 k, uint256 seed, uint256 most) internal {
        int256 by = int256(seed % (2 * most + 1)) - int256(most);
        int256 price = (world.answers(k) * (10_000 + by)) / 10_000;
        int256 first =
            k == ALT
                ? int256(10e8)
                : k == ETH
                    ? int256(2_000e8)
                    : int256(30_000e8);
        // Within a factor of four, so that positions stay comparable.
        if (price < first / 4) price = first / 4;
        if (price > first * 4) price = first * 4;
        world.setAnswer(k, price);
    }

    function _arbitrage() internal {
        // The venue takes no note of a second round in one second.
        world.pass(1);
        world.movePool(1e18);
        for (uint256 m; m < 2; ++m) world.walkPerp(m, 1e18);
    }
}
