// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <git2.h>

#include <memory>
#include <string>

namespace tiphys::git {

/// Frees a libgit2 object with its own function.
template <auto Free>
struct Freer
{
    template <typename T>
    void operator()(T *object) const
    {
        Free(object);
    }
};

template <typename T, auto Free>
using Handle = std::unique_ptr<T, Freer<Free>>;

using RepositoryHandle = Handle<git_repository, git_repository_free>;
using OdbHandle = Handle<git_odb, git_odb_free>;
using OdbObjectHandle = Handle<git_odb_object, git_odb_object_free>;
using ObjectHandle = Handle<git_object, git_object_free>;
using CommitHandle = Handle<git_commit, git_commit_free>;
using TreeHandle = Handle<git_tree, git_tree_free>;
using ReferenceHandle = Handle<git_reference, git_reference_free>;
using DiffHandle = Handle<git_diff, git_diff_free>;
using IndexHandle = Handle<git_index, git_index_free>;
using ConfigHandle = Handle<git_config, git_config_free>;
using RemoteHandle = Handle<git_remote, git_remote_free>;
using WalkHandle = Handle<git_revwalk, git_revwalk_free>;
using PackBuilderHandle = Handle<git_packbuilder, git_packbuilder_free>;
using FilterListHandle = Handle<git_filter_list, git_filter_list_free>;

/// Takes what a libgit2 function writes through its first argument: `git_repository_open(out(handle), path)`. The handle
/// is set at the end of the full expression, so it must not be used within the same one.
template <typename H>
class Out
{
public:
    explicit Out(H &handle) : m_handle(handle) {}
    Out(const Out &) = delete;
    ~Out() { m_handle.reset(m_raw); }
    operator typename H::element_type **() { return &m_raw; }

private:
    H &m_handle;
    typename H::element_type *m_raw = nullptr;
};

template <typename H>
Out<H> out(H &handle)
{
    return Out<H>(handle);
}

/// Sets libgit2 up once for the process: no hash check of every object read (as git itself does not), and no check
/// of who owns a repository, because nothing that a repository's configuration names is ever run.
void startLibgit2();

/// The failure that libgit2 reported last in this thread, while \p doing ("reading blob 'x'"); \p code is what the
/// function returned.
Error libgit2Error(int code, const std::string &doing);

/// Hex digits of \p id.
std::string hexOf(const git_oid &id);
/// The id that 40 hex digits name; InvalidInput otherwise.
Expected<git_oid> idOf(const std::string &hex);

} // namespace tiphys::git
