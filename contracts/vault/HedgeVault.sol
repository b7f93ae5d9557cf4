// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {Mode} from "../types/Mode.sol";
import {Order} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Deposits} from "./Deposits.sol";
import {Exits} from "./Exits.sol";
import {Fees} from "./Fees.sol";
import {Fixed} from "./Fixed.sol";
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
    using VaultSettings for VaultSettings.State;
    using Fixed for uint256[];

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
        rebalancer = rebalancer_;
        _beginQueue();
        emit RebalancerSet(rebalancer_);
        // All of the set is in the basket at first.
        _books.ledger.terms.basket = uint8((1 << Fixed.load().count()) - 1);
        _books.nav.addFirst(legs_);
        _countLegs();
        _books.settings.set(_books.ledger.terms, settings_);
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
        address token = settlementToken();
        paid = FixedPointMathLib.min(amount, _books.ledger.idle(token));
        if (paid > 0) _books.ledger.push(token, to, paid);
        emit BountyPaid(to, paid);
    }

    function endRebalance(int256 nav_, Prices calldata prices) external onlyRebalancer {
        if (prices.ok) _noteNav(nav_, prices);
        _locked = false;
    }

    // ── Legs ─────────────────────────────────────────────────────────────────────────────────────

    function pay(address token, address to, uint256 amount) external {
        require(_locked && _isLeg(msg.sender), NotALeg(msg.sender));
        _books.ledger.push(token, to, amount);
    }

    function book(address token, uint256 amount) external {
        require(_locked && _isLeg(msg.sender), NotALeg(msg.sender));
        _books.ledger.credit(token, amount);
    }

    // ── Authority ────────────────────────────────────────────────────────────────────────────────

    function addLeg(address leg) external restricted {
        _books.nav.add(leg);
        _countLegs();
    }

    function removeLeg(address leg) external restricted lock {
        _books.nav.remove(leg);
        _countLegs();
    }

    function _countLegs() private {
        _books.ledger.terms.legs = uint8(_books.nav.legs.length);
    }

    function tighten(Mode mode_) external restricted lock {
        require(mode_ > mode(), ModeOnlyTightens(mode(), mode_));
        _setMode(mode_);
    }

    function setMode(Mode mode_) external restricted lock {
        require(mode() != Mode.Closed, ClosedForGood());
        _setMode(mode_);
    }

    function sync() external lock returns (Mode) {
        Nav.writeDown(_books.ledger);
        Mode least = _books.nav.sync();
        if (least > mode()) _setMode(least);
        return mode();
    }

    function _setMode(Mode mode_) private {
        // What is due until now: nothing accrues in Closed.
        if (mode_ == Mode.Closed) _accrueManagement();
        _books.ledger.terms.mode = mode_;
        emit ModeSet(mode_, msg.sender);
    }

    function settings() external view returns (Settings memory) {
        return _books.settings.all(_books.ledger.terms);
    }

    function setSettings(Settings calldata settings_) external restricted lock {
        _accrueManagement();
        require(_accruePerformance() || !_books.settings.raisesPerformance(settings_), BadPrice());
        _books.settings.set(_books.ledger.terms, settings_);
    }

    function setRebalancer(address rebalancer_) external restricted lock {
        require(rebalancer_ != address(0), ZeroAddress());
        rebalancer = rebalancer_;
        emit RebalancerSet(rebalancer_);
    }

    function setInBasket(address asset, bool accepted) external restricted {
        Ledger.Terms storage terms = _books.ledger.terms;
        uint8 bit = Ledger.bitOf(Fixed.load(), asset);
        terms.basket = accepted ? terms.basket | bit : terms.basket & ~bit;
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

    function mode() public view returns (Mode) {
        return _books.ledger.terms.mode;
    }

    function priceOracle() external view returns (address) {
        return Fixed.load().priceOracle();
    }

    function covarianceOracle() external view returns (address) {
        return Fixed.load().covarianceOracle();
    }

    /// @notice Of the vault itself: what it was given, and what waits in the queue (see Escrow).
    function balanceOf(address account) public view override returns (uint256 balance) {
        balance = super.balanceOf(account);
        if (account == address(this)) balance += _inEscrow();
    }

    function assets() external view returns (address[] memory) {
        return Fixed.load().assets();
    }

    /// @notice True for an asset that may be deposited.
    function inBasket(address asset) external view returns (bool) {
        return (_books.ledger.terms.basket >> Fixed.load().indexOf(asset)) & 1 == 1;
    }

    function legs() external view returns (address[] memory) {
        return _books.nav.legs;
    }

    function idle(address token) external view settled returns (uint256) {
        return _books.ledger.idle(token);
    }

    function locked() external view returns (bool) {
        return _locked;
    }
}
