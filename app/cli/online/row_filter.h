// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "cli/invocation.h"
#include "control/context_session.h"
#include "object/label_selector.h"

#include <string>
#include <vector>

namespace tiphys::cli {

/// Which of the listed applications are meant; what is empty leaves all.
struct RowFilter
{
    std::vector<object::LabelRequirement> selector;
    std::vector<std::string> projects;
    std::string repository; ///< of one of the sources
    std::string path;       ///< of one of the sources
    std::string cluster;    ///< name or address of the destination

    bool holds(const control::KnownApp &known) const;
};

/// What the flags of `app list` say. Errors: InvalidInput.
Expected<RowFilter> listFilterOf(const AppFlags &flags);
/// What the flags of a command on several applications say: labels and projects. Errors: InvalidInput.
Expected<RowFilter> choiceFilterOf(const AppFlags &flags);

} // namespace tiphys::cli
