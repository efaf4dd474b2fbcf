// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/lfs_pointer.h"

#include "base/text.h"

#include <algorithm>
#include <charconv>

namespace tiphys::render {

std::optional<LfsPointer> lfsPointerOf(std::string_view text)
{
    constexpr std::size_t kLongestPointer = 1024;
    constexpr std::string_view kVersions[] = {"version https://git-lfs.github.com/spec/v1\n",
                                              "version https://hawser.github.com/spec/v1\n"};
    if (text.size() >= kLongestPointer
        || std::ranges::none_of(kVersions, [&](std::string_view version) { return text.starts_with(version); }))
        return std::nullopt;
    LfsPointer pointer;
    bool sized = false;
    for (const std::string_view line : split(text, '\n')) {
        constexpr std::string_view kId = "oid sha256:";
        constexpr std::string_view kSize = "size ";
        if (line.starts_with(kId))
            pointer.sha256 = line.substr(kId.size());
        if (line.starts_with(kSize)) {
            const auto [end, fault] =
                std::from_chars(line.data() + kSize.size(), line.data() + line.size(), pointer.size);
            sized = fault == std::errc() && end == line.data() + line.size();
        }
    }
    const bool isHex =
        std::ranges::all_of(pointer.sha256, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
    if (!sized || pointer.sha256.size() != 64 || !isHex)
        return std::nullopt;
    return pointer;
}

std::string lfsObjectPath(const LfsPointer &pointer)
{
    return pointer.sha256.substr(0, 2) + "/" + pointer.sha256.substr(2, 2) + "/" + pointer.sha256;
}

Error lfsContentAbsent(const LfsPointer &pointer, std::string_view path)
{
    return Error(ErrorCode::Unsupported, "the content of " + tiphys::quoted(path)
                                             + " is kept by Git LFS and is not here (" + std::to_string(pointer.size)
                                             + " bytes, sha256 " + pointer.sha256 + ")");
}

} // namespace tiphys::render
