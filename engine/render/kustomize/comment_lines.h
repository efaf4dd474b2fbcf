// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/yaml_tree.h"

#include <cstddef>
#include <string_view>
#include <vector>

namespace tiphys::render::kustomize {

/// One line of a YAML text and the comment on it.
struct CommentLine
{
    std::string_view text;                     ///< the whole line, without its line feed
    std::size_t mark = std::string_view::npos; ///< where "#" begins the comment, npos if there is none

    bool hasComment() const { return mark != std::string_view::npos; }
    std::string_view comment() const { return text.substr(mark, text.ends_with('\r') ? text.size() - 1 - mark : text.npos); }
    std::string_view content() const { return text.substr(0, mark); }
};

/// The lines of \p text, their comments not found yet.
std::vector<CommentLine> linesOf(std::string_view text);

/// Finds those "#" in \p lines that begin comments: the document, which is \p root, stays what it is without them.
void findComments(std::vector<CommentLine> &lines, const object::detail::YamlNode &root);

} // namespace tiphys::render::kustomize
