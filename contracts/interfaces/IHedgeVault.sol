// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Order} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";

/// @notice The vault as holders, keepers and the Rebalancer see it. Shares are ERC-20 with permit, 18 decimals.
interface IHedgeVault {
    /// @notice An ERC-2612 permit for one token of a deposit.
    struct Permit {
        address token;
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    event Deposit(
        address indexed sender,
        address indexed receiver,
        address[] tokens,
        uint256[] amounts,
        uint256 shares,
        int256 navBefore,
        uint256 half
    );
    event ExitInKind(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 shares,
        uint256[] amounts,
        address[] forfeit
    );
    event LegAdded(address indexed leg, bool isHedge);
    event LegRemoved(address indexed leg);
    event RebalancerSet(address indexed rebalancer);

    // ── Holders ──────────────────────────────────────────────────────────────────────────────────

    /// @notice Deposit one token of the basket.
    function deposit(
        address token,
        uint256 amount,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external returns (uint256 shares);

    /// @notice Deposit several tokens of the basket.
    function depositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline
    ) external returns (uint256 shares);

    /// @notice `depositBasket` after using the caller's permits. A permit that fails is ignored: an allowance may exist already.
    function depositBasketWithPermit(
        address[] calldata tokens,
        uint256[] calldata amounts,
        uint256 minShares,
        address receiver,
        uint256 deadline,
        Permit[] calldata permits
    ) external returns (uint256 shares);

    /// @notice Shares that such a deposit would mint now, spread included.
    function previewDepositBasket(
        address[] calldata tokens,
        uint256[] calldata amounts
    ) external view returns (uint256 shares);

    /// @notice Leave with a share of everything the vault holds. Reads no oracle and needs no keeper.
    /// @param minOut Least amounts by vault asset, token units
    /// @param forfeit Legs and assets whose part the leaver gives up, because they cannot be left or transferred now. The last
    /// holder may give up nothing: what he left behind would be the next depositor's
    /// @return amounts By vault asset, token units
    function exitInKind(
        uint256 shares,
        address receiver,
        address owner,
        uint256[] calldata minOut,
        address[] calldata forfeit,
        uint256 deadline
    ) external returns (uint256[] memory amounts);

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    /// @notice The asset set, in the order of every vector; same as the covariance oracle's.
    function assets() external view returns (address[] memory);

    /// @notice The token in which hedge legs keep margin; one of `assets`.
    function settlementToken() external view returns (address);

    /// @notice The legs, at most four.
    function legs() external view returns (address[] memory);

    /// @notice Tokens that the vault's ledger counts, held idle. Direct transfers are not in it.
    function idle(address token) external view returns (uint256);

    /// @notice Net asset value and its band, USD, 1e18. All zero and `ok` false where a price is bad.
    function nav() external view returns (int256 mid, uint256 half, bool ok);

    /// @notice The vault measured at the oracle's prices of now, which are returned too. Empty where a price is bad.
    function portfolio() external view returns (Portfolio memory, Prices memory);

    /// @notice The vault measured at given prices.
    function measure(Prices calldata prices) external view returns (Portfolio memory);

    function priceOracle() external view returns (address);
    function covarianceOracle() external view returns (address);
    function rebalancer() external view returns (address);

    // ── Rebalancer only ──────────────────────────────────────────────────────────────────────────

    /// @notice Take the lock for a rebalance.
    function beginRebalance() external;

    /// @notice Carry out one order on its leg.
    function carryOut(Order calldata order, Prices calldata prices) external;

    /// @notice Release the lock.
    function endRebalance() external;
}
