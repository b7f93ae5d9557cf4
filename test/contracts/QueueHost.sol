// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Fixed} from "../../contracts/vault/Fixed.sol";
import {Ledger} from "../../contracts/vault/Ledger.sol";
import {Nav} from "../../contracts/vault/Nav.sol";
import {Queue} from "../../contracts/vault/Queue.sol";
import {MockStrangeToken} from "./MockStrangeToken.sol";

/// @notice A queue without a vault: shares are numbers, and whoever calls says what is filled for what.
/// @dev Used through a clone, which has behind its code what a vault has there (see Fixed).
contract QueueHost {
    using Fixed for uint256[];
    using Queue for Queue.State;

    Queue.State private _queue;
    Ledger.State private _ledger;
    Nav.State private _nav;

    function begin() external {
        _queue.begin();
    }

    function request(uint256 shares, address controller) external {
        _queue.operators[controller][msg.sender] = true;
        _queue.request(shares, controller, controller);
    }

    function cancel(uint256 shares, address controller) external {
        _queue.cancel(shares, controller, controller);
    }

    function advance(uint256 pricedAt) external {
        _queue.advance(pricedAt);
    }

    function fill(uint256 shares, uint256 assets) external {
        address token = Fixed.load().settlementToken();
        MockStrangeToken(token).mint(address(this), assets);
        // More than can lie idle may be reserved.
        _ledger.reserved[token] += assets;
        _queue.fill(shares, assets);
    }

    /// @return due Shares in the pool
    /// @return total Shares that wait, those included
    /// @return reserved Tokens that nobody has claimed
    function figures() external view returns (uint256 due, uint256 total, uint256 reserved) {
        return (_queue.due, _queue.total(), _ledger.reserved[Fixed.load().settlementToken()]);
    }

    function index() external view returns (uint256 product, uint256 scale) {
        return (_queue.index.product, _queue.index.scale);
    }

    /// @dev Everything else is the library's, as in the vault.
    // solhint-disable-next-line no-complex-fallback
    fallback(bytes calldata) external returns (bytes memory) {
        uint256[3] memory words;
        assembly ("memory-safe") {
            mstore(words, _queue.slot)
            mstore(add(words, 0x20), _ledger.slot)
            mstore(add(words, 0x40), _nav.slot)
        }
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory answer) = address(Queue).delegatecall(abi.encodePacked(msg.data, words));
        require(done, "the library reverted");
        return answer;
    }
}
