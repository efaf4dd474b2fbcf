// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/plugin/plugin_discovery.h"

#include "base/glob.h"
#include "base/text.h"

#include <algorithm>
#include <vector>

namespace tiphys::render {

namespace {

constexpr std::size_t kMostEntries = 1'000'000;
constexpr std::size_t kMostParts = 100;

std::string below(const std::string &folder, std::string_view name)
{
    return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

bool isBroken(std::string_view pattern)
{
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '\\' && ++i == pattern.size())
            return true;
        if (pattern[i] != '[')
            continue;
        std::size_t end = i + 1;
        if (end < pattern.size() && pattern[end] == '^')
            ++end;
        const std::size_t first = end;
        for (; end < pattern.size() && (pattern[end] != ']' || end == first); ++end) {
            if (pattern[end] == '\\')
                ++end;
        }
        if (end >= pattern.size() || pattern[first] == ']')
            return true;
        i = end;
    }
    return false;
}

/// Follows the parts of a pattern through folders.
class Walk
{
public:
    Walk(const FileTree &files, std::vector<std::string> parts) : m_files(files), m_parts(std::move(parts)) {}

    Expected<bool> findsFrom(const std::string &folder, std::size_t part)
    {
        const std::string &pattern = m_parts[part];
        const bool isLast = part + 1 == m_parts.size();
        if (pattern.find_first_of("*?[\\") == std::string::npos)
            return goesOn(below(folder, pattern), part, isLast);
        const Expected<std::string> real = resolvedPath(m_files, folder);
        const Expected<std::vector<FileEntry>> entries = real ? m_files.list(*real) : std::unexpected(real.error());
        if (!entries)
            return false; // folders that cannot be read hold nothing
        for (const FileEntry &entry : *entries) {
            if (!pathGlobMatches(pattern, entry.name))
                continue;
            if (isLast)
                return true;
            const Expected<bool> found = goesOn(below(folder, entry.name), part, isLast);
            if (!found || *found)
                return found;
        }
        return false;
    }

private:
    Expected<bool> goesOn(const std::string &path, std::size_t part, bool isLast)
    {
        if (++m_steps > kMostEntries)
            return failure(ErrorCode::LimitExceeded,
                           "the pattern of a plugin looks at more than " + std::to_string(kMostEntries) + " files");
        if (isLast)
            return m_files.entry(path).has_value();
        const Expected<std::string> real = resolvedPath(m_files, path);
        const Expected<FileEntry> entry = real ? m_files.entry(*real) : std::unexpected(real.error());
        if (!entry || entry->kind != FileKind::Folder)
            return false;
        return findsFrom(path, part + 1);
    }

    const FileTree &m_files;
    std::vector<std::string> m_parts;
    std::size_t m_steps = 0;
};

/// A pattern of zglob, matched by following every way through it at once.
class DeepPattern
{
public:
    explicit DeepPattern(std::string_view pattern)
    {
        for (std::size_t i = 0; i < pattern.size(); ++i)
            i = add(pattern, i);
    }

    bool matches(std::string_view path) const
    {
        std::vector<bool> ends(path.size() + 1);
        ends[0] = true;
        for (const Piece &piece : m_pieces)
            ends = after(piece, path, ends);
        return ends.back();
    }

private:
    struct Piece
    {
        enum class Kind { Text, Names, Folders, Class, Choice } kind = Kind::Text;
        std::vector<std::string> texts = {};
    };

    /// Reads the piece at \p i; gives its last character.
    std::size_t add(std::string_view pattern, std::size_t i)
    {
        using Kind = Piece::Kind;
        if (pattern[i] == '\\' && i + 2 < pattern.size()) {
            m_pieces.push_back({Kind::Text, {std::string(1, pattern[i + 1])}});
            return i + 1;
        }
        if (pattern.substr(i).starts_with("**/")) {
            m_pieces.push_back({Kind::Folders});
            return i + 2;
        }
        if (pattern[i] == '*') {
            m_pieces.push_back({Kind::Names});
            return i;
        }
        const char closing = pattern[i] == '[' ? ']' : pattern[i] == '{' ? '}' : '\0';
        const std::size_t end = closing ? pattern.find(closing, i) : std::string_view::npos;
        if (end != std::string_view::npos && end > i + 1) {
            const std::string_view inner = pattern.substr(i + 1, end - i - 1);
            Piece piece{closing == ']' ? Kind::Class : Kind::Choice, {}};
            for (const std::string_view text : split(inner, closing == ']' ? '\0' : ','))
                piece.texts.emplace_back(text);
            m_pieces.push_back(std::move(piece));
            return end;
        }
        m_pieces.push_back({Kind::Text, {std::string(1, pattern[i])}});
        return i;
    }

