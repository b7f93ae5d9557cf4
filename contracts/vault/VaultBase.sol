// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {AccessManagedUpgradeable} from "@openzeppelin/contracts-upgradeable/access/manager/AccessManagedUpgradeable.sol";
import {ERC20PermitUpgradeable} from "@openzeppelin/contracts-upgradeable/token/ERC20/extensions/ERC20PermitUpgradeable.sol";
import {IHedgeVault} from "../interfaces/IHedgeVault.sol";
import {Mode} from "../types/Mode.sol";
import {Prices} from "../types/Prices.sol";
import {VIRTUAL_SHARES} from "../types/Virtual.sol";
import {Books} from "./Books.sol";
import {Fixed} from "./Fixed.sol";
import {Ledger} from "./Ledger.sol";
import {LegSet} from "./LegSet.sol";
import {Nav} from "./Nav.sol";

/// @title What the parts of a vault share: its state, its lock and the measure of what it holds.
abstract contract VaultBase is IHedgeVault, ERC20PermitUpgradeable, AccessManagedUpgradeable {
    using Fixed for uint256[];

    error Locked();
    error NotRebalancer(address caller);
    error NotALeg(address caller);
    error TooLate(uint256 deadline, uint256 now_);
    error LengthMismatch(uint256 expected, uint256 given);
    error NotInBasket(address token);
    error WrongAmountReceived(address token, uint256 expected, uint256 received);
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
    error AboveCeiling(bytes32 limit, uint256 value, uint256 ceiling);
    error BelowFloor(bytes32 limit, uint256 value, uint256 floor);
    error DepositsStopped(Mode mode);
    error DepositWindowSpent(address token, uint256 usd, uint256 left);
    error NavCapped(int256 navAfter, uint256 maxNav);
    error BandTooWide(uint256 half, uint256 most);
    error PoolDisagrees(address leg, uint256 disagreement, uint256 band);

    /// @notice Shares and USD (1e18) added to supply and NAV in every conversion: a millionth of a dollar.
    uint256 public constant VIRTUAL = VIRTUAL_SHARES;

    /// @notice Most decimals of an asset: every guard is tested up to here.
    uint256 public constant MAX_DECIMALS = Fixed.MAX_DECIMALS;

    address public rebalancer;
    Books internal _books;
    bool internal transient _locked;

    event BasketSet(address indexed asset, bool accepted);

    modifier lock() {
        _lock();
        _;
        _locked = false;
    }

    /// @dev For views of value: in the middle of an operation only the vault itself and the Rebalancer may see them.
    modifier settled() {
        _requireSettled();
        _;
    }

    modifier onlyRebalancer() {
        _requireRebalancer();
        _;
    }

    modifier before(uint256 deadline) {
        _requireBefore(deadline);
        _;
    }

    // ── What the parts do for one another ────────────────────────────────────────────────────────

    /// @dev Mint the management fee that is due by time. Reads no price; comes first in everything that changes shares.
    function _accrueManagement() internal virtual;

    /// @dev The supply with the management fee that is due and not minted yet: what views count with.
    function _supplyWithFees() internal view virtual returns (uint256);

    /// @dev Take note of a flow at good prices: tokens and shares that came in or went out. The high-water mark follows, so that no fee is paid
    /// on what others paid as spread, and the NAV per share is kept for a time of bad prices.
    function _noteFlow(int256 navBefore, uint256 supplyBefore, int256 navAfter, Prices memory prices) internal virtual;

    /// @dev Keep the NAV per share of now for a time of bad prices.
    function _noteNav(int256 nav, Prices memory prices) internal virtual;

    /// @dev Take `shares` that wait in the queue back into the balance of `owner`.
    function _takeBack(address owner, uint256 shares) internal virtual;

    /// @dev Mint shares for the recipient of fees.
    function _mintFee(uint256 shares) internal virtual;

    /// @dev Pull tokens from the caller and mint shares for them.
    function _deposit(
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver
    ) internal virtual returns (uint256 shares);

    // ── Inside ───────────────────────────────────────────────────────────────────────────────────

    function _lock() internal {
        require(!_locked, Locked());
        _locked = true;
    }

    // What modifiers ask stands in functions, or it would be in the code once for every function that has them.

    function _requireSettled() private view {
        require(!_locked || msg.sender == rebalancer || msg.sender == address(this), Locked());
    }

    function _requireRebalancer() private view {
        require(msg.sender == rebalancer, NotRebalancer(msg.sender));
    }

    function _requireBefore(uint256 deadline) private view {
        require(block.timestamp <= deadline, TooLate(deadline, block.timestamp));
    }

    function settlementToken() public view returns (address) {
        return Fixed.load().settlementToken();
    }

    function _snapshot() internal view returns (Prices memory) {
        uint256[] memory made = Fixed.load();
        return made.snapshot(type(uint256).max);
    }

    function _isLeg(address leg) internal view returns (bool) {
        return LegSet.contains(_books.nav, leg);
    }

    // ── Routes ───────────────────────────────────────────────────────────────────────────────────
    // Where nothing but a library's answer is wanted, the call is handed on as it came, to a function of the same signature. Decoding and encoding
    // again in between would not fit into the vault. The library finds its state with `Routed`. Its selector is the call's own, but where a struct
    // is among the arguments: libraries name those in another way.

    /// @dev Ends the call with the library's answer, or its error.
    /// @param word One word for the library
    function _route(address library_, bytes4 selector, uint256 word) internal {
        _handOn(library_, selector, word);
        _answer();
    }

    function _routeAndUnlock(address library_, bytes4 selector, uint256 word) internal {
        _handOn(library_, selector, word);
        _locked = false;
        _answer();
    }

    /// @dev For library functions that only look: the compiler knows no delegatecall that does not write.
    function _ask(address library_, bytes4 selector, uint256 word) internal view {
        function(address, bytes4, uint256) internal writing = _route;
        function(address, bytes4, uint256) internal view looking;
        assembly ("memory-safe") {
            looking := writing
        }
        looking(library_, selector, word);
    }

    function _handOn(address library_, bytes4 selector, uint256 word) private {
        Ledger.State storage ledger = _books.ledger;
        Nav.State storage nav = _books.nav;
        assembly ("memory-safe") {
            let data := mload(0x40)
            let end := add(data, calldatasize())
            mstore(data, selector)
            calldatacopy(add(data, 0x04), 0x04, sub(calldatasize(), 0x04))
            mstore(end, word)
            mstore(add(end, 0x20), ledger.slot)
            mstore(add(end, 0x40), nav.slot)
            if iszero(delegatecall(gas(), library_, data, add(calldatasize(), 0x60), 0, 0)) {
                returndatacopy(data, 0, returndatasize())
                revert(data, returndatasize())
            }
        }
    }

    function _answer() private pure {
        assembly ("memory-safe") {
            let data := mload(0x40)
            returndatacopy(data, 0, returndatasize())
            return(data, returndatasize())
        }
    }
}
