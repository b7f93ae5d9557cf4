// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {Mode} from "../types/Mode.sol";
import {Order} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Deposits} from "./Deposits.sol";
import {Exits} from "./Exits.sol";
import {Fees} from "./Fees.sol";
import {Ledger} from "./Ledger.sol";
import {LegSet} from "./LegSet.sol";
import {Nav} from "./Nav.sol";
import {Redemptions} from "./Redemptions.sol";
import {VaultSettings} from "./VaultSettings.sol";

/// @title A vault that provides liquidity and hedges it. It routes, holds idle tokens and keeps the shares.
///
/// @dev WHAT IT HOLDS. Idle tokens of a fixed asset set, counted in its own ledger, and up to four legs: positions on venues, one
/// contract each. NAV is the sum of both at one price snapshot (see Nav).
///
/// SHARES. A deposit is valued at the low side of its band and pays for shares at the high side of the vault's, so that a feed that
/// lags within its threshold gives nobody a gain. `VIRTUAL` shares and dollars stand in every conversion; with the ledger they keep the first
/// depositor from pricing out the second.
///
/// EXITS. `exitInKind` pays a holder's part of everything. It reads no oracle, needs no keeper and cannot be restricted. A leg that cannot be
/// left at the moment reverts with `LegUnreachable`, unless the leaver gives that leg's part up; so can a token be whose transfer fails.
///
/// LOCK. One transient lock. Rebalancer and legs enter through it; views of value revert while it is held, except to the vault
/// and the Rebalancer.
///
/// WHO IS TRUSTED WITH WHAT. Holders trust the code. The authority (an AccessManager) may add a leg or remove an empty one, choose the
/// Rebalancer and say which assets may be deposited: whoever holds it can take everything by adding a false leg, so it belongs behind a
/// delay longer than it takes to leave. The keeper is not known here: it acts through the Rebalancer alone. Legs are believed
/// completely. The price oracle is believed for deposits and for what plans are measured by, never for exits.
contract HedgeVault is Deposits, Exits, Redemptions, Fees {
    using Ledger for Ledger.State;
    using LegSet for Nav.State;
    using Nav for Nav.State;
    using VaultSettings for Settings;

    modifier toNav(bytes4 selector) {
        _;
        _ask(address(Nav), selector, 0);
        revert();
    }

    constructor() {
        _disableInitializers();
    }

    function initialize(
        Parameters calldata p,
        Settings calldata settings_,
        address rebalancer_,
        address[] calldata legs_
    ) external initializer {
        __ERC20_init(p.name, p.symbol);
        __ERC20Permit_init(p.name);
        __AccessManaged_init(p.authority);
        priceOracle = p.priceOracle;
        covarianceOracle = p.covarianceOracle;
        settlementToken = p.settlementToken;
        rebalancer = rebalancer_;
        address[] memory all = ICovarianceOracle(p.covarianceOracle).assets();
        require(all.length > 0 && all.length <= 8, BadAssetSet(all.length));
        for (uint256 i; i < all.length; ++i) {
            // Hedge legs count in 18 decimals, so the settlement token may not be finer than that.
            _nav.addAsset(all[i], all[i] == p.settlementToken ? 18 : MAX_DECIMALS);
            inBasket[all[i]] = true;
        }
        require(_nav.unit[p.settlementToken] != 0, NotInBasket(p.settlementToken));
        _nav.addFirst(legs_);
        emit RebalancerSet(rebalancer_);
        _settings.set(settings_);
    }

    // ── Rebalancer ───────────────────────────────────────────────────────────────────────────────

    function beginRebalance() external onlyRebalancer {
        _lock();
        _accrueDaily();
    }

    function appraise(uint256[] calldata, bool, uint256) external onlyRebalancer returns (Portfolio memory) {
        require(_locked, Locked());
        _route(address(Nav), Nav.appraiseAt.selector, 0);
    }

    function carryOut(Order[] calldata, uint256, uint256, Prices calldata, uint256) external onlyRebalancer {
        require(_locked, Locked());
        _route(address(LegSet), LegSet.carryOut.selector, 0);
    }

    function payBounty(address to, uint256 amount) external onlyRebalancer returns (uint256 paid) {
        require(_locked, Locked());
        paid = FixedPointMathLib.min(amount, _ledger.idle[settlementToken]);
        if (paid > 0) _ledger.push(settlementToken, to, paid);
        emit BountyPaid(to, paid);
    }

    function endRebalance(int256 nav_, Prices calldata prices) external onlyRebalancer {
        if (prices.ok) _noteNav(nav_, prices);
        _locked = false;
    }

    // ── Legs ─────────────────────────────────────────────────────────────────────────────────────

    function pay(address token, address to, uint256 amount) external {
        require(_locked && _isLeg(msg.sender), NotALeg(msg.sender));
        _ledger.push(token, to, amount);
    }

    function book(address token, uint256 amount) external {
        require(_locked && _isLeg(msg.sender), NotALeg(msg.sender));
        _ledger.credit(token, amount);
    }

    // ── Authority ────────────────────────────────────────────────────────────────────────────────

    function addLeg(address leg) external restricted {
        _nav.add(leg);
    }

    function removeLeg(address leg) external restricted lock {
        _nav.remove(leg);
    }

    function tighten(Mode mode_) external restricted lock {
        require(mode_ > mode, ModeOnlyTightens(mode, mode_));
        _setMode(mode_);
    }

    function setMode(Mode mode_) external restricted lock {
        require(mode != Mode.Closed, ClosedForGood());
        _setMode(mode_);
    }

    function sync() external lock returns (Mode) {
        _nav.writeDown(_ledger);
        Mode least = _nav.sync();
        if (least > mode) _setMode(least);
        return mode;
    }

    function _setMode(Mode mode_) private {
        // What is due until now: nothing accrues in Closed.
        if (mode_ == Mode.Closed) _accrueManagement();
        mode = mode_;
        emit ModeSet(mode_, msg.sender);
    }

    function settings() external view returns (Settings memory) {
        return _settings;
    }

    function setSettings(Settings calldata settings_) external restricted lock {
        _accrueManagement();
        require(_accruePerformance() || !_settings.raisesPerformance(settings_), BadPrice());
        _settings.set(settings_);
    }

    function setRebalancer(address rebalancer_) external restricted lock {
        require(rebalancer_ != address(0), ZeroAddress());
        rebalancer = rebalancer_;
        emit RebalancerSet(rebalancer_);
    }

    function setInBasket(address asset, bool accepted) external restricted {
        require(_nav.unit[asset] != 0, NotInBasket(asset));
        inBasket[asset] = accepted;
        emit BasketSet(asset, accepted);
    }

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    function nav() external view settled toNav(Nav.nav.selector) returns (int256 mid, uint256 half, bool ok) {}

    function portfolio()
        external
        view
        settled
        toNav(Nav.portfolio.selector)
        returns (Portfolio memory held, Prices memory prices)
    {}

    function measure(
        Prices calldata
    ) external view settled toNav(Nav.measureAt.selector) returns (Portfolio memory held) {}

    function assets() external view returns (address[] memory) {
        return _nav.assets;
    }

    function legs() external view returns (address[] memory) {
        return _nav.legs;
    }

    function idle(address token) external view settled returns (uint256) {
        return _ledger.idle[token];
    }

    function locked() external view returns (bool) {
        return _locked;
    }
}
