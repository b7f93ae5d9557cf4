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

    string private constant Q = "\x22";
    string private constant FOLDER = "cache/invariants/";

    /// @dev From this many calls on every deed of a suite must have been done, once in so many calls at least.
    uint256 private constant ENOUGH = 12_000;
    uint256 private constant SELDOM = 4_000;

    Opened internal world;
    Hands internal hands;

    function setUp() external {
        world = new Opened();
        world.deploy();
        world.open();
        hands = new Hands(world);
        cheats.createDir(FOLDER, true);
        _write(0, "");
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
        _tally();
        hands.everybodyLeaves();
    }

    // ── The tally ────────────────────────────────────────────────────────────────────────────────

    /// @dev Adds what this run did to the file, and asks for the deeds that a campaign must have done once it is long enough.
    function _tally() private {
        string memory json = cheats.readFile(_file());
        uint256 calls = cheats.parseJsonUint(json, ".calls") + hands.calls();
        string[] memory known = cheats.parseJsonKeys(json, ".done");
        bytes32[] memory now_ = hands.deeds();
        string memory text;
        for (uint256 i; i < known.length; ++i) {
            uint256 before = cheats.parseJsonUint(json, string.concat(".done.", known[i]));
            text = _entry(text, known[i], before + hands.done(_word(known[i])));
        }
        for (uint256 i; i < now_.length; ++i) {
            string memory name = _text(now_[i]);
            if (!cheats.keyExistsJson(json, string.concat(".done.", name)))
                text = _entry(text, name, hands.done(now_[i]));
        }
        _write(calls, text);
        if (calls >= ENOUGH) _requireDone(calls);
    }

    function _requireDone(uint256 calls) private view {
        string memory json = cheats.readFile(_file());
        bytes32[] memory deeds = _deeds();
        for (uint256 i; i < deeds.length; ++i) {
            string memory key = string.concat(".done.", _text(deeds[i]));
            uint256 times = cheats.keyExistsJson(json, key) ? cheats.parseJsonUint(json, key) : 0;
            if (times * SELDOM < calls) revert SeldomDone(_name(), _text(deeds[i]), times, calls);
        }
    }

    function _write(uint256 calls, string memory done) private {
        string memory head = string.concat("{", Q, "calls", Q, ":", cheats.toString(calls));
        cheats.writeFile(_file(), string.concat(head, ",", Q, "done", Q, ":{", done, "}}"));
    }

    function _entry(string memory text, string memory name, uint256 count) private pure returns (string memory) {
        string memory comma = bytes(text).length == 0 ? "" : ",";
        return string.concat(text, comma, Q, name, Q, ":", cheats.toString(count));
    }

    function _file() private pure returns (string memory) {
        return string.concat(FOLDER, _name(), ".json");
    }

    function _word(string memory text) private pure returns (bytes32) {
        return bytes32(bytes(text));
    }

    function _text(bytes32 word) private pure returns (string memory) {
        uint256 length;
        while (length < 32 && word[length] != 0) ++length;
        bytes memory text = new bytes(length);
        for (uint256 i; i < length; ++i) text[i] = word[i];
        return string(text);
    }
}
