// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// One place where a value is not as its schema wants it.
struct SchemaViolation
{
    /// How it is shown with the violations below it.
    enum class Shape {
        Plain,
        Group,     ///< several violations of one place
        Reference, ///< what a `$ref` found; not shown if it is only one
    };

    std::string place; ///< JSON pointer into the values
    std::string message;
    std::vector<SchemaViolation> causes;
    Shape shape = Shape::Plain;
};

/// \p violations as an indented list, a line each, the last one with its end.
/// Source: santhosh-tekuri/jsonschema output.go@v6.0.2
std::string listed(const std::vector<SchemaViolation> &violations);

/// \p text in single quotes, its special characters escaped.
std::string inSchemaQuotes(std::string_view text);
/// \p names in quotes, with commas between them.
std::string inSchemaQuotes(const std::vector<std::string> &names);
/// A scalar of a schema, for messages.
std::string shownScalar(const object::Value &value);
/// \p number with commas between thousands: "1,000.5".
std::string shownNumber(double number);

} // namespace tiphys::render
