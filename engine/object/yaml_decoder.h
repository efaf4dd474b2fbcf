// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "object/yaml.h"
#include "object/yaml_tree.h"

namespace tiphys::object::detail {

/// The value of a document: types resolved, aliases followed, merge keys applied, keys made strings.
/// Errors: InvalidInput in the words of go-yaml, sigs.k8s.io/yaml and Go's encoding/json; LimitExceeded.
/// Source: go.yaml.in/yaml/v2 decode.go@v2.4.2, sigs.k8s.io/yaml yaml.go@v1.6.0
Expected<Value> decodeYamlTree(YamlNode &root, const YamlOptions &options);

/// parseYaml without its fast way for simple documents.
Expected<Value> readFullYaml(std::string_view text, const YamlOptions &options);

} // namespace tiphys::object::detail
