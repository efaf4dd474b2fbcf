// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/time_option.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

namespace tiphys::cli {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

/// Makes whole seconds of \p text; tells what is wrong, "" if nothing is.
std::string toSeconds(std::string &text)
{
    const bool isBare = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    const Expected<crd::Duration> time = crd::goDurationOf(isBare ? text + "s" : text);
    const std::int64_t seconds = time ? time->nanoseconds / kSecond + (time->nanoseconds % kSecond > 0 ? 1 : 0) : -1;
    if (seconds < 0 || time->nanoseconds < 0 || seconds > std::numeric_limits<int>::max())
        return "takes a time like 90, 5m or 1h30m, not '" + text + "'";
    text = std::to_string(seconds);
    return {};
}

} // namespace

void takesTime(CLI::Option *option)
{
    option->transform(CLI::Validator(toSeconds, "", "time"))->option_text("TIME");
}

CLI::Option *addGoTime(CLI::App *command, const std::string &name, std::function<void(const crd::Duration &)> take,
                       const std::string &help)
{
    const auto read = [name, take = std::move(take)](const std::string &text) {
        const Expected<crd::Duration> time = crd::goDurationOf(text);
        if (!time)
            throw CLI::ValidationError(name, "takes a time like 30s, 5m or 1h, not '" + text + "'");
        take(*time);
    };
    return command->add_option_function<std::string>(name, read, help)->option_text("TIME");
}

} // namespace tiphys::cli
