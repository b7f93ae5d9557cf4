// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {IRedeemQueue} from "../interfaces/IRedeemQueue.sol";
import {FeeAccount} from "./FeeAccount.sol";
import {Queue} from "./Queue.sol";
import {Quotes} from "./Quotes.sol";
import {Settlement} from "./Settlement.sol";
import {VaultBase} from "./VaultBase.sol";

/// @title The redemption queue, and the figures that ERC-4626 and its relatives ask for.
/// @dev Routes to Queue (who waits and who may claim), Settlement (what is paid) and Quotes (what is answered). Requests, cancelled ones and claims
/// work in every mode and at any price; a claim needs nothing but the tokens that were set aside.
abstract contract Redemptions is VaultBase, IRedeemQueue, IERC165 {
    using Queue for Queue.State;

    Queue.State private _queue;

    modifier toQueue() {
        _;
        _ask(address(Queue), msg.sig, _queueSlot());
        revert();
    }

    modifier toQuotes() {
        _;
        _askQuotes();
        revert();
    }

    // ── ERC-7540 ─────────────────────────────────────────────────────────────────────────────────

    function requestRedeem(uint256 shares, address, address owner) external returns (uint256) {
        _lock();
        if (msg.sender != owner && !_queue.operators[owner][msg.sender]) _spendAllowance(owner, msg.sender, shares);
        _routeAndUnlock(address(Queue), msg.sig, _queueSlot());
    }

    function cancelRedeemRequest(uint256, address, address) external {
        _lock();
        _routeAndUnlock(address(Queue), msg.sig, _queueSlot());
    }

    function redeem(uint256, address, address) external returns (uint256) {
        _lock();
        _routeAndUnlock(address(Queue), msg.sig, _queueSlot());
    }

    function withdraw(uint256, address, address) external returns (uint256) {
        _lock();
        _routeAndUnlock(address(Queue), msg.sig, _queueSlot());
    }

    function setOperator(address, bool) external returns (bool) {
        _route(address(Queue), msg.sig, _queueSlot());
    }

    function isOperator(address, address) external view toQueue returns (bool) {}

    function pendingRedeemRequest(uint256, address) external view toQueue returns (uint256) {}

    function claimableRedeemRequest(uint256, address) external view toQueue returns (uint256) {}

    function maxRedeem(address) external view toQueue returns (uint256) {}

    function maxWithdraw(address) external view toQueue returns (uint256) {}

    // ── Settlement ───────────────────────────────────────────────────────────────────────────────

    function settle() external lock returns (uint256 shares, uint256 assets) {
        _accrueManagement();
        uint256 supply = totalSupply();
        Settlement.Outcome memory done = Settlement.settle(_queue, _books.ledger, _books.nav);
        _noteFlow(done.navBefore, supply, done.navAfter, done.prices);
        return (done.shares, done.assets);
    }

    function waiting() external view toQueue returns (uint256 shares, uint256 since) {}

    function reserved() external view settled returns (uint256) {
        return _books.ledger.reserved[settlementToken()];
    }

    // ── ERC-4626 and ERC-7575 ────────────────────────────────────────────────────────────────────

    function asset() external view returns (address) {
        return settlementToken();
    }

    function share() external view returns (address) {
        return address(this);
    }

    function vault(address asset_) external view returns (address) {
        return asset_ == settlementToken() ? address(this) : address(0);
    }

    function totalAssets() external view toQuotes returns (uint256) {}

    function convertToAssets(uint256) external view toQuotes returns (uint256) {}

    function convertToShares(uint256) external view toQuotes returns (uint256) {}

    function navTimestamp() external view toQuotes returns (uint256) {}

    function supplyWithFees() external view returns (uint256) {
        return _supplyWithFees();
    }

    function deposit(uint256 assets, address receiver) external lock returns (uint256 shares) {
        shares = _deposit(settlementToken(), assets, 0, receiver);
        emit Deposit(msg.sender, receiver, assets, shares);
    }

    function mint(uint256 shares, address receiver) external lock returns (uint256 assets) {
        assets = Quotes.assetsUp(_books.ledger, shares);
        // A token unit buys many share units: what is too many goes to all holders.
        uint256 minted = _deposit(settlementToken(), assets, shares, receiver);
        if (minted > shares) _burn(receiver, minted - shares);
        emit Deposit(msg.sender, receiver, assets, shares);
    }

    function previewDeposit(uint256) external view toQuotes returns (uint256) {}

    function previewMint(uint256) external view toQuotes returns (uint256) {}

    function previewRedeem(uint256) external pure returns (uint256) {
        revert NoPreview();
    }

    function previewWithdraw(uint256) external pure returns (uint256) {
        revert NoPreview();
    }

    function maxDeposit(address) external view toQuotes returns (uint256) {}

    function maxMint(address) external view toQuotes returns (uint256) {}

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return
            id == type(IERC165).interfaceId ||
            // ERC-7540: operators, asynchronous redemption. ERC-7575: vault, share.
            id == 0xe3bc4e65 ||
            id == 0x620ee8e4 ||
            id == 0x2f0a18c5 ||
            id == 0xf815c03d;
    }

    // ── What the vault asks of the queue ─────────────────────────────────────────────────────────

    /// @dev Once, when the vault is made.
    function _beginQueue() internal {
        _queue.begin();
    }

    function _takeBack(address owner, uint256 shares) internal override {
        _queue.takeBack(shares, owner);
    }

    /// @dev Shares that wait, of all controllers.
    function _inEscrow() internal view returns (uint256) {
        return _queue.total();
    }

    // ── Routes ───────────────────────────────────────────────────────────────────────────────────

    function _queueSlot() private pure returns (uint256 slot) {
        assembly ("memory-safe") {
            slot := _queue.slot
        }
    }

    function _askQuotes() private view settled {
        FeeAccount.State storage fees = _books.fees;
        uint256 slot;
        assembly ("memory-safe") {
            slot := fees.slot
        }
        _ask(address(Quotes), msg.sig, slot);
    }
}
