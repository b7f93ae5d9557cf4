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
    uint256 private _turn;

    /// @notice How often it was handed control since `forget`.
    uint256 public acts;

    function forget() external {
        delete _attempts;
        delete _answers;
        (acts, _turn) = (0, 0);
    }

    /// @notice Act at this time only, the first being one; zero for every time.
    function setTurn(uint256 turn) external {
        _turn = turn;
    }

    /// @notice More calls to make each time.
    function prepare(Attempt[] calldata attempts) external {
        for (uint256 i; i < attempts.length; ++i) _attempts.push(attempts[i]);
    }

    function act() external {
        if (_acting) return;
        ++acts;
        if (_turn != 0 && _turn != acts) return;
        _acting = true;
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
