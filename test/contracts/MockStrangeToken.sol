// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {TestToken} from "../../scripts/devnet/contracts/TestToken.sol";
import {MockListener} from "./MockListener.sol";

/// @notice A token of any decimals that behaves well until it is told not to.
contract MockStrangeToken is TestToken {
    /// @param Fee Burns a hundredth of what arrives
    /// @param ReturnsNothing Answers transfers with no data
    /// @param ReturnsFalse Moves nothing, and says so without a revert
    /// @param RefusesZero Reverts on a transfer of nothing
    enum Quirk {
        None,
        Fee,
        ReturnsNothing,
        ReturnsFalse,
        RefusesZero
    }

    error NothingToTransfer();
    error Blocked(address account);

    Quirk public quirk;
    /// @notice Tokens that one unit in the books stands for, 1e18. Who changes it rebases every balance.
    uint256 public index = 1e18;
    mapping(address account => bool) public isBlocked;
    /// @notice Is handed control in the middle of each transfer, as ERC-777 did.
    MockListener public listener;

    constructor(string memory name_, string memory symbol_, uint8 decimals_) TestToken(name_, symbol_, decimals_) {}

    function setQuirk(Quirk quirk_) external {
        quirk = quirk_;
    }

    function setIndex(uint256 index_) external {
        index = index_;
    }

    function setBlocked(address account, bool blocked) external {
        isBlocked[account] = blocked;
    }

    function setListener(MockListener listener_) external {
        listener = listener_;
    }

    function balanceOf(address account) public view override returns (uint256) {
        return (super.balanceOf(account) * index) / 1e18;
    }

    function transfer(address to, uint256 amount) public override returns (bool) {
        if (quirk == Quirk.ReturnsFalse) return false;
        super.transfer(to, amount);
        return _answer();
    }

    function transferFrom(address from, address to, uint256 amount) public override returns (bool) {
        if (quirk == Quirk.ReturnsFalse) return false;
        super.transferFrom(from, to, amount);
        return _answer();
    }

    function _update(address from, address to, uint256 amount) internal override {
        require(amount > 0 || quirk != Quirk.RefusesZero, NothingToTransfer());
        require(!isBlocked[from], Blocked(from));
        require(!isBlocked[to], Blocked(to));
        uint256 units = (amount * 1e18) / index;
        super._update(from, to, units);
        bool minted = from == address(0);
        if (quirk == Quirk.Fee && !minted) super._update(to, address(0), units / 100);
        if (!minted && address(listener) != address(0)) listener.act();
    }

    /// @dev Ends the call: it is the last thing that a transfer does.
    function _answer() private view returns (bool) {
        if (quirk == Quirk.ReturnsNothing) {
            assembly ("memory-safe") {
                return(0, 0)
            }
        }
        return true;
    }
}
