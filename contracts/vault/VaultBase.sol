// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {IPriceOracle} from "../interfaces/IPriceOracle.sol";
import {Mode} from "../types/Mode.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";
import {Ledger} from "./Ledger.sol";
import {Nav} from "./Nav.sol";

/// @title What the parts of a vault share: its state, its lock and the measure of what it holds.
abstract contract VaultBase is IHedgeVault, ERC20PermitUpgradeable, AccessManagedUpgradeable {
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
    address public rebalancer;

    /// @notice True for an asset that may be deposited.
    mapping(address asset => bool) public inBasket;

    Mode public mode;
    Settings internal _settings;
    Ledger.State internal _ledger;
    Nav.State internal _nav;
    bool internal transient _locked;

    event BasketSet(address indexed asset, bool accepted);

    modifier lock() {
        _lock();
        _;
        _locked = false;
    }

    /// @dev For views of value: in the middle of an operation only the vault itself and the Rebalancer may see them.
    modifier settled() {
        _checkSettled();
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

    // ── What the parts do for one another ────────────────────────────────────────────────────────

    /// @dev Mint the management fee that is due by time. Reads no price; comes first in everything that changes shares.
    function _accrueManagement() internal virtual;

    /// @dev Take note of a flow at good prices: tokens and shares that came in or went out. The high-water mark follows, so that no fee is paid
    /// on what others paid as spread, and the NAV per share is kept for a time of bad prices.
    function _noteFlow(int256 navBefore, uint256 supplyBefore, int256 navAfter, Prices memory prices) internal virtual;

    /// @dev Keep the NAV per share of now for a time of bad prices.
    function _noteNav(int256 nav, Prices memory prices) internal virtual;

    /// @dev Take `shares` that wait in the queue back into the balance of `owner`.
    function _takeBack(address owner, uint256 shares) internal virtual;

    /// @dev Pull tokens from the caller and mint shares for them.
    function _deposit(
        address[] memory tokens,
        uint256[] memory amounts,
        uint256 minShares,
        address receiver
    ) internal virtual returns (uint256 shares);

    /// @dev What may come in of an asset now, USD, 1e18.
    function _depositRoom(address) internal view virtual returns (uint256) {
        return type(uint256).max;
    }

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _lock() internal {
        require(!_locked, Locked());
        _locked = true;
    }

    function _checkSettled() private view {
        require(!_locked || msg.sender == rebalancer || msg.sender == address(this), Locked());
    }

    function _snapshot() internal view returns (Prices memory) {
        return IPriceOracle(priceOracle).snapshot(_nav.assets);
    }

    function _indexOf(address asset) internal view returns (uint256 k) {
        while (_nav.assets[k] != asset) ++k;
    }

    function _isLeg(address leg) internal view returns (bool) {
        for (uint256 k; k < _nav.legs.length; ++k) {
            if (_nav.legs[k] == leg) return true;
        }
        return false;
    }

    function _contains(address[] calldata list, address item) internal pure returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i] == item) return true;
        }
        return false;
    }
}
