// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/layer_archive.h"

#include "base/text.h"
#include "render/helm/chart_archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <map>

namespace tiphys::render {

namespace {

constexpr std::size_t kMostEntries = 100'000;
constexpr int kMostLinks = 40;

struct ArchiveDeleter
{
    void operator()(archive *reader) const { archive_read_free(reader); }
};
using ArchiveReader = std::unique_ptr<archive, ArchiveDeleter>;

std::unexpected<Error> broken(archive *reader)
{
    const char *text = archive_error_string(reader);
    return failure(ErrorCode::InvalidInput, std::string("the layer is no archive: ") + (text ? text : "broken"));
}

Expected<std::string> contentOf(archive *reader, std::size_t limit)
{
    std::string content;
    const void *block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (true) {
        const int result = archive_read_data_block(reader, &block, &size, &offset);
        if (result == ARCHIVE_EOF)
            return content;
        if (result < ARCHIVE_WARN)
            return broken(reader);
        const auto end = static_cast<std::size_t>(offset) + size;
        if (offset < 0 || end > limit)
            return failure(ErrorCode::LimitExceeded,
                           "the layer holds more than " + std::to_string(kChartLimit) + " bytes");
        content.resize(std::max(content.size(), end));
        std::copy_n(static_cast<const char *>(block), size, content.data() + offset);
    }
}

class Layer
{
public:
    Expected<void> read(archive *reader)
    {
        archive_entry *entry = nullptr;
        while (true) {
            const int result = archive_read_next_header(reader, &entry);
            if (result == ARCHIVE_EOF)
                return {};
            if (result < ARCHIVE_WARN)
                return broken(reader);
            if (++m_entries > kMostEntries)
                return failure(ErrorCode::LimitExceeded, "the layer has more than 100000 entries");
            if (const Expected<void> added = add(reader, entry); !added)
                return added;
        }
    }

    Expected<std::vector<std::pair<std::string, std::string>>> files() const
    {
        std::vector<std::pair<std::string, std::string>> all(m_files.begin(), m_files.end());
        for (const auto &[path, target] : m_links) {
            std::string at = target;
            for (int i = 0; i < kMostLinks && m_links.contains(at); ++i)
                at = m_links.at(at);
            if (const auto file = m_files.find(at); file != m_files.end())
                all.emplace_back(path, file->second);
        }
        return all;
    }

private:
    Expected<void> add(archive *reader, archive_entry *entry)
    {
        const char *name = archive_entry_pathname(entry);
        const std::string shown = name ? name : "";
        const Expected<std::string> path = cleanPath(shown);
        if (shown.starts_with('/') || !path)
            return failure(ErrorCode::InvalidInput, "the layer's entry " + quoted(shown) + " leaves the root");
        const char *link = archive_entry_symlink(entry);
        const char *hard = archive_entry_hardlink(entry);
        if (link || hard) {
            const auto slash = path->rfind('/');
            const std::string folder = slash == std::string::npos || hard ? std::string() : path->substr(0, slash + 1);
            const std::string target = link ? link : hard;
            const Expected<std::string> inside = cleanPath(folder + target);
            if (target.starts_with('/') || !inside)
                return failure(ErrorCode::InvalidInput, "the layer's link " + quoted(shown) + " leaves the root");
            m_links[*path] = *inside;
            return {};
        }
        if (archive_entry_filetype(entry) != AE_IFREG)
            return {};
        Expected<std::string> content = contentOf(reader, m_left);
        if (!content)
            return std::unexpected(content.error());
        m_left -= std::min(m_left, content->size());
        m_files[*path] = std::move(*content);
        return {};
    }

    std::map<std::string, std::string> m_files;
    std::map<std::string, std::string> m_links;
    std::size_t m_left = kChartLimit;
    std::size_t m_entries = 0;
};

} // namespace

Expected<std::shared_ptr<const FileTree>> layerTree(std::string_view bytes)
{
    const ArchiveReader reader(archive_read_new());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return broken(reader.get());
    Layer layer;
    if (const Expected<void> read = layer.read(reader.get()); !read)
        return std::unexpected(read.error());
    Expected<std::vector<std::pair<std::string, std::string>>> files = layer.files();
    if (!files)
        return std::unexpected(files.error());
    return memoryTree(std::move(*files));
}

} // namespace tiphys::render
