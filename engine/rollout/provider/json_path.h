// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <memory>
#include <string_view>
#include <vector>

namespace tiphys::rollout::provider {

struct JsonPathNode;

/// A JSONPath template of Kubernetes: `{$.status.items[0].name}`, `{.items[?(@.ok==true)].value}`.
/// Loops (`range` and `end`) are not supported.
/// Source: k8s.io/client-go/util/jsonpath/{parser,jsonpath}.go@v0.34.1
class JsonPath
{
public:
    /// Errors: InvalidInput in the words of the original; Unsupported; LimitExceeded.
    static Expected<JsonPath> parse(std::string_view text);
    /// What is found, in order. Errors: NotFound `x is not found`; InvalidInput; LimitExceeded.
    Expected<std::vector<object::Value>> find(const object::Value &value) const;

private:
    using Nodes = std::vector<std::shared_ptr<const JsonPathNode>>;
    explicit JsonPath(std::vector<Nodes> actions) : m_actions(std::move(actions)) {}

    std::vector<Nodes> m_actions;
};

} // namespace tiphys::rollout::provider
