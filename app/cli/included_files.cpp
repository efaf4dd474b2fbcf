// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/included_files.h"

#include "base/glob.h"
#include "base/text.h"

#include <algorithm>
#include <utility>

namespace tiphys::cli {

using render::FileEntry;
using render::FileKind;

namespace {

class IncludedFiles final : public render::FileTree
{
public:
    IncludedFiles(std::shared_ptr<const render::FileTree> files, std::vector<std::string> patterns)
        : m_files(std::move(files)), m_patterns(std::move(patterns))
    {
    }

    Expected<std::vector<FileEntry>> list(std::string_view folder) const override
    {
        Expected<std::vector<FileEntry>> entries = m_files->list(folder);
        if (entries)
            std::erase_if(*entries, [this](const FileEntry &one) { return !isIncluded(one); });
        return entries;
    }

    Expected<FileEntry> entry(std::string_view path) const override
    {
        Expected<FileEntry> found = m_files->entry(path);
        if (found && !path.empty() && !isIncluded(*found))
            return left(path);
        return found;
    }

    Expected<render::FileContent> read(std::string_view path) const override
    {
        const Expected<FileEntry> found = m_files->entry(path);
        if (found && !isIncluded(*found))
            return left(path);
        return m_files->read(path);
    }

    /// True if there is a file below \p folder.
    Expected<bool> hasFile(const std::string &folder) const
    {
        const Expected<std::vector<FileEntry>> entries = list(folder);
        if (!entries)
            return std::unexpected(entries.error());
        if (std::ranges::any_of(*entries, [](const FileEntry &one) { return one.kind == FileKind::File; }))
            return true;
        for (const FileEntry &one : *entries) {
            if (one.kind != FileKind::Folder)
                continue;
            const Expected<bool> below = hasFile(folder.empty() ? one.name : folder + "/" + one.name);
            if (!below || *below)
                return below;
        }
        return false;
    }

private:
    bool isIncluded(const FileEntry &one) const
    {
        return one.kind == FileKind::Folder || one.kind == FileKind::Submodule
               || std::ranges::any_of(
                   m_patterns, [&one](const std::string &pattern) { return pathGlobMatches(pattern, one.name); });
    }

    static std::unexpected<Error> left(std::string_view path)
    {
        return failure(ErrorCode::NotFound, std::string(path) + " is left out by --local-include");
    }

    std::shared_ptr<const render::FileTree> m_files;
    std::vector<std::string> m_patterns;
};

} // namespace

Expected<std::shared_ptr<const render::FileTree>> includedFiles(std::shared_ptr<const render::FileTree> files,
                                                                std::vector<std::string> patterns)
{
    if (patterns.empty())
        return files;
    auto included = std::make_shared<const IncludedFiles>(std::move(files), patterns);
    const Expected<bool> hasFile = included->hasFile({});
    if (!hasFile)
        return std::unexpected(hasFile.error());
    if (!*hasFile)
        return failure(ErrorCode::InvalidInput, "no file matches --local-include " + join(patterns, ", "));
    return included;
}

} // namespace tiphys::cli
