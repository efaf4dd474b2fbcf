// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/text_shelf.h"

#include "base/error.h"
#include "store/private_file.h"

#include <algorithm>
#include <cstdint>
#include <format>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>
#include <vector>

namespace tiphys::store {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kEnding = ".kept";

/// FNV-1a: names of contexts hold characters that no file name may have.
std::uint64_t hashOf(std::string_view name)
{
    std::uint64_t hash = 14695981039346656037u;
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return hash;
}

} // namespace

TextShelf::TextShelf(fs::path folder, ShelfLimits limits) : m_folder(std::move(folder)), m_limits(limits) {}

fs::path TextShelf::fileOf(std::string_view name) const
{
    return m_folder / (std::format("{:016x}", hashOf(name)) + std::string(kEnding));
}

std::optional<std::string> TextShelf::read(std::string_view name) const
{
    const fs::path file = fileOf(name);
    std::error_code problem;
    const std::uintmax_t size = fs::file_size(file, problem);
    if (problem || size > m_limits.textBytes)
        return std::nullopt;
    std::ifstream in(file, std::ios::binary);
    std::string text(static_cast<std::size_t>(size), '\0');
    if (!in.read(text.data(), static_cast<std::streamsize>(size)))
        return std::nullopt;
    return text;
}

Expected<void> TextShelf::write(std::string_view name, std::string_view text) const
{
    if (text.size() > m_limits.textBytes)
        return failure(ErrorCode::LimitExceeded,
                       std::format("{} bytes are more than is kept ({})", text.size(), m_limits.textBytes));
    const Expected<void> written = replacePrivateFile(fileOf(name), text);
    if (!written)
        return written;
    makeRoom();
    return {};
}

void TextShelf::remove(std::string_view name) const
{
    std::error_code problem;
    fs::remove(fileOf(name), problem);
}

void TextShelf::makeRoom() const
{
    std::vector<std::pair<fs::file_time_type, fs::path>> kept;
    std::error_code problem;
    for (fs::directory_iterator entry(m_folder, problem), end; !problem && entry != end; entry.increment(problem)) {
        std::error_code unread;
        const fs::file_time_type written = entry->last_write_time(unread);
        if (!unread && entry->path().extension() == kEnding)
            kept.emplace_back(written, entry->path());
    }
    if (kept.size() <= m_limits.texts)
        return;
    std::ranges::sort(kept);
    for (std::size_t i = 0; i < kept.size() - m_limits.texts; ++i)
        fs::remove(kept[i].second, problem);
}

} // namespace tiphys::store
