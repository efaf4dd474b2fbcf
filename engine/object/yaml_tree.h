// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/chunk.h"
#include "object/yaml_style.h"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace tiphys::object::detail {

/// A node of a YAML document as written: aliases are not followed, scalars have no type yet.
struct YamlNode
{
    enum class Kind : std::uint8_t { Scalar, Sequence, Mapping, Alias };
    Kind kind = Kind::Scalar;
    bool isImplicit = false; ///< Scalar: its type follows from its text
    YamlStyle style = YamlStyle::Plain;
    bool isAnchored = false;        ///< an anchor stands at it
    bool isOpen = false;            ///< Alias: being decoded now
    std::int64_t line = 0;          ///< counted from 0
    std::string_view tag;           ///< the whole tag, empty if there is none
    std::string_view text;          ///< Scalar: its text; Alias: the anchor's name
    YamlNode *target = nullptr;     ///< Alias: the node with the anchor
    YamlNode *firstChild = nullptr; ///< Sequence: items; Mapping: keys and values in turn
    YamlNode *nextSibling = nullptr;
};

/// What the nodes of a document do not tell.
struct YamlNotes
{
    /// Where "#" begins a comment, in bytes of the text behind a byte order mark, in their order; as far as the text was
    /// read, which is to the end of the document at least.
    std::vector<std::size_t> comments;
    std::unordered_map<const YamlNode *, std::string_view> anchors; ///< names of the anchors that stand at nodes
};

/// Whose line an error names: v2 that of the problem, v3 that where the thing in which it lies begins.
enum class YamlErrorLine : std::uint8_t { OfProblem, OfContext };

/// The first document of \p source, null if there is none; nodes live in \p storage. Adds to \p notes unless it is null.
/// Errors: InvalidInput "yaml: line N: …" in go-yaml's words.
/// Source: go.yaml.in/yaml/v2 decode.go (parser)@v2.4.2, go.yaml.in/yaml/v3 decode.go (parser)@v3.0.4
Expected<YamlNode *> readYamlTree(std::string_view source, Chunk &storage,
                                  YamlErrorLine line = YamlErrorLine::OfProblem, YamlNotes *notes = nullptr);

} // namespace tiphys::object::detail
