// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::script {

/// A simple jq path: `.a.b`, `."a-b"`, `.a[]`, `.a[0]`, `.a["b"]`, each with `?`, joined by `|`, `,` and
/// `select(condition)`. A condition compares paths and literals by == and !=, joined by `and` and `or`, or asks
/// `has("x")`, `startswith("x")`, `endswith("x")`, `contains("x")` of a path, with `not`.
class JqPath
{
public:
    /// The path \p program, or nothing if it is more than a simple path (a full jq engine must run it).
    static std::optional<JqPath> compiled(std::string_view program);

    /// \p input without everything the path names, as jq's `del(path)`.
    /// Errors: InvalidInput where jq would fail (a member of a string, iteration over a number).
    Expected<object::Value> deletedFrom(const object::Value &input) const;

    struct Condition;
    /// One step of a path.
    struct Step
    {
        enum class Kind : std::uint8_t { Member, Index, Each, Select } kind = Kind::Each;
        bool isOptional = false; ///< errors end this branch quietly
        std::string member;
        std::int64_t index = 0;
        std::shared_ptr<const Condition> condition;
    };
    using Steps = std::vector<Step>;

private:
    std::vector<Steps> m_alternatives; ///< joined by commas
};

} // namespace tiphys::script
