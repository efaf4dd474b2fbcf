// SPDX-License-Identifier: GPL-3.0-or-later
#include "cli/local_place.h"

#include "base/text.h"

namespace tiphys::cli {

namespace fs = std::filesystem;

namespace {

/// The folder that \p path names, without links. Errors: NotFound.
Expected<fs::path> folderAt(const std::string &path)
{
    std::error_code code;
    const fs::path folder = fs::canonical(path, code);
    if (code || !fs::is_directory(folder, code))
        return failure(ErrorCode::NotFound, "no folder " + tiphys::quoted(path));
    return folder;
}

/// The folder that stands for the repository where nobody names one.
fs::path rootOf(const fs::path &folder, const std::string &sourcePath)
{
    std::error_code ignored;
    for (fs::path above = folder;; above = above.parent_path()) {
        if (fs::exists(above / ".git", ignored))
            return above;
        if (above == above.parent_path())
            break;
    }
    fs::path above = folder;
    const fs::path inRepository = fs::path(sourcePath).lexically_normal();
    for (auto part = inRepository.end(); part != inRepository.begin();) {
        --part;
        if (part->empty() || *part == ".")
            continue;
        if (above.filename() != *part)
            return folder;
        above = above.parent_path();
    }
    return above;
}

} // namespace

Expected<LocalPlace> localPlaceOf(const LocalFlags &flags, const std::string &sourcePath)
{
    const Expected<fs::path> folder = folderAt(flags.folder);
    if (!folder)
        return std::unexpected(folder.error());
    if (flags.isWholeRepository)
        return LocalPlace{*folder, sourcePath.empty() ? "." : sourcePath};
    const Expected<fs::path> root = flags.root.empty() ? rootOf(*folder, sourcePath) : folderAt(flags.root);
    if (!root)
        return std::unexpected(root.error());
    const fs::path path = folder->lexically_relative(*root);
    if (path.empty() || *path.begin() == "..")
        return failure(ErrorCode::InvalidInput, "folder " + tiphys::quoted(flags.folder)
                                                    + " is not below --local-repo-root " + tiphys::quoted(flags.root));
    return LocalPlace{*root, path.generic_string()};
}

Expected<crd::ApplicationSource> localSourceOf(const crd::ApplicationSource &source, const LocalPlace &place)
{
    object::Value value = source.value.without("chart").with("path", place.path);
    if (source.isOci())
        value = value.with("repoURL", "file://" + place.root.generic_string());
    return crd::sourceOf(value);
}

} // namespace tiphys::cli
