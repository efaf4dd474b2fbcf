// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/loose_object.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string_view>

#include <zlib.h>

namespace tiphys::git {

namespace {

/// All bytes that \p packed inflates to; nothing if it does not end properly.
std::optional<std::string> inflated(const std::string &packed)
{
    constexpr std::size_t kFirstGuess = 4096;
    z_stream stream = {};
    if (inflateInit(&stream) != Z_OK)
        return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    std::string bytes(std::max(kFirstGuess, packed.size() * 3), '\0');
    std::size_t filled = 0;
    int code = Z_OK;
    while (code == Z_OK) {
        if (filled == bytes.size())
            bytes.resize(bytes.size() * 2);
        stream.next_out = reinterpret_cast<Bytef *>(bytes.data() + filled);
        stream.avail_out = static_cast<uInt>(bytes.size() - filled);
        code = inflate(&stream, Z_NO_FLUSH);
        filled = bytes.size() - stream.avail_out;
    }
    inflateEnd(&stream);
    if (code != Z_STREAM_END)
        return std::nullopt;
    bytes.resize(filled);
    return bytes;
}

/// "<type> <size>\0<content>"
std::optional<LooseObject> parsedObject(std::string bytes)
{
    const std::size_t space = bytes.find(' ');
    const std::size_t end = bytes.find('\0');
    if (space == std::string::npos || end == std::string::npos || space > end)
        return std::nullopt;
    std::size_t size = 0;
    const auto [stop, fault] = std::from_chars(bytes.data() + space + 1, bytes.data() + end, size);
    if (fault != std::errc() || stop != bytes.data() + end || bytes.size() - end - 1 != size)
        return std::nullopt;
    LooseObject object;
    object.type = git_object_string2type(bytes.substr(0, space).c_str());
    bytes.erase(0, end + 1);
    object.content = std::move(bytes);
    return object;
}

} // namespace

Expected<std::optional<LooseObject>> looseObject(const std::string &objectsFolder, const git_oid &id)
{
    const std::string hex = hexOf(id);
    std::ifstream file(objectsFolder + "/" + hex.substr(0, 2) + "/" + hex.substr(2), std::ios::binary);
    if (!file)
        return std::optional<LooseObject>();
    const std::string packed((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    std::optional<std::string> bytes = inflated(packed);
    std::optional<LooseObject> object = bytes ? parsedObject(*std::move(bytes)) : std::nullopt;
    if (!object)
        return failure(ErrorCode::InvalidInput, "object " + hex + " is damaged (its file is cut off or changed)");
    return object;
}

} // namespace tiphys::git
