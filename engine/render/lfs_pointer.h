// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::render {

/// What a Git LFS pointer file stands for.
struct LfsPointer
{
    std::string sha256;     ///< 64 hex digits of the content
    std::uint64_t size = 0; ///< bytes of the content
};

/// The pointer that \p text is; nothing if it is ordinary content.
/// Source: git-lfs docs/spec.md@v3.6.0
std::optional<LfsPointer> lfsPointerOf(std::string_view text);

/// Place of the content below `lfs/objects` of a repository folder: "ab/cd/abcd…".
std::string lfsObjectPath(const LfsPointer &pointer);

/// The content of the file at \p path is not at hand. Its code is Unsupported.
Error lfsContentAbsent(const LfsPointer &pointer, std::string_view path);

} // namespace tiphys::render
