// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <vector>

namespace tiphys::render {

/// A program of this machine that can render.
struct ToolProgram
{
    std::string name;    ///< "helm", "kustomize"
    std::string path;    ///< "" where there is none
    std::string version; ///< as it tells it
    std::string problem; ///< why it has no version, "" if it has
};

/// For which applications somebody chose tools of this machine, read and changed. Any thread.
class ToolChoice
{
public:
    virtual ~ToolChoice() = default;

    /// Runs them for their versions: takes a while.
    virtual std::vector<ToolProgram> programs() const = 0;
    /// Names of applications, or patterns, in the order in which they are kept.
    virtual std::vector<std::string> names() const = 0;
    /// The environment of this program chooses them for all.
    virtual bool areForced() const = 0;
    /// Where the names are kept, "" where that is not known; and why they cannot be read, "" if they can.
    virtual std::string file() const = 0;
    virtual std::string problem() const = 0;
    /// Adds \p name to those that are kept, or takes it away. Errors: InvalidInput for what is no name and for a file that
    /// cannot be read, Denied where it cannot be written, NotFound where there is no place for it.
    virtual Expected<void> choose(const std::string &name, bool areUsed) = 0;
};

} // namespace tiphys::render