    static bool isInClass(std::string_view members, char c)
    {
        const bool isNegated = members.starts_with('^');
        if (isNegated)
            members.remove_prefix(1);
        bool isIn = false;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (i + 2 < members.size() && members[i + 1] == '-') {
                isIn = isIn || (c >= members[i] && c <= members[i + 2]);
                i += 2;
            } else {
                isIn = isIn || c == members[i];
            }
        }
        return isIn != isNegated;
    }

    static std::vector<bool> after(const Piece &piece, std::string_view path, const std::vector<bool> &starts)
    {
        using Kind = Piece::Kind;
        std::vector<bool> ends(starts.size());
        bool isOpen = false; // a run has begun and goes on
        for (std::size_t at = 0; at < starts.size(); ++at) {
            switch (piece.kind) {
            case Kind::Names:
                isOpen = (isOpen && at > 0 && path[at - 1] != '/') || starts[at];
                ends[at] = isOpen;
                break;
            case Kind::Folders:
                ends[at] = starts[at] || (isOpen && at > 0 && path[at - 1] == '/');
                isOpen = isOpen || starts[at];
                break;
            case Kind::Class:
                if (starts[at] && at < path.size() && isInClass(piece.texts.front(), path[at]))
                    ends[at + 1] = true;
                break;
            case Kind::Text:
            case Kind::Choice:
                for (const std::string &text : piece.texts) {
                    if (starts[at] && path.substr(at).starts_with(text))
                        ends[at + text.size()] = true;
                }
                break;
            }
        }
        return ends;
    }

    std::vector<Piece> m_pieces;
};

Expected<bool> anyBelow(const FileTree &files, const std::string &folder, const std::string &shown,
                        const DeepPattern &pattern, std::size_t &count)
{
    const Expected<std::vector<FileEntry>> entries = files.list(folder);
    if (!entries)
        return false;
    for (const FileEntry &entry : *entries) {
        if (++count > kMostEntries)
            return failure(ErrorCode::LimitExceeded,
                           "the pattern of a plugin looks at more than " + std::to_string(kMostEntries) + " files");
        const std::string path = below(shown, entry.name);
        if (pattern.matches(path))
            return true;
        if (entry.kind != FileKind::Folder)
            continue;
        const Expected<bool> deeper = anyBelow(files, below(folder, entry.name), path, pattern, count);
        if (!deeper || *deeper)
            return deeper;
    }
    return false;
}

Expected<std::string> placed(const std::string &folder, std::string_view pattern)
{
    const Expected<std::string> path = cleanPath(below(folder, pattern));
    if (!path)
        return failure(ErrorCode::InvalidInput, "pattern " + quoted(pattern) + " leaves the repository");
    return path;
}

} // namespace

Expected<bool> anyPathMatches(const FileTree &files, const std::string &folder, std::string_view pattern)
{
    const Expected<std::string> path = placed(folder, pattern);
    if (!path)
        return std::unexpected(path.error());
    if (isBroken(pattern))
        return failure(ErrorCode::InvalidInput,
                       "error finding filename match for pattern " + quoted(pattern) + ": syntax error in pattern");
    // The folder itself is a path, not a pattern.
    const bool isInside = !folder.empty() && path->starts_with(folder + "/");
    std::vector<std::string> parts;
    for (const std::string_view part :
         split(isInside ? std::string_view(*path).substr(folder.size() + 1) : std::string_view(*path), '/'))
        parts.emplace_back(part);
    if (parts.size() > kMostParts)
        return failure(ErrorCode::LimitExceeded, "pattern " + quoted(pattern) + " is too long");
    return Walk(files, std::move(parts)).findsFrom(isInside ? folder : std::string(), 0);
}

Expected<bool> anyPathMatchesDeep(const FileTree &files, const std::string &folder, std::string_view pattern)
{
    const Expected<std::string> path = placed(folder, pattern);
    if (!path)
        return std::unexpected(path.error());
    if (pattern.find_first_of("*{") == std::string_view::npos)
        return files.entry(*path).has_value();
    const bool isInside = !folder.empty() && path->starts_with(folder + "/");
    const DeepPattern deep(isInside ? std::string_view(*path).substr(folder.size() + 1) : std::string_view(*path));
    std::size_t count = 0;
    return anyBelow(files, isInside ? folder : std::string(), {}, deep, count);
}

} // namespace tiphys::render
