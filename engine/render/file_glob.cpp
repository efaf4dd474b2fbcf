// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/file_glob.h"

#include "base/glob.h"

#include <algorithm>

namespace tiphys::render {

namespace {

constexpr int kDeepestFolder = 100;

using Paths = std::vector<std::string>;

std::string below(std::string_view folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : std::string(folder) + "/" + std::string(name);
}

/// Positions of \p pattern that no backslash stands before.
std::size_t lastOf(std::string_view pattern, std::string_view characters)
{
    for (std::size_t i = pattern.size(); i-- > 0;) {
        if (characters.contains(pattern[i]) && (i == 0 || pattern[i - 1] != '\\'))
            return i;
    }
    return std::string_view::npos;
}

bool isSpecial(std::string_view pattern, std::string_view characters)
{
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\')
            ++i;
        else if (characters.contains(pattern[i]))
            return true;
    }
    return false;
}

std::string unescaped(std::string_view pattern)
{
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && i + 1 < pattern.size() && std::string_view("*?[]{}").contains(pattern[i + 1]))
            ++i;
        text += pattern[i];
    }
    return text;
}

/// The brace that the one behind \p text closes.
std::size_t openingOf(std::string_view text)
{
    int open = 1;
    for (std::size_t i = text.size(); i-- > 0;) {
        if (i > 0 && text[i - 1] == '\\')
            continue;
        open += text[i] == '}' ? 1 : text[i] == '{' ? -1 : 0;
        if (open == 0)
            return i;
    }
    return std::string_view::npos;
}

std::vector<std::string_view> alternativesIn(std::string_view text)
{
    std::vector<std::string_view> parts;
    std::size_t start = 0;
    int open = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == ',' && open == 0) {
            parts.push_back(text.substr(start, i - start));
            start = i + 1;
        } else {
            open += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
        }
    }
    if (start < text.size())
        parts.push_back(text.substr(start));
    return parts;
}

/// What a name has to match. Classes are negated by "!" too.
std::string nameGlob(std::string_view pattern)
{
    std::string glob(pattern);
    for (std::size_t i = 0; i + 1 < glob.size(); ++i) {
        if (glob[i] == '\\')
            ++i;
        else if (glob[i] == '[' && glob[i + 1] == '!')
            glob[i + 1] = '^';
    }
    return glob;
}

enum class Wanted { All, Folders };

/// The names of a tree as a checkout shows them: links are followed.
class Folders
{
public:
    explicit Folders(const FileTree &files) : m_files(files) {}

    std::vector<FileEntry> entries(const std::string &folder) const
    {
        const Expected<std::string> real = resolvedPath(m_files, folder);
        const Expected<std::vector<FileEntry>> listed = real ? m_files.list(*real) : std::unexpected(real.error());
        return listed ? *listed : std::vector<FileEntry>();
    }

    bool isFolder(const std::string &path, FileKind kind) const
    {
        if (kind != FileKind::Symlink)
            return kind == FileKind::Folder || kind == FileKind::Submodule;
        return isFolder(path);
    }
    bool isFolder(const std::string &path) const
    {
        const Expected<std::string> real = resolvedPath(m_files, path);
        return real && (real->empty() || m_files.list(*real));
    }
    bool isThere(const std::string &path) const { return resolvedPath(m_files, path).has_value(); }
    /// True for links too that lead nowhere.
    bool isNamed(const std::string &path) const { return path.empty() || m_files.entry(path).has_value(); }

private:
    const FileTree &m_files;
};

class DeepGlob
{
public:
    DeepGlob(const FileTree &files, std::string_view pattern)
        : m_folders(files), m_isWalked(pattern.substr(0, pattern.empty() ? 0 : pattern.size() - 1).contains("**"))
    {
    }

    bool isTooDeep() const { return m_isTooDeep; }

    Paths matches(std::string_view pattern, Wanted wanted)
    {
        if (!isSpecial(pattern, "*?[{")) {
            const std::string path = unescaped(pattern);
            return m_folders.isThere(path) ? Paths{path} : Paths();
        }
        std::size_t split = lastOf(pattern, "/}");
        if (split != std::string_view::npos && pattern[split] == '}') {
            const std::size_t opening = openingOf(pattern.substr(0, split));
            if (opening != std::string_view::npos)
                return alternatives(pattern, opening, split, wanted);
            split = lastOf(pattern.substr(0, split), "/");
        }
        Paths found;
        if (split == std::string_view::npos) {
            addFrom("", pattern, wanted, found);
            return found;
        }
        for (const std::string &folder : matches(pattern.substr(0, split), Wanted::Folders))
            addFrom(folder, pattern.substr(split + 1), wanted, found);
        return found;
    }

private:
    Paths alternatives(std::string_view pattern, std::size_t opening, std::size_t closing, Wanted wanted)
    {
        const std::size_t split = lastOf(pattern.substr(0, opening), "/}");
        const bool hasFolders = split != std::string_view::npos && pattern[split] == '/';
        const Paths folders = hasFolders ? matches(pattern.substr(0, split), Wanted::Folders) : Paths{""};
        const std::size_t start = hasFolders ? split + 1 : 0;
        Paths found;
        for (const std::string &folder : folders) {
            const std::size_t first = m_isWalked ? 0 : found.size();
            for (const std::string_view part : alternativesIn(pattern.substr(opening + 1, closing - opening - 1))) {
                const std::string own =
                    below(folder, std::string(pattern.substr(start, opening - start)) + std::string(part)
                                      + std::string(pattern.substr(closing + 1)));
                for (std::string &path : matches(own, wanted))
                    insert(std::move(path), first, found);
            }
        }
        return found;
    }

