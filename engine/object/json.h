// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <string_view>

namespace tiphys::object {

/// The JSON document \p text as Go's encoding/json with UseNumber-like integers reads it: integers that fit int64
/// or uint64 stay exact, everything else is a double; of duplicate keys the last one wins; invalid UTF-8 and lone
/// surrogates become U+FFFD. Errors: InvalidInput with the byte offset; LimitExceeded beyond depth 10,000.
Expected<Value> parseJson(std::string_view text);

enum class JsonStyle {
    Compact,  ///< one line, no spaces, as Go's json.Marshal
    Indented, ///< two spaces, as Go's json.MarshalIndent
};
enum class KeyOrder {
    Sorted, ///< bytewise, as Go prints maps
    Kept,   ///< order of insertion
};
struct JsonOptions
{
    JsonStyle style = JsonStyle::Compact;
    KeyOrder order = KeyOrder::Sorted;
    bool escapesHtml = false; ///< <, > and & as \u003c …, as Go's json.Marshal does by default
};

/// \p value as JSON with Go's number and string forms. Not-a-number and infinities print as null.
std::string toJson(const Value &value, const JsonOptions &options = {});

} // namespace tiphys::object
