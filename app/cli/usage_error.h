// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
class ParseError;
} // namespace CLI

namespace tiphys::cli {

/// What is wrong with \p arguments, in one sentence ("error: app has no command 'syncc'; did you mean 'sync'?"), and where
/// help is. \p error is what parsing them with \p root gave.
std::string usageError(const CLI::App &root, const CLI::ParseError &error, const std::vector<std::string> &arguments);

/// The same where \p problem is known already.
std::string usageError(const CLI::App &root, const std::string &problem, const std::vector<std::string> &arguments);

/// "text, json or yaml".
std::string alternatives(const std::vector<std::string> &words);

/// "--flag=" as two words, the second one empty: the parser takes it for a missing value.
std::vector<std::string> withEmptyValuesApart(std::vector<std::string> arguments);

/// Flags of every command (--context, -n, -o, …) that stand before its name, or between the names of a group and of its command,
/// moved behind these, in their order. --namespace becomes -n there: before the name it is the namespace that every command works
/// in. Values that are given before and behind the name are both seen by the parser, which takes one only.
std::vector<std::string> withSharedFlagsBehindCommand(std::vector<std::string> arguments);

} // namespace tiphys::cli
