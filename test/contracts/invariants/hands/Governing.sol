// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Authority} from "../../../../contracts/access/Authority.sol";
import {IHedgeVault} from "../../../../contracts/interfaces/IHedgeVault.sol";
import {IRebalancer} from "../../../../contracts/interfaces/IRebalancer.sol";
import {Mode} from "../../../../contracts/types/Mode.sol";
import {cheats} from "../Cheats.sol";
import {Ruling} from "./Ruling.sol";

/// @title Those who may change the rules: a guardian at once and one way only, an administrator after his delay.
abstract contract Governing is Ruling {
    /// @dev The mode below which the vault cannot be: it only rises, but by what an administrator announced.
    Mode public strictest;

    function tighten(uint256 mode, uint256 dice) external counted {
        Mode to = Mode(1 + (mode % 3));
        // Closed is for good.
        if (to == Mode.Closed && dice % 8 != 0) return;
        Mode was = vault.mode();
        cheats.prank(world.GUARDIAN());
        try vault.tighten(to) {
            _require(to > was && vault.mode() == to, "a guardian loosens", uint256(vault.mode()), uint256(was));
            _did("tighten");
        } catch {}
    }

    /// @notice Announced, two days later done; what was tried before is refused.
    function loosen(uint256 mode, bool tooSoon) external counted {
        Mode to = Mode(mode % 2);
        bool closed = vault.mode() == Mode.Closed;
        bool done = _byAdmin(address(vault), abi.encodeCall(IHedgeVault.setMode, (to)), tooSoon);
        _require(!(done && closed), "Closed is left", uint256(to), uint256(Mode.Closed));
        if (!done) return;
        strictest = to;
        _did("loosen");
    }

    function changeLimits(uint256 seed) external counted {
        IRebalancer.Limits memory limits = rebalancer.limits();
        limits.lossBudget = uint64(_bound(_mix(seed, "loss"), 0.005e18, 0.03e18));
        limits.maxGross = uint64(_bound(_mix(seed, "gross"), 0.5e18, 2.5e18));
        limits.maxVenue = uint64(_bound(_mix(seed, "venue"), 0.3e18, 0.8e18));
        limits.minMarginRatio = uint64(_bound(_mix(seed, "margin"), 0.15e18, 0.3e18));
        limits.minHedge = uint64(_bound(_mix(seed, "hedge"), 0, 0.3e18));
        limits.maxVolatility = uint64(_bound(_mix(seed, "volatility"), 0.3e18, 1e18));
        limits.minRangeWidth = uint24(_bound(_mix(seed, "width"), 120, 1_200));
        if (_byAdmin(address(rebalancer), abi.encodeCall(IRebalancer.setLimits, (limits)), false)) {
            _noteBudgets();
            _did("changeLimits");
        }
    }

    function changeSettings(uint256 seed) external counted {
        IHedgeVault.Settings memory settings = vault.settings();
        settings.managementFee = uint64(_bound(_mix(seed, "management"), 0, 0.05e18));
        settings.performanceFee = uint64(_bound(_mix(seed, "performance"), 0, 0.3e18));
        settings.minCash = uint64(_bound(_mix(seed, "cash"), 0, 0.2e18));
        settings.maxWait = uint32(_bound(_mix(seed, "wait"), 1 hours, 14 days));
        if (_byAdmin(address(vault), abi.encodeCall(IHedgeVault.setSettings, (settings)), false))
            _did("changeSettings");
    }

    /// @notice Nobody else, and nobody at once.
    function intrude(uint256 who, uint256 what) external counted {
        address[5] memory others = [world.KEEPER(), world.GUARDIAN(), STRANGER, world.ADMIN(), holders[0]];
        address intruder = others[who % 5];
        bytes[4] memory wishes = [
            abi.encodeCall(IHedgeVault.setMode, (Mode.Normal)),
            abi.encodeWithSignature("setRebalancer(address)", intruder),
            abi.encodeWithSignature("addLeg(address)", intruder),
            abi.encodeCall(IHedgeVault.setSettings, (vault.settings()))
        ];
        cheats.prank(intruder);
        (bool ok, ) = address(vault).call(wishes[what % 4]);
        _require(!ok, "somebody changes the rules at once", who % 5, what % 4);
        _did("intrude");
    }

    /// @dev A snapshot of modes, after every call.
    function checkMode() external {
        Mode now_ = vault.mode();
        _require(now_ >= strictest, "the mode moves left", uint256(now_), uint256(strictest));
        strictest = now_;
    }

    /// @dev The feeds go on in the meantime.
    function _byAdmin(address target, bytes memory data, bool tooSoon) private returns (bool done) {
        (Authority authority, address admin) = (world.authority(), world.ADMIN());
        uint48 when = uint48(block.timestamp + authority.MIN_ADMIN_DELAY());
        cheats.prank(admin);
        authority.schedule(target, data, when);
        world.pass(tooSoon ? 2 days - 1 : 2 days);
        try world.poke() returns (uint256) {} catch {}
        cheats.prank(admin);
        try authority.execute(target, data) returns (uint32) {
            done = true;
        } catch {
            cheats.prank(admin);
            authority.cancel(admin, target, data);
        }
        _require(!(done && tooSoon), "an administrator does not wait", block.timestamp, when);
    }
}
