// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

/// The first document of \p text with aliases and merge keys expanded; null for an empty text.
/// Errors: InvalidInput in go-yaml's words; LimitExceeded for texts that grow without bound or nest too deep.
/// Source: go.yaml.in/yaml/v3 decode.go (parser)@v3.0.4, kustomize kyaml/yaml/rnode.go (deAnchor)@v5.8.1
Expected<Node *> readNode(Arena &arena, std::string_view text);

/// readNode without its fast way for simple documents.
Expected<Node *> readFullNode(Arena &arena, std::string_view text);

/// The resources of a stream: documents, a single List replaced by its items, and then every kind that ends in
/// "List" by its items, which go to the end. Each must have kind and metadata.name.
/// Errors: InvalidInput "MalformedYAMLError: …", "missing metadata.name in object …" and others.
/// Source: kustomize kyaml/kio/byteio_reader.go, api/resource/factory.go (RNodesFromBytes)@v5.8.1
Expected<std::vector<Node *>> readResources(Arena &arena, std::string_view text);

/// How numbers went before they became nodes.
enum class Numbers {
    Exact,  ///< as JSON text
    Floats, ///< through float64, as Go reads JSON into interfaces: "1e+06"
};
/// \p value as nodes, the way that texts written from it are read again.
Node *nodeOf(Arena &arena, const object::Value &value, Numbers numbers = Numbers::Exact);

/// The value of \p node as it is written in the end. Errors: InvalidInput for what JSON cannot have: keys that
/// are no text, infinities, tags that do not fit; LimitExceeded when nested too deep.
/// Source: kustomize kyaml/yaml/rnode.go (MarshalJSON)@v5.8.1
Expected<object::Value> valueOf(const Node *node);

} // namespace tiphys::render::kustomize
