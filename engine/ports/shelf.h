// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <memory>
#include <optional>
#include <string>

namespace tiphys::ports {

/// Texts by name that outlive the program. What is lost can be made again: nobody may depend on it. Any thread, one
/// call at a time for a name.
class Shelf
{
public:
    virtual ~Shelf() = default;
    /// The text as it was last written, whole; nothing if there is none, or none that can be read.
    virtual std::optional<std::string> read(const std::string &name) const = 0;
    /// Replaces the text at once: a reader sees the old one or the new one. Errors: LimitExceeded, Denied.
    virtual Expected<void> write(const std::string &name, const std::string &text) = 0;
    virtual void remove(const std::string &name) = 0;
};
using ShelfPtr = std::shared_ptr<Shelf>;

} // namespace tiphys::ports
