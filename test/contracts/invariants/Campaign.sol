// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {cheats} from "./Cheats.sol";
import {Hands} from "./hands/Hands.sol";
import {Opened} from "./world/Opened.sol";

/// @title What the suites share: the world, its hands, and the tally of what a whole campaign did.
/// @dev Runs begin from one state and keep nothing, so the tally is kept in a file, where a campaign's end and whoever soaks can read it. One invariant
/// a suite: each would be a campaign of its own.
abstract contract Campaign {
    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    error SeldomDone(string suite, string deed, uint256 times, uint256 calls);

    string private constant FOLDER = "cache/invariants/";

    /// @dev From this many calls on every deed of a suite must have been done, once in so many calls at least.
    uint256 private constant ENOUGH = 8_000;
    uint256 private constant SELDOM = 2_000;

    Opened internal world;
    Hands internal hands;

    function setUp() external {
        world = new Opened();
        world.deploy();
        world.open();
        hands = new Hands(world);
        cheats.createDir(FOLDER, true);
        _write(0, new uint256[](_deeds().length));
    }

    /// @dev What each call is drawn from.
    function _selectors() internal pure virtual returns (bytes4[] memory);

    /// @dev What a campaign has to have done.
    function _deeds() internal pure virtual returns (bytes32[] memory);

    function _name() internal pure virtual returns (string memory);

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(hands);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(hands), _selectors());
    }

    /// @dev After each call what is cheap, the rest now and then: what is broken stays so.
    function _check() internal {
        hands.checkMode();
        uint256 calls = hands.calls();
        if (calls % 3 == 0) hands.checkShares();
        if (calls % 8 == 0) hands.checkValue();
    }

    function afterInvariant() external {
        hands.checkShares();
        hands.checkValue();
        bytes32[] memory deeds = _deeds();
        (uint256 calls, uint256[] memory done) = _read(deeds.length);
        calls += hands.calls();
        for (uint256 i; i < deeds.length; ++i) done[i] += hands.done(deeds[i]);
        _write(calls, done);
        if (calls >= ENOUGH) {
            for (uint256 i; i < deeds.length; ++i) {
                if (done[i] * SELDOM < calls) revert SeldomDone(_name(), _text(deeds[i]), done[i], calls);
            }
        }
        hands.everybodyLeaves();
    }

    // ── The tally ────────────────────────────────────────────────────────────────────────────────

    function _write(uint256 calls, uint256[] memory done) private {
        bytes32[] memory deeds = _deeds();
        string memory text = string.concat('{"calls":', cheats.toString(calls), ',"done":{');
        for (uint256 i; i < deeds.length; ++i) {
            text = string.concat(text, i == 0 ? '"' : ',"', _text(deeds[i]), '":', cheats.toString(done[i]));
        }
        cheats.writeFile(string.concat(FOLDER, _name(), ".json"), string.concat(text, "}}"));
    }

    function _read(uint256) private view returns (uint256 calls, uint256[] memory done) {
        bytes32[] memory deeds = _deeds();
        string memory json = cheats.readFile(string.concat(FOLDER, _name(), ".json"));
        calls = cheats.parseJsonUint(json, ".calls");
        done = new uint256[](deeds.length);
        for (uint256 i; i < deeds.length; ++i) {
            done[i] = cheats.parseJsonUint(json, string.concat(".done.", _text(deeds[i])));
        }
    }

    function _text(bytes32 word) private pure returns (string memory) {
        uint256 length;
        while (length < 32 && word[length] != 0) ++length;
        bytes memory text = new bytes(length);
        for (uint256 i; i < length; ++i) text[i] = word[i];
        return string(text);
    }
}
