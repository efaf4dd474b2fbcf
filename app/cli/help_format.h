// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <CLI/CLI.hpp>

#include <string>

namespace tiphys::cli {

/// Help that shows an option as it is typed. What must be there stands in the usage line, what goes with what in the error of
/// whoever tries. For the sources of the grammar only.
class HelpFormat final : public CLI::Formatter
{
public:
    std::string make_option_opts(const CLI::Option *option) const override
    {
        if (const std::string &shown = option->get_option_text(); !shown.empty())
            return " " + shown;
        const bool hasValue = option->nonpositional() && option->get_type_size() != 0;
        return hasValue ? " " + option->get_type_name() : std::string();
    }
};

} // namespace tiphys::cli
