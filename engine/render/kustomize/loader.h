// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/kustomize/file_cache.h"
#include "render/kustomize/kustomize.h"

#include <memory>
#include <string>
#include <string_view>

namespace tiphys::render::kustomize {

/// Reads the files of one kustomization: its folder is the root.
/// Source: kustomize api/internal/loader/fileloader.go, loadrestrictions.go@v5.8.1
class Loader
{
public:
    Loader(const FileTree &files, std::string root, const KustomizeOptions &options)
        : m_files(&files), m_cache(std::make_shared<FileCache>(files)), m_root(std::move(root)), m_options(&options),
          m_restriction(options.restriction)
    {
    }

    const std::string &root() const { return m_root; }
    const FileTree &files() const { return *m_files; }
    const KustomizeOptions &options() const { return *m_options; }
    /// Who led here, null at the top.
    const Loader *referrer() const { return m_referrer.get(); }
    /// The root as messages name it.
    std::string shownRoot() const { return m_root.empty() ? "." : m_root; }

    /// The bytes at \p path, which is relative to the root, or a URL.
    /// Errors: NotFound; InvalidInput "security; file …" and for folders; Unavailable for URLs not fetched.
    Expected<FileContent> load(std::string_view path) const;
    /// True if \p path is a folder of this tree: no file that load could give.
    bool isFolder(std::string_view path) const;
    /// A loader for the kustomization at \p path: a folder or a repository.
    /// Errors: NotFound "not a valid directory: …"; InvalidInput for cycles; Unavailable.
    Expected<Loader> at(std::string_view path) const;
    /// A loader for the folder where a build begins.
    static Expected<Loader> top(const FileTree &files, std::string_view folder, const KustomizeOptions &options);

    /// \p path below the root, cleaned; nothing if it leaves the tree.
    Expected<std::string> below(std::string_view path) const;
    /// Notes that \p missing has to be fetched.
    void need(RemoteNeed missing) const;
    /// Errors: InvalidInput if this kustomization, or one that led to it, lies in the folder \p root; LimitExceeded.
    Expected<void> checkCycle(std::string_view root) const;

private:
    Expected<Loader> atRepository(const RepoSpec &spec) const;
    Expected<void> checkRepositoryCycle(const RepoSpec &spec) const;
    const FileTree *m_files;
    std::shared_ptr<FileCache> m_cache; ///< of m_files
    std::string m_root;
    const KustomizeOptions *m_options;
    LoadRestriction m_restriction;
    std::shared_ptr<const Loader> m_referrer;
    std::shared_ptr<const FileTree> m_repository; ///< keeps a fetched tree
    std::string m_repositoryUrl;
};

} // namespace tiphys::render::kustomize
