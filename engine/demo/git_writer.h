// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <QString>

#include <map>
#include <string>
#include <string_view>

namespace tiphys::demo {

/// Writes a bare Git repository with one branch, commit by commit, without any Git program.
class GitWriter
{
public:
    /// Begins an empty repository in the new folder \p path. Errors: InvalidInput if it cannot be written.
    static Expected<GitWriter> begin(const QString &path);

    /// Adds a commit with exactly \p files (path and content) on the branch main; gives its SHA-1.
    Expected<std::string> commit(const std::map<std::string, std::string> &files, std::string_view message,
                                 std::int64_t secondsSince1970);

private:
    explicit GitWriter(QString path) : m_path(std::move(path)) {}
    Expected<std::string> write(std::string_view type, const std::string &content);
    Expected<std::string> writeTree(const std::map<std::string, std::string> &files);

    QString m_path;
    std::string m_head;
};

} // namespace tiphys::demo
