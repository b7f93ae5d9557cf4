// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

/// @notice Makes the calls that it was given whenever it is handed control, and remembers which of them succeeded and what the others said.
contract MockListener {
    struct Attempt {
        address target;
        bytes data;
    }

    Attempt[] private _attempts;
    bytes4[] private _answers;
    bool private _acting;

    /// @notice How often it was handed control since `forget`.
    uint256 public acts;

    function forget() external {
        delete _attempts;
        delete _answers;
        acts = 0;
    }

    /// @notice More calls to make each time.
    function prepare(Attempt[] calldata attempts) external {
        for (uint256 i; i < attempts.length; ++i) _attempts.push(attempts[i]);
    }

    function act() external {
        if (_acting) return;
        _acting = true;
        ++acts;
        for (uint256 i; i < _attempts.length; ++i) {
            // solhint-disable-next-line avoid-low-level-calls
            (bool done, bytes memory answer) = _attempts[i].target.call(_attempts[i].data);
            _answers.push(done ? bytes4(0) : bytes4(answer));
        }
        _acting = false;
    }

    /// @notice For each attempt of each time: the selector of the error, or zero if it succeeded.
    function answers() external view returns (bytes4[] memory) {
        return _answers;
    }
}
