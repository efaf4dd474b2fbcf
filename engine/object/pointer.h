// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// A JSON Pointer (RFC 6901): where in a value something stands. "" is the value itself.
class Pointer
{
public:
    Pointer() = default;
    explicit Pointer(std::vector<std::string> parts) : m_parts(std::move(parts)) {}
    /// Reads "/spec/replicas", "~1" and "~0" decoded. Errors: InvalidInput if a text that is not empty lacks the
    /// leading slash.
    static Expected<Pointer> parse(std::string_view text);

    const std::vector<std::string> &parts() const { return m_parts; }
    bool isRoot() const { return m_parts.empty(); }
    /// The pointer as text, encoded.
    std::string text() const;

    /// What stands there, nothing if a step is absent. List steps are indices; negative ones count from the end.
    std::optional<Value> find(const Value &root) const;
    /// \p root with \p value put there: a map's member is set, a list's item inserted ("-" appends). Errors: NotFound
    /// if the parent is absent, InvalidInput for a bad index.
    Expected<Value> added(const Value &root, const Value &value) const;
    /// \p root with \p value in place of what stands there; a map's member may be absent. Errors as for added.
    Expected<Value> replaced(const Value &root, const Value &value) const;
    /// \p root without what stands there. Errors: NotFound if it is absent, InvalidInput for a bad index.
    Expected<Value> removed(const Value &root) const;

    bool operator==(const Pointer &) const = default;

private:
    std::vector<std::string> m_parts;
};

} // namespace tiphys::object
