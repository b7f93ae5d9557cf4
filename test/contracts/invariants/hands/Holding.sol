// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Mode} from "../../../../contracts/types/Mode.sol";
import {cheats} from "../Cheats.sol";
import {Hand} from "./Hand.sol";

/// @title Holders who come, wait, claim and pass shares on. What must always work is not tried but called: if it reverts, the invariant is broken.
abstract contract Holding is Hand {
    /// @dev When the shares that a controller has waiting began to wait; those who asked twice are counted from the last time.
    mapping(address controller => uint256) internal _askedAt;
    mapping(address controller => bool) internal _askedOnce;

    function deposit(uint256 who, uint256 which, uint256 usd) external counted {
        address holder = _holder(who);
        uint256 k = which % ASSETS;
        address token = address(_token(k));
        usd = _bound(usd, 1e14, 8_000e18);
        uint256 amount = _tokens(k, usd);
        View memory was = _look();
        _fundAndApprove(holder, k, amount);
        cheats.prank(holder);
        try vault.deposit(token, amount, 0, holder, block.timestamp) returns (uint256 shares) {
            _checkDeposit(was, shares, _worth(k, amount));
            _did("deposit");
        } catch {}
    }

    function depositBasket(uint256 who, uint256[ASSETS] calldata usd) external counted {
        address holder = _holder(who);
        address[] memory given = vault.assets();
        uint256[] memory amounts = new uint256[](ASSETS);
        for (uint256 k; k < ASSETS; ++k) {
            amounts[k] = _tokens(k, _bound(usd[k], 0, 4_000e18));
            _fundAndApprove(holder, k, amounts[k]);
        }
        View memory was = _look();
        cheats.prank(holder);
        try vault.depositBasket(given, amounts, 0, holder, block.timestamp) returns (uint256 shares) {
            _checkDeposit(was, shares, _worth(amounts));
            _did("depositBasket");
        } catch {}
    }

    function _checkDeposit(View memory was, uint256 shares, uint256 paid) private view {
        _require(vault.mode() == Mode.Normal, "deposit in a stricter mode", uint256(vault.mode()), 0);
        _require(was.good, "deposit at a bad price", 0, 1);
        View memory is_ = _look();
        _requireNoDilution("a deposit dilutes", was, is_);
        uint256 got = FixedPointMathLib.fullMulDiv(shares, _shareValue(is_), 1e36);
        _require(_atMost(got, paid), "a deposit gains", got, paid);
    }

    function pass(uint256 from, uint256 to, uint256 part) external counted {
        address giver = _holder(from);
        uint256 shares = FixedPointMathLib.fullMulDiv(vault.balanceOf(giver), _bound(part, 0, 1e18), 1e18);
        cheats.prank(giver);
        vault.transfer(_holder(to), shares);
        if (shares > 0) _did("transfer");
    }

    function requestRedeem(uint256 who, uint256 to, uint256 part) external counted {
        (address owner, address controller) = (_holder(who), _holder(to));
        uint256 shares = FixedPointMathLib.fullMulDiv(vault.balanceOf(owner), _bound(part, 1, 0.6e18), 1e18);
        if (shares == 0) return;
        _askedOnce[controller] = vault.pendingRedeemRequest(0, controller) == 0;
        _askedAt[controller] = block.timestamp;
        cheats.prank(owner);
        vault.requestRedeem(shares, controller, owner);
        _did("requestRedeem");
    }

    function cancel(uint256 who, uint256 part) external counted {
        address controller = _holder(who);
        uint256 pending = vault.pendingRedeemRequest(0, controller);
        uint256 shares = FixedPointMathLib.fullMulDivUp(pending, _bound(part, 1, 1e18), 1e18);
        if (shares == 0) return;
        uint256 before = vault.balanceOf(controller);
        cheats.prank(controller);
        vault.cancelRedeemRequest(shares, controller, controller);
        uint256 back = vault.balanceOf(controller) - before;
        _require(back == shares, "a cancelled request comes back", back, shares);
        _did("cancel");
    }

    function claim(uint256 who, uint256 part, bool byAssets) external counted {
        address controller = _holder(who);
        uint256 most = byAssets ? vault.maxWithdraw(controller) : vault.maxRedeem(controller);
        uint256 amount = FixedPointMathLib.fullMulDivUp(most, _bound(part, 1, 1e18), 1e18);
        if (amount == 0) return;
        (uint256 before, uint256 reserved) = (_token(USDC).balanceOf(controller), vault.reserved());
        cheats.prank(controller);
        uint256 paid = amount;
        if (byAssets) vault.withdraw(amount, controller, controller);
        else paid = vault.redeem(amount, controller, controller);
        uint256 got = _token(USDC).balanceOf(controller) - before;
        _require(got == paid && reserved - vault.reserved() == paid, "a claim is paid from the reserve", got, paid);
        _did("claim");
    }

    /// @param later New rounds first, so that what waits can be priced
    function settle(bool asKeeper, bool later) external counted {
        if (later) world.pass(60);
        _settle(asKeeper);
    }

    /// @notice Nobody settles for as long as the queue may wait; then anybody does.
    function settleInPublic() external counted {
        (, uint256 since) = vault.waiting();
        if (since == 0) return;
        uint256 openFrom = since + vault.settings().maxWait + 1;
        if (block.timestamp < openFrom) world.pass(openFrom - block.timestamp);
        _settle(false);
    }

    function _settle(bool asKeeper) internal returns (bool settled) {
        (, uint256 since) = vault.waiting();
        View memory was = _look();
        uint256[4] memory filledBefore = _filled();
        uint256 reserved = vault.reserved();
        cheats.prank(asKeeper ? world.KEEPER() : STRANGER);
        try vault.settle() returns (uint256 shares, uint256 assets) {
            settled = true;
            uint256 openFrom = since + vault.settings().maxWait;
            bool waited = since > 0 && block.timestamp > openFrom;
            _require(asKeeper || waited, "settled by a stranger too early", block.timestamp, openFrom);
            _require(was.good && was.known, "settled at a bad price", 0, 1);
            _require(vault.reserved() == reserved + assets, "a settlement is reserved", vault.reserved(), assets);
            View memory is_ = _look();
            _requireNoDilution("a settlement dilutes", was, is_);
            uint256 least = uint256(was.held.nav) - was.held.half + VIRTUAL;
            uint256 fair = FixedPointMathLib.fullMulDiv(least, shares, was.supply + VIRTUAL);
            uint256 paid = _worth(USDC, assets);
            _require(_atMost(paid, fair), "a settlement pays above the low side", paid, fair);
            _require(_atMost(fair, paid + 1e12), "a settlement pays below the low side", paid, fair);
            _checkFilled(filledBefore);
            if (shares > 0) _did("settle");
            if (!asKeeper) _did("settleInPublic");
        } catch {}
    }

    function _filled() private view returns (uint256[4] memory shares) {
        for (uint256 i; i < 4; ++i) shares[i] = vault.claimableRedeemRequest(0, holders[i]);
    }

    /// @dev Nobody asked knowing the price that he gets.
    function _checkFilled(uint256[4] memory before) private view {
        uint256 newest;
        for (uint256 k; k < ASSETS; ++k) {
            uint256 at = world.priceOracle().updatedAt(address(_token(k)));
            if (at > newest) newest = at;
        }
        for (uint256 i; i < 4; ++i) {
            address controller = holders[i];
            if (!_askedOnce[controller] || _askedAt[controller] < newest) continue;
            uint256 filled = vault.claimableRedeemRequest(0, controller);
            _require(filled == before[i], "filled at a price that was known", filled, before[i]);
        }
    }
}
