// SPDX-License-Identifier: MIT
pragma solidity 0.8.28;

import {Opened} from "../world/Opened.sol";
import {Ending} from "./Ending.sol";
import {Exiting} from "./Exiting.sol";
import {Governing} from "./Governing.sol";
import {Hand} from "./Hand.sol";
import {Planning} from "./Planning.sol";
import {Storming} from "./Storming.sol";
import {Watching} from "./Watching.sol";

/// @title Everybody and everything that acts on the world, and those who watch.
contract Hands is Exiting, Storming, Planning, Governing, Watching, Ending {
    constructor(Opened world_) Hand(world_) {
        _noteBudgets();
    }
}
