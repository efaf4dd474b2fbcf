// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "text/gotemplate/function.h"

#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::text {

/// Methods of a type that also says how it is written as JSON (Go's json.Marshaler).
class JsonMethods : public TypeMethods
{
public:
    virtual object::Value jsonValue(const TemplateValue &value) const = 0;
};

/// Methods of a struct whose members have other names in JSON than in templates (Go's json tags).
class TaggedFields : public TypeMethods
{
public:
    /// The members that are written, in the order of the struct.
    virtual std::vector<std::pair<std::string_view, TemplateValue>> jsonFields(const TemplateValue &value) const = 0;
};

namespace sprig {

/// \p value as Go's json.Marshal takes it: numbers exact, bytes as base64, nil lists and maps null, members in the order
/// in which it writes them.
/// Errors: Go's, for not-a-number, infinities, functions and maps that contain themselves.
/// Source: golang src/encoding/json/encode.go@go1.26
TemplateExpected<object::Value> jsonValueOf(const TemplateValue &value);

/// Reads JSON. Errors: Go's texts ("invalid character 'x' looking for beginning of value").
/// Source: golang src/encoding/json/scanner.go@go1.26
TemplateExpected<object::Value> parseGoJson(std::string_view text);

/// The error of a document that is no map or list: `json: cannot unmarshal array into Go value of type …`.
std::unexpected<TemplateError> cannotUnmarshal(const object::Value &value, const Type &wanted);

} // namespace sprig
} // namespace tiphys::text
