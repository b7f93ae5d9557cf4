// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice The redeem side of ERC-7540, with the parts of ERC-4626 and ERC-7575 that go with it, and what is Crosshedge's own.
/// @dev Requests are fungible: the request id is always 0. Shares are escrowed unpriced, and every settlement fills the same fraction of all that
/// are due. Amounts of assets are in units of `asset()`.
interface IRedeemQueue {
    error NotController(address caller, address controller);
    error NotEnoughWaiting(uint256 asked, uint256 waiting);
    error NotEnoughClaimable(uint256 asked, uint256 claimable);
    error SettleTooEarly(uint256 now_, uint256 openFrom);
    error NoPreview();

    // ── ERC-7540 ─────────────────────────────────────────────────────────────────────────────────
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    // ── ERC-4626 ─────────────────────────────────────────────────────────────────────────────────
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    /// @notice One settlement, and the queue after it.
    /// @param shares Burned, of all controllers together
    /// @param assets Set aside for them, rounded down
    /// @param nav NAV before it, USD, 1e18
    /// @param half Half-width of the NAV's band, USD, 1e18: it was priced at `nav − half`
    /// @param stillDue Shares that are due and not yet filled
    /// @param stillWaiting Shares that wait for newer prices
    event Settled(
        address indexed sender,
        uint256 shares,
        uint256 assets,
        int256 nav,
        uint256 half,
        uint256 stillDue,
        uint256 stillWaiting
    );

    /// @notice Shares that waited are their controller's again.
    event RedeemRequestCancelled(address indexed controller, address indexed receiver, address sender, uint256 shares);

    /// @notice Escrow shares of `owner` for `controller`, to be paid in `asset()` at a price that nobody knows yet.
    function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256 requestId);

    /// @notice Shares that wait: those that no settlement has filled.
    function pendingRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);

    /// @notice Shares that were filled and not yet claimed.
    function claimableRedeemRequest(uint256 requestId, address controller) external view returns (uint256 shares);
    function isOperator(address controller, address operator) external view returns (bool);
    function setOperator(address operator, bool approved) external returns (bool);

    /// @notice Claim what was filled: `shares` of it, or as much as makes `assets`.
    function redeem(uint256 shares, address receiver, address controller) external returns (uint256 assets);
    function withdraw(uint256 assets, address receiver, address controller) external returns (uint256 shares);

    // ── ERC-7575 and ERC-4626 ────────────────────────────────────────────────────────────────────
    function asset() external view returns (address);
    function share() external view returns (address);
    function vault(address asset) external view returns (address);
    function totalAssets() external view returns (uint256);
    function convertToShares(uint256 assets) external view returns (uint256);
    function convertToAssets(uint256 shares) external view returns (uint256);
    function maxDeposit(address receiver) external view returns (uint256);
    function maxMint(address receiver) external view returns (uint256);
    function maxWithdraw(address controller) external view returns (uint256);
    function maxRedeem(address controller) external view returns (uint256);
    function previewDeposit(uint256 assets) external view returns (uint256 shares);
    function previewMint(uint256 shares) external view returns (uint256 assets);

    /// @notice Both revert: no price is known beforehand.
    function previewRedeem(uint256) external view returns (uint256);
    function previewWithdraw(uint256) external view returns (uint256);
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
    function mint(uint256 shares, address receiver) external returns (uint256 assets);

    // ── Crosshedge's own ─────────────────────────────────────────────────────────────────────────

    /// @notice Take back `shares` that wait, the newest first.
    function cancelRedeemRequest(uint256 shares, address receiver, address controller) external;

    /// @notice Fill what is due, as far as the cash goes, at the low side of the NAV's band. The keeper at any time; anybody once shares have waited
    /// for longer than `maxWait`.
    /// @return shares Filled
    /// @return assets Set aside for them
    function settle() external returns (uint256 shares, uint256 assets);

    /// @notice When the price was taken that `totalAssets` and `convertTo*` answer with, unix seconds: now, or the last good one.
    function navTimestamp() external view returns (uint256);

    /// @notice Shares of all controllers that wait, and since when, unix seconds; zero if none wait. No request moves the time. It begins anew with a
    /// settlement that fills half of what is due or more.
    function waiting() external view returns (uint256 shares, uint256 since);

    /// @notice The supply with the management fee that is due and not minted yet: what conversions and previews count with.
    function supplyWithFees() external view returns (uint256);

    /// @notice Settlement tokens set aside for claims: in no NAV, and nobody's but the claimants'.
    function reserved() external view returns (uint256);
}
