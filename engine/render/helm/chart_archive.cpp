// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/chart_archive.h"

#include "base/text.h"
#include "render/file_tree.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <memory>

namespace tiphys::render {

namespace {

struct ArchiveDeleter
{
    void operator()(archive *reader) const { archive_read_free(reader); }
};
using ArchivePtr = std::unique_ptr<archive, ArchiveDeleter>;

std::unexpected<Error> bad(std::string text)
{
    return failure(ErrorCode::InvalidInput, std::move(text));
}

bool isDrivePath(std::string_view name)
{
    return name.size() > 2 && name[1] == ':' && name[2] == '/' && ((name[0] | 0x20) >= 'a' && (name[0] | 0x20) <= 'z');
}

/// Go's path.Clean of a relative path.
std::string cleaned(std::string_view name)
{
    std::vector<std::string_view> parts;
    for (const std::string_view part : split(name, '/')) {
        if (part.empty() || part == ".")
            continue;
        if (part == ".." && !parts.empty() && parts.back() != "..")
            parts.pop_back();
        else
            parts.push_back(part);
    }
    std::string text;
    for (const std::string_view part : parts)
        text += (text.empty() ? "" : "/") + std::string(part);
    return text.empty() ? "." : text;
}

/// The path inside of the chart of an entry called \p name.
Expected<std::string> nameInChart(const std::string &name)
{
    const char delimiter = name.contains('\\') ? '\\' : '/';
    const auto first = name.find(delimiter);
    if (name.substr(0, first) == "Chart.yaml")
        return bad("chart yaml not in base directory");
    std::string inside = first == std::string::npos ? std::string() : name.substr(first + 1);
    std::ranges::replace(inside, delimiter, '/');
    if (inside.starts_with('/'))
        return bad("chart illegally contains absolute paths");
    inside = cleaned(inside);
    if (inside == ".")
        return bad("chart illegally contains content outside the base directory: \"" + name + "\"");
    if (inside.starts_with(".."))
        return bad("chart illegally references parent directory");
    if (isDrivePath(inside))
        return bad("chart contains illegally named files");
    return inside;
}

/// The bytes of the entry that \p reader stands at, at most \p limit.
Expected<std::string> contentOf(archive *reader, std::size_t limit)
{
    std::string content;
    const void *block = nullptr;
    std::size_t size = 0;
    la_int64_t offset = 0;
    while (true) {
        const int result = archive_read_data_block(reader, &block, &size, &offset);
        if (result == ARCHIVE_EOF)
            break;
        if (result < ARCHIVE_WARN)
            return bad(archive_error_string(reader) ? archive_error_string(reader) : "broken archive");
        const auto end = static_cast<std::size_t>(offset) + size;
        if (offset < 0 || end > limit)
            return failure(ErrorCode::LimitExceeded,
                           "decompressed chart is larger than the maximum size " + std::to_string(kChartLimit));
        content.resize(std::max(content.size(), end));
        std::copy_n(static_cast<const char *>(block), size, content.data() + offset);
    }
    if (content.starts_with("\xEF\xBB\xBF"))
        content.erase(0, 3);
    return content;
}

} // namespace

Expected<std::vector<ChartFile>> chartArchiveFiles(std::string_view bytes)
{
    const ArchivePtr reader(archive_read_new());
    archive_read_support_filter_gzip(reader.get());
    archive_read_support_format_tar(reader.get());
    if (archive_read_open_memory(reader.get(), bytes.data(), bytes.size()) != ARCHIVE_OK)
        return bad(bytes.starts_with("\x1F\x8B") ? "gzip: invalid header"
                                                 : "the file does not appear to be a gzipped archive");
    std::vector<ChartFile> files;
    std::size_t left = kChartLimit;
    archive_entry *entry = nullptr;
    while (true) {
        const int result = archive_read_next_header(reader.get(), &entry);
        if (result == ARCHIVE_EOF)
            break;
        if (result < ARCHIVE_WARN)
            return bad(archive_error_string(reader.get()) ? archive_error_string(reader.get()) : "broken archive");
        if (archive_entry_filetype(entry) == AE_IFDIR)
            continue;
        const char *path = archive_entry_pathname(entry);
        const std::string name = path ? path : "";
        const Expected<std::string> inside = nameInChart(name);
        if (!inside)
            return std::unexpected(inside.error());
        const auto size = static_cast<std::size_t>(std::max<la_int64_t>(archive_entry_size(entry), 0));
        if (size > kChartFileLimit)
            return failure(ErrorCode::LimitExceeded, "decompressed chart file \"" + name
                                                         + "\" is larger than the maximum file size "
                                                         + std::to_string(kChartFileLimit));
        Expected<std::string> content = contentOf(reader.get(), std::min(left, kChartFileLimit + 4));
        if (!content)
            return std::unexpected(content.error());
        left -= std::min(left, content->size());
        files.push_back(ChartFile::of(*inside, std::move(*content)));
    }
    if (files.empty())
        return bad("no files in chart archive");
    return files;
}

Expected<std::shared_ptr<const FileTree>> chartArchiveTree(std::string_view bytes)
{
    Expected<std::vector<ChartFile>> files = chartArchiveFiles(bytes);
    if (!files)
        return std::unexpected(files.error());
    std::vector<std::pair<std::string, std::string>> named;
    named.reserve(files->size());
    for (ChartFile &file : *files)
        named.emplace_back(std::move(file.name), std::string(file.text));
    return memoryTree(std::move(named));
}

} // namespace tiphys::render
