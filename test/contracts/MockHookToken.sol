// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @notice A token that hands control to a listener in the middle of each transfer, as ERC-777 did.
contract MockHookToken is ERC20 {
    MockListener public listener;

    constructor() ERC20("Hook", "HOOK") {}

    function setListener(MockListener listener_) external {
        listener = listener_;
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function _update(address from, address to, uint256 amount) internal override {
        super._update(from, to, amount);
        if (from != address(0) && address(listener) != address(0)) listener.act();
    }
}

/// @notice Makes the calls that it was given, and remembers which of them succeeded and what the others said.
contract MockListener {
    struct Attempt {
        address target;
        bytes data;
    }

    Attempt[] private _attempts;
    bytes4[] private _answers;
    bool private _acting;

    function prepare(Attempt[] calldata attempts) external {
        delete _attempts;
        delete _answers;
        for (uint256 i; i < attempts.length; ++i) _attempts.push(attempts[i]);
    }

    function act() external {
        if (_acting) return;
        _acting = true;
        delete _answers;
        for (uint256 i; i < _attempts.length; ++i) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool done, bytes memory answer) = _attempts[i].target.call(_attempts[i].data);
            _answers.push(done ? bytes4(0) : bytes4(answer));
        }
        _acting = false;
    }

    /// @notice For each attempt of the last time: the selector of the error, or zero if it succeeded.
    function answers() external view returns (bytes4[] memory) {
        return _answers;
    }
}
