// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/node.h"

#include <string>
#include <string_view>
#include <unordered_map>

namespace tiphys::render::kustomize {

/// What stands at a node of a text beside its value.
struct NodeNotes
{
    std::string head;        ///< comment above it, lines with "#"
    std::string line;        ///< comment behind it
    std::string foot;        ///< comment below it
    std::string_view anchor; ///< "" if it has none
    bool isAlias = false;    ///< the node's value is the name of the anchor that it refers to
};

/// A YAML document that is held as text in a value: comments, anchors and aliases are kept as written.
struct NotedText
{
    Node *root = nullptr; ///< null for an empty text
    std::string head;     ///< comment above the document
    std::string foot;     ///< comment at its end
    std::unordered_map<const Node *, NodeNotes> notes;

    const NodeNotes *find(const Node &node) const
    {
        const auto found = notes.find(&node);
        return found == notes.end() ? nullptr : &found->second;
    }
    bool hasAnchors() const;
};

/// True if \p text begins as JSON does: it is written as JSON again, which has no comments.
bool isLikeJson(std::string_view text);

/// The first document of \p text as written. Errors: those of readNode.
/// Source: go.yaml.in/yaml/v3 scannerc.go (yaml_parser_scan_comments), parserc.go, decode.go (parser)@v3.0.4; comments
/// are lost in a text that is like JSON, and in one with braces or brackets that span lines.
Expected<NotedText> readNotedText(Arena &arena, std::string_view text);

/// \p text written again with its notes.
std::string yamlText(const NotedText &text);

} // namespace tiphys::render::kustomize
