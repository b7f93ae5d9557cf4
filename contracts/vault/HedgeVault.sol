// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {FixedPointMathLib} from "solady/src/utils/FixedPointMathLib.sol";
import {ICovarianceOracle} from "../interfaces/ICovarianceOracle.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {ILeg, Impairment} from "../interfaces/ILeg.sol";
import {ILegHost} from "../interfaces/ILegHost.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Mode} from "../types/Mode.sol";
import {Order} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";

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
contract HedgeVault is IHedgeVault, ILegHost, ERC20PermitUpgradeable, AccessManagedUpgradeable {
    using Ledger for Ledger.State;
    using Nav for Nav.State;

    error Locked();
    error NotRebalancer(address caller);
    error NotALeg(address caller);
    error TooLate(uint256 deadline, uint256 now_);
    error LengthMismatch(uint256 expected, uint256 given);
    error NotInBasket(address token);
    error ZeroAmount();
    error ZeroAddress();
    error BadPrice();
    error NoValue(int256 nav);
    error TooFewShares(uint256 shares, uint256 minShares);
    error TooLittleOut(address token, uint256 amount, uint256 minAmount);
    error ExitShortfall(address token, int256 amount);
    error LegUnreachable(address leg, bytes reason);
    error LastHolderForfeits();
    error TooManyLegs(uint256 most);
    error AlreadyALeg(address leg);
    error ForeignLeg(address leg, address itsVault);
    error LegNotEmpty(address leg);
    error ModeOnlyTightens(Mode mode, Mode asked);
    error ClosedForGood();
    error BadAssetSet(uint256 length);

    /// @notice Shares and USD (1e18) added to supply and NAV in every conversion: a millionth of a dollar.
    uint256 public constant VIRTUAL = 1e12;

    /// @notice Each leg costs every user gas.
    uint256 public constant MAX_LEGS = 4;

    address public priceOracle;
    address public covarianceOracle;
    address public settlementToken;
    address public override(IHedgeVault, ILegHost) rebalancer;

    /// @notice True for an asset that may be deposited.
    mapping(address asset => bool) public inBasket;

    Mode public mode;
    Settings private _settings;
    Ledger.State private _ledger;
    Nav.State private _nav;
    bool private transient _locked;

    event BasketSet(address indexed asset, bool accepted);

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
            _nav.assets.push(all[i]);
            _nav.unit[all[i]] = 10 ** IERC20Metadata(all[i]).decimals();
            inBasket[all[i]] = true;
        }
        require(_nav.unit[p.settlementToken] != 0, NotInBasket(p.settlementToken));
        require(legs_.length <= MAX_LEGS, TooManyLegs(MAX_LEGS));
        for (uint256 k; k < legs_.length; ++k) {
            _nav.legs.push(legs_[k]);
            emit LegAdded(legs_[k], ILeg(legs_[k]).isHedge());
        }
        emit RebalancerSet(rebalancer_);
        _setSettings(settings_);
    }

    modifier lock() {
        require(!_locked, Locked());
        _locked = true;
        _;
        _locked = false;
    }

    /// @dev For views of value: in the middle of an operation only the vault itself and the Rebalancer may see them.
    modifier settled() {
        require(!_locked || msg.sender == rebalancer || msg.sender == address(this), Locked());
        _;
    }

    modifier onlyRebalancer() {
        require(msg.sender == rebalancer, NotRebalancer(msg.sender));
        _;
    }

    modifier before(uint256 deadline) {
        require(block.timestamp <= deadline, TooLate(deadline, block.timestamp));
        _;
    }

    // ── Deposit ──────────────────────────────────────────────────────────────────────────────────

    function deposit(
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external lock before(deadline) returns (uint256) {
        address[] memory tokens = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (tokens[0], amounts[0]) = (token, amount);
        return _deposit(tokens, amounts, minShares, receiver);
    }

    function depositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external lock before(deadline) returns (uint256) {
        return _deposit(tokens, amounts, minShares, receiver);
    }

    function depositBasketWithPermit(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline,
        Permit[] calldata permits
    ) external lock before(deadline) returns (uint256) {
        for (uint256 i; i < permits.length; ++i) {
            Permit calldata p = permits[i];
            // Somebody may have used the permit already; what counts is the allowance when the tokens are pulled.
            try IERC20Permit(p.token).permit(msg.sender, address(this), p.value, p.deadline, p.v, p.r, p.s) {} catch {}
        }
        return _deposit(tokens, amounts, minShares, receiver);
    }

    function previewDepositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts
    ) external view settled returns (uint256 shares) {
        (shares, ) = _sharesDown(tokens, amounts);
    }

    function _deposit(
        address[] memory tokens,
        uint256[] memory amounts,
        uint256 minShares,
        address receiver
    ) private returns (uint256 shares) {
        Portfolio memory held;
        (shares, held) = _sharesDown(tokens, amounts);
        require(shares > 0, ZeroAmount());
        require(shares >= minShares, TooFewShares(shares, minShares));
        for (uint256 i; i < tokens.length; ++i) {
            _ledger.pull(tokens[i], msg.sender, amounts[i]);
        }
        _mint(receiver, shares);
        emit BasketDeposit(msg.sender, receiver, tokens, amounts, shares, held.nav, held.half);
    }

    /// @dev What comes in at the low side of its band, against the vault at the high side of its own.
    function _sharesDown(
        address[] memory tokens,
        uint256[] memory amounts
    ) private view returns (uint256 shares, Portfolio memory held) {
        require(tokens.length == amounts.length, LengthMismatch(tokens.length, amounts.length));
        Prices memory prices = _snapshot();
        require(prices.ok, BadPrice());
        held = _nav.measure(_ledger, prices);
        int256 high = held.nav + int256(held.half);
        require(high >= 0 && (held.nav > 0 || totalSupply() == 0), NoValue(held.nav));
        uint256 low;
        for (uint256 i; i < tokens.length; ++i) {
            require(inBasket[tokens[i]], NotInBasket(tokens[i]));
            uint256 k = _indexOf(tokens[i]);
            low += Nav.valueDown(amounts[i], prices.mid[k] - prices.half[k], _nav.unit[tokens[i]]);
        }
        shares = FixedPointMathLib.fullMulDiv(low, totalSupply() + VIRTUAL, uint256(high) + VIRTUAL);
    }

    // ── Exit ─────────────────────────────────────────────────────────────────────────────────────

    function exitInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint256[] calldata minOut,
        address[] calldata forfeit,
        uint256 deadline
    ) external lock before(deadline) returns (uint256[] memory amounts) {
        require(shares > 0, ZeroAmount());
        require(receiver != address(0), ZeroAddress());
        require(minOut.length == _nav.assets.length, LengthMismatch(_nav.assets.length, minOut.length));
        // The last holder takes everything; the virtual shares are nobody's.
        uint256 denominator = totalSupply();
        if (shares < denominator)
            denominator += VIRTUAL;
            // What he left behind would be the next depositor's.
        else require(forfeit.length == 0, LastHolderForfeits());
        if (msg.sender != owner) _spendAllowance(owner, msg.sender, shares);
        _burn(owner, shares);

        int256[] memory parts = _idlePartsDown(shares, denominator);
        _exitLegs(parts, shares, denominator, forfeit);
        amounts = _payOut(parts, minOut, receiver, forfeit);
        emit ExitInKind(msg.sender, receiver, owner, shares, amounts, forfeit);
    }

    function _idlePartsDown(uint256 numerator, uint256 denominator) private view returns (int256[] memory parts) {
        parts = new int256[](_nav.assets.length);
        for (uint256 i; i < parts.length; ++i) {
            parts[i] = int256(FixedPointMathLib.fullMulDiv(_ledger.idle[_nav.assets[i]], numerator, denominator));
        }
    }

    function _payOut(
        int256[] memory parts,
        uint256[] calldata minOut,
        address receiver,
        address[] calldata forfeit
    ) private returns (uint256[] memory amounts) {
        amounts = new uint256[](parts.length);
        for (uint256 i; i < parts.length; ++i) {
            address asset = _nav.assets[i];
            require(parts[i] >= 0, ExitShortfall(asset, parts[i]));
            amounts[i] = _contains(forfeit, asset) ? 0 : uint256(parts[i]);
            require(amounts[i] >= minOut[i], TooLittleOut(asset, amounts[i], minOut[i]));
            if (amounts[i] > 0) _ledger.push(asset, receiver, amounts[i]);
        }
    }

    /// @dev Adds each leg's part to `parts`. What a leg paid is booked; where it lost more than it held, the leaver's other part of
    /// that token is less, and stays with the others.
    function _exitLegs(
        int256[] memory parts,
        uint256 numerator,
        uint256 denominator,
        address[] calldata forfeit
    ) private {
        uint256 n = parts.length;
        address[] memory all = _nav.legs;
        for (uint256 k; k < all.length; ++k) {
            if (_contains(forfeit, all[k])) continue;
            try ILeg(all[k]).exit(numerator, denominator) returns (int256[] memory amounts) {
                for (uint256 i; i < n; ++i) {
                    if (amounts[i] > 0) _ledger.credit(_nav.assets[i], uint256(amounts[i]));
                    parts[i] += amounts[i];
                }
            } catch (bytes memory reason) {
                revert LegUnreachable(all[k], reason);
            }
        }
    }

    // ── Rebalancer ───────────────────────────────────────────────────────────────────────────────

    function beginRebalance() external onlyRebalancer {
        require(!_locked, Locked());
        _locked = true;
    }

    function carryOut(Order calldata order, Prices calldata prices) external onlyRebalancer {
        require(_locked, Locked());
        require(_isLeg(order.leg), NotALeg(order.leg));
        ILeg(order.leg).execute(order, prices);
    }

    function payBounty(address to, uint256 amount) external onlyRebalancer returns (uint256 paid) {
        require(_locked, Locked());
        paid = FixedPointMathLib.min(amount, _ledger.idle[settlementToken]);
        if (paid > 0) _ledger.push(settlementToken, to, paid);
        emit BountyPaid(to, paid);
    }

    function endRebalance(int256, Prices calldata) external onlyRebalancer {
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
        require(_nav.legs.length < MAX_LEGS, TooManyLegs(MAX_LEGS));
        require(!_isLeg(leg), AlreadyALeg(leg));
        require(ILeg(leg).vault() == address(this), ForeignLeg(leg, ILeg(leg).vault()));
        _nav.legs.push(leg);
        emit LegAdded(leg, ILeg(leg).isHedge());
    }

    function removeLeg(address leg) external restricted lock {
        require(_isLeg(leg), NotALeg(leg));
        require(ILeg(leg).isEmpty(), LegNotEmpty(leg));
        uint256 last = _nav.legs.length - 1;
        uint256 k;
        while (_nav.legs[k] != leg) ++k;
        _nav.legs[k] = _nav.legs[last];
        _nav.legs.pop();
        emit LegRemoved(leg);
    }

    function tighten(Mode mode_) external restricted {
        require(mode_ > mode, ModeOnlyTightens(mode, mode_));
        _setMode(mode_);
    }

    function setMode(Mode mode_) external restricted {
        require(mode != Mode.Closed, ClosedForGood());
        _setMode(mode_);
    }

    function sync() external lock returns (Mode) {
        Mode least;
        for (uint256 k; k < _nav.legs.length; ++k) {
            Impairment found = ILeg(_nav.legs[k]).sync();
            if (found == Impairment.None) continue;
            emit LegImpaired(_nav.legs[k], found);
            if (found == Impairment.Damaged) least = Mode.ReduceOnly;
            else if (least == Mode.Normal) least = Mode.NoDeposit;
        }
        if (least > mode) _setMode(least);
        return mode;
    }

    function _setMode(Mode mode_) private {
        mode = mode_;
        emit ModeSet(mode_, msg.sender);
    }

    function accrueFees() external lock {}

    function settings() external view returns (Settings memory) {
        return _settings;
    }

    function setSettings(Settings calldata settings_) external restricted lock {
        _setSettings(settings_);
    }

    function _setSettings(Settings calldata settings_) private {
        _settings = settings_;
        emit SettingsSet(settings_);
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

    function nav() external view settled returns (int256 mid, uint256 half, bool ok) {
        Prices memory prices = _snapshot();
        if (!prices.ok) return (0, 0, false);
        Portfolio memory held = _nav.measure(_ledger, prices);
        return (held.nav, held.half, true);
    }

    function portfolio() external view settled returns (Portfolio memory held, Prices memory prices) {
        prices = _snapshot();
        if (prices.ok) held = _nav.measure(_ledger, prices);
    }

    function measure(Prices calldata prices) external view settled returns (Portfolio memory) {
        return _nav.measure(_ledger, prices);
    }

    function assets() external view override(IHedgeVault, ILegHost) returns (address[] memory) {
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

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _snapshot() private view returns (Prices memory) {
        return IPriceOracle(priceOracle).snapshot(_nav.assets);
    }

    function _indexOf(address asset) private view returns (uint256 k) {
        while (_nav.assets[k] != asset) ++k;
    }

    function _isLeg(address leg) private view returns (bool) {
        for (uint256 k; k < _nav.legs.length; ++k) {
            if (_nav.legs[k] == leg) return true;
        }
        return false;
    }

    function _contains(address[] calldata list, address item) private pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == item) return true;
        }
        return false;
    }
}
