// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ILegHost} from "./ILegHost.sol";
import {Impairment} from "./ILeg.sol";
import {Mode} from "../types/Mode.sol";
import {Order} from "../types/Plan.sol";
import {Portfolio} from "../types/Portfolio.sol";
import {Prices} from "../types/Prices.sol";

/// @notice The vault as holders, keepers and the Rebalancer see it. Shares are ERC-20 with permit, 18 decimals.
interface IHedgeVault is ILegHost {
    /// @notice An ERC-2612 permit for one token of a deposit.
    struct Permit {
        address token;
        uint256 value;
        uint256 deadline;
        uint8 v;
        bytes32 r;
        bytes32 s;
    }

    /// @notice What a vault is made with. Only the authority's own rules can change later.
    /// @param authority AccessManager over vault and Rebalancer
    /// @param settlementToken Token in which hedge legs keep margin, one of the asset set
    struct Parameters {
        string name;
        string symbol;
        address authority;
        address priceOracle;
        address covarianceOracle;
        address settlementToken;
    }

    /// @notice What the authority may change later, each below a ceiling that is a constant of the code.
    /// @param feeRecipient Receives fees, as shares
    /// @param managementFee Share of the supply a year, 1e18 = 100%
    /// @param performanceFee Share of the gain above the high-water mark, 1e18 = 100%
    /// @param depositWindow Most that may come in of one asset within an hour, share of NAV, 1e18 = 100%
    /// @param depositBand How much further than the feeds' thresholds explain a pool's spot or average price may stand from the oracle's when a
    /// deposit comes in or the queue is settled, 1e18 = 100%
    /// @param minCash Idle settlement tokens that a settlement leaves for margin, share of NAV, 1e18 = 100%
    /// @param maxWait After this long in the queue anybody may settle and raise cash, seconds
    /// @param maxNav No deposit takes the NAV beyond it, USD, 1e18
    struct Settings {
        address feeRecipient;
        uint64 managementFee;
        uint64 performanceFee;
        uint64 depositWindow;
        uint64 depositBand;
        uint64 minCash;
        uint32 maxWait;
        uint128 maxNav;
    }

    error TooManyDecimals(address token, uint256 decimals, uint256 most);

    /// @notice A deposit, by every entry that there is.
    event BasketDeposit(
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
    event FeesAccrued(
        address indexed recipient,
        uint256 managementShares,
        uint256 performanceShares,
        uint256 highWaterMark
    );
    /// @notice A flow moved the mark, by as much as it moved the NAV per share; or an emptied vault's begins anew.
    event HighWaterMarkMoved(uint256 highWaterMark);
    event ModeSet(Mode mode, address indexed sender);
    event SettingsSet(Settings settings);
    event LegImpaired(address indexed leg, Impairment impairment);
    /// @notice A token took away from the vault's balance what the ledger still counted.
    event WrittenDown(address indexed token, uint256 from, uint256 to);
    event BountyPaid(address indexed to, uint256 amount);
    event LegAdded(address indexed leg, bool isHedge);
    event LegRemoved(address indexed leg);
    event RebalancerSet(address indexed rebalancer);

    /// @notice Make a fresh clone a vault. Once only, in the transaction that makes the clone; its legs are initialized after it.
    function initialize(
        Parameters calldata parameters,
        Settings calldata settings,
        address rebalancer,
        address[] calldata legs
    ) external;

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

    // ── Modes ────────────────────────────────────────────────────────────────────────────────────

    function mode() external view returns (Mode);

    /// @notice Move to a stricter mode. Guardian only.
    function tighten(Mode mode) external;

    /// @notice Move to a looser mode, or a stricter one. Authority's administrators only; never out of Closed.
    function setMode(Mode mode) external;

    /// @notice Let every leg compare its venue with what it last saw. A blocked leg stops deposits, a damaged one leaves only reductions. Idle
    /// tokens that are gone without a transfer are written off. Open to everybody: the venue's and the tokens' state is the proof.
    function sync() external returns (Mode);

    /// @notice Mint the fees that are due: the management fee by time, the performance fee at most once a day and at good prices only.
    function accrueFees() external;

    /// @notice USD per share, 1e18, above which the next gain is charged. It never falls, but begins anew when the vault was empty.
    function highWaterMark() external view returns (uint256);

    function settings() external view returns (Settings memory);

    /// @notice Change settings. Fees are accrued by the old ones first; a higher performance fee needs good prices, as earlier gains are charged
    /// by the lower one.
    function setSettings(Settings calldata settings) external;

    // ── Views ────────────────────────────────────────────────────────────────────────────────────

    /// @notice The token in which hedge legs keep margin; one of `assets`.
    function settlementToken() external view returns (address);

    /// @notice The legs, at most four.
    function legs() external view returns (address[] memory);

    /// @notice Tokens that the vault's ledger counts, held idle. Direct transfers are not in it.
    function idle(address token) external view returns (uint256);

    /// @notice What may come in of one asset now, USD at the oracle's mid, 1e18; zero while deposits wait.
    function depositRoom(address asset) external view returns (uint256);

    /// @notice Net asset value and its band, USD, 1e18. `ok` is false where a price is bad: the figures are at the feeds' answers then, or zero
    /// where one cannot be read.
    function nav() external view returns (int256 mid, uint256 half, bool ok);

    /// @notice The vault measured at the oracle's prices of now, which are returned too. Empty where a price is bad.
    function portfolio() external view returns (Portfolio memory, Prices memory);

    /// @notice The vault measured at given prices.
    function measure(Prices calldata prices) external view returns (Portfolio memory);

    function priceOracle() external view returns (address);
    function covarianceOracle() external view returns (address);

    // ── Rebalancer only ──────────────────────────────────────────────────────────────────────────

    /// @notice Take the lock for a rebalance. Fees are accrued first, so that the supply stands still afterwards.
    function beginRebalance() external;

    /// @notice The vault at given prices before or after a plan's orders, see `ILeg.appraise`.
    function appraise(uint256[] calldata mid, bool first, uint256 leastMargin) external returns (Portfolio memory);

    /// @notice Carry out the orders from one index to before another, each on its leg.
    /// @param band Largest distance of a pool's price from the oracle's immediately before each order that it could hurt, 1e18 = 100%;
    /// the largest number does not ask
    function carryOut(Order[] calldata orders, uint256 from, uint256 to, Prices calldata prices, uint256 band) external;

    /// @notice Pay a stranger for gas, out of idle settlement tokens.
    /// @return paid At most `amount`, and at most what is idle
    function payBounty(address to, uint256 amount) external returns (uint256 paid);

    /// @notice Release the lock.
    /// @param nav NAV after the plan, USD, 1e18; ignored where a price was bad
    /// @param prices The snapshot that it was measured at
    function endRebalance(int256 nav, Prices calldata prices) external;
}
