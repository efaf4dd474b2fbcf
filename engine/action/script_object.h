// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::action {

/// The object an action reads and changes, with the rules of a script: absent fields are null, but a field of
/// something that is no list or map cannot be asked for. The first failure is kept, later reads give null and later
/// changes do nothing, so that actions need no checks.
/// Source: github.com/yuin/gopher-lua state.go (getField, setField)@v1.1.2
class ScriptObject
{
public:
    using Path = std::initializer_list<std::string_view>;

    explicit ScriptObject(const object::Object &object);

    /// The value at the end of \p path.
    object::Value get(Path path);
    /// get(), and whether it is neither null nor false.
    bool isTruthy(Path path);
    /// Items of the list at \p path; of text its bytes; fails on null and scalars.
    std::size_t length(Path path);

    /// Sets or, with null, removes the member at the end of \p path.
    void set(Path path, const object::Value &value);
    /// Makes the value at \p path an empty map if it is null.
    void ensureTable(Path path);

    /// Ends with \p message unless something failed before.
    void fail(std::string message);
    bool hasFailed() const { return m_failure.has_value(); }
    /// The object, as a script returns it. Errors: InvalidInput with the first failure.
    Expected<object::Value> result() const;
    Expected<void> outcome() const;

private:
    object::Value m_value;
    std::optional<std::string> m_failure;
};

/// Everything but null and false.
bool isTruthy(const object::Value &value);
/// Name of the type of \p value in a script: nil, boolean, number, string, table.
std::string_view scriptTypeName(const object::Value &value);
/// \p text as a number, nothing if it is none: decimal or 0x digits, or anything with a point that is a decimal.
/// Source: github.com/yuin/gopher-lua baselib.go (baseToNumber)@v1.1.2
std::optional<double> scriptNumberOf(std::string_view text);
/// \p number as scripts print it.
/// Source: github.com/yuin/gopher-lua value.go (LNumber.String)@v1.1.2
std::string scriptNumberText(double number);

} // namespace tiphys::action
