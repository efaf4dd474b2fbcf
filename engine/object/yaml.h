// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/value.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::object {

/// One document of a YAML stream as JSON-like value, as sigs.k8s.io/yaml gives it (YAML to JSON: keys become
/// strings, timestamps stay strings, merge keys are applied). An empty text is null. Only the first document of
/// a stream is read; splitting streams is splitYamlDocuments. Errors: InvalidInput "yaml: line N: …" with
/// go-yaml's words; LimitExceeded for depth and alias bombs.
Expected<Value> parseYaml(std::string_view text);

/// The documents of a stream, cut at lines that are "---" as Kubernetes' YAML reader cuts them; the pieces are
/// views into \p text, comments and empty pieces included.
std::vector<std::string_view> splitYamlDocuments(std::string_view text);

/// \p value as YAML the way sigs.k8s.io/yaml.Marshal prints it (go-yaml v2 emitter): keys sorted, two spaces,
/// lists not indented below their key. Ends with a line feed.
std::string toYaml(const Value &value);

} // namespace tiphys::object
