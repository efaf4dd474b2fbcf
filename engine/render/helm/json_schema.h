// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"
#include "render/helm/schema_violation.h"
#include "text/sprig/regular_expression.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// A part of a schema: the value, the address that references in it are relative to, and its place.
struct SchemaNode
{
    object::Value value;
    std::string base;
    std::string place; ///< JSON pointer into the schema

    /// The part under \p keys of this one.
    SchemaNode child(std::string_view key) const;
    SchemaNode child(std::string_view key, std::size_t index) const;
    SchemaNode child(std::string_view key, std::string_view member) const;
};

/// A JSON schema of draft 4, 6, 7, 2019-09 or 2020-12, as Helm checks values with it.
///
/// `format` and contents are not asserted; numbers are decimals; patterns are Go's; what `$recursiveRef` and
/// `$dynamicRef` name is looked up as by `$ref`. Nothing is fetched: `urn:` references and the schemas of schemas
/// accept everything. Evaluation is bounded in depth and steps.
/// Source: santhosh-tekuri/jsonschema@v6.0.2, helm pkg/chart/common/util/jsonschema.go@v4.2.4
class JsonSchema
{
public:
    /// Errors: InvalidInput for text that is no JSON, references to nothing, patterns and keywords that are broken;
    /// Unsupported for references to other places.
    static Expected<JsonSchema> parse(std::string_view text);
    /// parse() without a look at the form, for the schemas of schemas.
    static Expected<JsonSchema> trusted(object::Value schema);

    /// What of \p values is not as the schema wants it. Errors: LimitExceeded.
    Expected<std::vector<SchemaViolation>> violationsOf(const object::Value &values) const;

    int draft() const { return m_draft; } ///< 4, 6, 7, 2019, 2020
    /// The address that references in \p node are relative to, its own name regarded.
    std::string baseOf(const SchemaNode &node) const;
    const SchemaNode &root() const { return m_root; }
    /// The part that \p reference in \p from names; nothing if it accepts everything.
    Expected<std::optional<SchemaNode>> referred(const SchemaNode &from, std::string_view reference) const;
    /// The compiled \p pattern; every pattern of the schema is there.
    const text::sprig::RegularExpression *pattern(std::string_view pattern) const;

private:
    class Reading;

    static Expected<JsonSchema> read(object::Value value, bool isFormChecked);

    int m_draft = 2020;
    SchemaNode m_root;
    std::map<std::string, SchemaNode, std::less<>> m_resources; ///< by address, with "#name" for anchors
    std::map<std::string, text::sprig::RegularExpression, std::less<>> m_patterns;
};

} // namespace tiphys::render