    /// In its place among the sorted ones from \p first on.
    static void insert(std::string path, std::size_t first, Paths &found)
    {
        std::size_t at = found.size();
        while (at > first && found[at - 1] > path)
            --at;
        if (at == first || found[at - 1] != path)
            found.insert(found.begin() + static_cast<std::ptrdiff_t>(at), std::move(path));
    }

    void addFrom(const std::string &folder, std::string_view pattern, Wanted wanted, Paths &found)
    {
        if (pattern == "**") {
            if (m_folders.isFolder(folder)) {
                found.push_back(folder);
                addAllBelow(folder, wanted, 0, found);
            }
            return;
        }
        const std::string glob = nameGlob(pattern);
        for (const FileEntry &entry : m_folders.entries(folder)) {
            const std::string path = below(folder, entry.name);
            if (pathGlobMatches(glob, entry.name) && (wanted == Wanted::All || m_folders.isFolder(path, entry.kind)))
                found.push_back(path);
        }
    }

    void addAllBelow(const std::string &folder, Wanted wanted, int depth, Paths &found)
    {
        m_isTooDeep = m_isTooDeep || depth > kDeepestFolder;
        if (m_isTooDeep)
            return;
        for (const FileEntry &entry : m_folders.entries(folder)) {
            const std::string path = below(folder, entry.name);
            const bool isFolder = m_folders.isFolder(path, entry.kind);
            if (isFolder || wanted == Wanted::All)
                found.push_back(path);
            if (isFolder)
                addAllBelow(path, wanted, depth + 1, found);
        }
    }

    Folders m_folders;
    bool m_isWalked;
    bool m_isTooDeep = false;
};

std::unexpected<Error> tooDeep()
{
    return failure(ErrorCode::LimitExceeded, "folders are nested too deeply");
}

class NameGlob
{
public:
    NameGlob(const FileTree &files, std::string_view folder) : m_folders(files), m_folder(folder) {}

    Paths matches(std::string_view pattern, int depth)
    {
        if (!isSpecialHere(pattern))
            return isNamed(pattern) ? Paths{std::string(pattern)} : Paths();
        m_isTooDeep = m_isTooDeep || depth > kDeepestFolder;
        if (m_isTooDeep)
            return {};
        const std::size_t slash = pattern.rfind('/');
        const std::string_view name = slash == std::string_view::npos ? pattern : pattern.substr(slash + 1);
        const std::string_view folder = slash == std::string_view::npos ? std::string_view() : pattern.substr(0, slash);
        const Paths folders = isSpecialHere(folder) ? matches(folder, depth + 1) : Paths{std::string(folder)};
        Paths found;
        for (const std::string &each : folders) {
            const Expected<std::string> place = placeOf(each);
            if (!place || !m_folders.isFolder(*place))
                continue;
            for (const FileEntry &entry : m_folders.entries(*place)) {
                if (pathGlobMatches(name, entry.name))
                    found.push_back(below(each, entry.name));
            }
        }
        return found;
    }

    bool isTooDeep() const { return m_isTooDeep; }

private:
    static bool isSpecialHere(std::string_view pattern)
    {
        return pattern.find_first_of("*?[\\") != std::string_view::npos;
    }
    Expected<std::string> placeOf(std::string_view path) const { return cleanPath(below(m_folder, path)); }
    bool isNamed(std::string_view path) const
    {
        const Expected<std::string> place = placeOf(path);
        return place && (m_folders.isNamed(*place) || m_folders.isThere(*place));
    }

    Folders m_folders;
    std::string m_folder;
    bool m_isTooDeep = false;
};

} // namespace

Expected<std::vector<std::string>> deepGlobPaths(const FileTree &files, std::string_view pattern)
{
    if (const Expected<Glob> valid = Glob::compile(pattern, "/"); !valid)
        return std::unexpected(valid.error());
    DeepGlob glob(files, pattern);
    Paths found = glob.matches(pattern, Wanted::All);
    return glob.isTooDeep() ? tooDeep() : Expected<Paths>(std::move(found));
}

Expected<std::vector<std::string>> globPaths(const FileTree &files, std::string_view folder, std::string_view pattern)
{
    NameGlob glob(files, folder);
    Paths found = glob.matches(pattern, 0);
    return glob.isTooDeep() ? tooDeep() : Expected<Paths>(std::move(found));
}

} // namespace tiphys::render
