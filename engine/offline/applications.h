// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/object.h"
#include "offline/reach.h"
#include "render/file_tree.h"

#include <optional>
#include <string>
#include <vector>

namespace tiphys::offline {

/// One application of a repository at one revision: what is rendered, and from where.
struct OfflineApp
{
    std::string name;                 ///< of the Application, or the folder's path where there is none
    std::string ns;                   ///< of the Application, may be ""
    std::string destinationNamespace; ///< default namespace of its objects
    std::string path;                 ///< folder of its (first) source
    std::string file;                 ///< Application manifest in the repository, "" where there is none
    std::vector<object::Value>
        sources; ///< as in spec, only those of this repository, chart repositories and registries that render something
    std::vector<std::string> refs;   ///< names by which sources refer to files of this repository ("$values/…")
    std::optional<Reach> reach = {}; ///< of all sources together; nothing until somebody has looked

    /// What the application is called in both revisions.
    std::string identity() const { return ns.empty() ? name : ns + "/" + name; }
};

/// Where something was wrong while looking for applications.
struct OfflineProblem
{
    std::string file;
    std::string message;
    bool isUnread = false; ///< the file is there and its content is not
};

struct OfflineApps
{
    std::vector<OfflineApp> applications; ///< sorted by identity
    std::vector<std::string> pinned;      ///< "shop (v1.2)": their revision does not follow the comparison
    std::vector<std::string> elsewhere;   ///< Applications of other repositories
    std::vector<std::string> sets;        ///< ApplicationSets, whose applications nobody makes here
    bool followsByName = false;           ///< a source names one of the compared branches
    bool mayFollowMain = false;           ///< a source names a main branch, which is not among the compared ones
    std::vector<OfflineProblem> problems;
};

/// Which Applications belong to the compared repository and follow the compared revision.
struct RepositoryNames
{
    std::vector<std::string> urls;     ///< as repoPlace tells them; empty: every repoURL whose folder exists counts
    std::vector<std::string> branches; ///< names that follow the comparison beside "" and HEAD
    std::vector<std::string> main;     ///< names of the main branch: whether a source has one is told
};

/// The applications of \p files: every Application manifest in it; where there is none, every topmost chart,
/// kustomization or folder of manifests.
OfflineApps applicationsIn(const render::FileTree &files, const RepositoryNames &repository);

/// The applications in the manifests at \p appFiles, those that \p files does not have left out. What cannot be read, or
/// holds no Application, goes to problems.
OfflineApps applicationsInFiles(const render::FileTree &files, const std::vector<std::string> &appFiles,
                                const RepositoryNames &repository);

/// One application for each folder in \p paths that exists in \p files; what is no folder goes to problems.
OfflineApps applicationsAt(const render::FileTree &files, const std::vector<std::string> &paths);

/// What the sources of \p app may read of \p files beside their folders.
Reach reachOf(const OfflineApp &app, const render::FileTree &files);

/// True if a change of the file \p path can change what \p app renders or is.
bool mayRead(const OfflineApp &app, std::string_view path);

} // namespace tiphys::offline
