// SPDX-License-Identifier: GPL-3.0-or-later
#include "git/repository.h"

#include "base/text.h"
#include "git/commit_tree.h"
#include "git/folder_tree.h"
#include "git/object_store.h"
#include "git/url.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace tiphys::git {

namespace fs = std::filesystem;

struct Repository::State
{
    std::string workFolder;
    std::string gitFolder;
    std::string commonFolder;
    std::string prefix;
    std::shared_ptr<ObjectStore> store;
};

namespace {

std::string withoutSlash(const char *folder)
{
    std::string text = folder ? folder : "";
    while (text.size() > 1 && text.ends_with('/'))
        text.pop_back();
    return text;
}

/// The commit that \p hex (full or short) names, or what a tag object leads to.
Expected<CommitHandle> commitIn(git_repository *repository, const std::string &hex)
{
    git_oid id;
    if (hex.empty() || hex.size() > GIT_OID_SHA1_HEXSIZE || git_oid_fromstrn(&id, hex.data(), hex.size()) != 0)
        return failure(ErrorCode::InvalidInput, "no commit id: " + tiphys::quoted(hex));
    ObjectHandle object;
    int code = git_object_lookup_prefix(out(object), repository, &id, hex.size(), GIT_OBJECT_ANY);
    if (code == GIT_ENOTFOUND) {
        std::string message = "commit " + hex + " is not in the repository";
        if (git_repository_is_shallow(repository))
            message += ", whose history is cut off (shallow clone)";
        return failure(ErrorCode::NotFound, std::move(message));
    }
    if (code == GIT_EAMBIGUOUS)
        return failure(ErrorCode::InvalidInput, "short id " + tiphys::quoted(hex) + " is ambiguous");
    if (code != 0)
        return std::unexpected(libgit2Error(code, "reading commit " + hex));
    // Step by step, so that what a tag names tells why it cannot be read.
    while (git_object_type(object.get()) == GIT_OBJECT_TAG) {
        ObjectHandle target;
        code = git_tag_target(out(target), reinterpret_cast<const git_tag *>(object.get()));
        if (code != 0)
            return std::unexpected(libgit2Error(code, "reading commit " + hex));
        object = std::move(target);
    }
    ObjectHandle peeled;
    code = git_object_peel(out(peeled), object.get(), GIT_OBJECT_COMMIT);
    if (code == GIT_ERROR)
        return std::unexpected(libgit2Error(code, "reading commit " + hex));
    if (code != 0)
        return failure(ErrorCode::InvalidInput, "object " + hex + " is a "
                                                    + git_object_type2string(git_object_type(object.get()))
                                                    + ", no commit");
    return CommitHandle(reinterpret_cast<git_commit *>(peeled.release()));
}

std::string idText(const CommitHandle &commit)
{
    return hexOf(*git_commit_id(commit.get()));
}

enum class Peel { No, Yes };

Ref refOf(git_reference *reference, Peel peel)
{
    Ref ref;
    ref.name = git_reference_name(reference);
    if (const char *target = git_reference_symbolic_target(reference))
        ref.target = target;
    ReferenceHandle resolved;
    if (git_reference_resolve(out(resolved), reference) != 0)
        return ref;
    const git_oid *id = git_reference_target(resolved.get());
    ref.id = hexOf(*id);
    if (peel == Peel::No)
        return ref;
    ObjectHandle commit;
    const int code = git_reference_peel(out(commit), resolved.get(), GIT_OBJECT_COMMIT);
    if (code == 0 && !git_oid_equal(git_object_id(commit.get()), id))
        ref.peeled = hexOf(*git_object_id(commit.get()));
    return ref;
}

Expected<std::vector<Ref>> refsIn(git_repository *repository, Peel peel)
{
    std::vector<Ref> refs;
    git_reference_iterator *raw = nullptr;
    if (const int code = git_reference_iterator_new(&raw, repository); code != 0)
        return std::unexpected(libgit2Error(code, "reading refs"));
    const std::unique_ptr<git_reference_iterator, Freer<git_reference_iterator_free>> iterator(raw);
    while (true) {
        ReferenceHandle reference;
        const int code = git_reference_next(out(reference), iterator.get());
        if (code == GIT_ITEROVER)
            break;
        if (code != 0)
            return std::unexpected(libgit2Error(code, "reading refs"));
        refs.push_back(refOf(reference.get(), peel));
    }
    std::ranges::sort(refs, {}, &Ref::name);
    ReferenceHandle head;
    if (git_reference_lookup(out(head), repository, "HEAD") == 0)
        refs.insert(refs.begin(), refOf(head.get(), peel));
    return refs;
}

/// Git's own syntax.
Expected<std::string> parsedRevision(git_repository *repository, const std::string &text)
{
    ObjectHandle object;
    int code = git_revparse_single(out(object), repository, text.c_str());
    if (code == GIT_EAMBIGUOUS)
        return failure(ErrorCode::InvalidInput, "short id " + tiphys::quoted(text) + " is ambiguous");
    const git_error *problem = code == 0 || code == GIT_ENOTFOUND ? nullptr : git_error_last();
    if (problem && problem->klass == GIT_ERROR_ODB)
        return failure(ErrorCode::InvalidInput,
                       "unable to resolve " + tiphys::quoted(text) + " to a commit SHA: " + problem->message);
    if (code != 0)
        return failure(ErrorCode::NotFound, "unable to resolve " + tiphys::quoted(text) + " to a commit SHA");
    const Expected<CommitHandle> commit = commitIn(repository, hexOf(*git_object_id(object.get())));
    if (!commit)
        return std::unexpected(commit.error());
    return idText(*commit);
}

Signature signatureOf(const git_signature *signature)
{
    return {signature->name, signature->email, signature->when.time, signature->when.offset};
}

SignatureKind signatureKindOf(git_commit *commit)
{
    git_buf text = GIT_BUF_INIT;
    if (git_commit_header_field(&text, commit, "gpgsig") != 0)
        return SignatureKind::None;
    const std::string_view signature(text.ptr, text.size);
    SignatureKind kind = SignatureKind::Unknown;
    if (signature.starts_with("-----BEGIN PGP "))
        kind = SignatureKind::OpenPgp;
    else if (signature.starts_with("-----BEGIN SSH "))
        kind = SignatureKind::Ssh;
    else if (signature.starts_with("-----BEGIN SIGNED MESSAGE-----"))
        kind = SignatureKind::X509;
    git_buf_dispose(&text);
    return kind;
}

/// What is signed in a tag object: its text before the signature.
SignedText signedTextOf(std::string_view tag)
{
    const std::size_t start = tag.find("\n-----BEGIN ");
    if (start == std::string_view::npos)
        return {"", std::string(tag)};
    return {std::string(tag.substr(start + 1)), std::string(tag.substr(0, start + 1))};
}

CommitMetadata metadataOf(git_commit *commit)
{
    CommitMetadata metadata;
    metadata.id = hexOf(*git_commit_id(commit));
    for (unsigned i = 0; i < git_commit_parentcount(commit); ++i)
        metadata.parents.push_back(hexOf(*git_commit_parent_id(commit, i)));
    metadata.author = signatureOf(git_commit_author(commit));
    metadata.committer = signatureOf(git_commit_committer(commit));
    metadata.message = git_commit_message(commit);
    metadata.signature = signatureKindOf(commit);
    return metadata;
}

ChangedFile changedFileOf(const git_diff_delta &delta)
{
    ChangedFile file{delta.new_file.path, "", ChangeKind::Modified};
    switch (delta.status) {
    case GIT_DELTA_ADDED:
    case GIT_DELTA_UNTRACKED:
    case GIT_DELTA_COPIED: file.kind = ChangeKind::Added; break;
    case GIT_DELTA_DELETED: file = {delta.old_file.path, "", ChangeKind::Removed}; break;
    case GIT_DELTA_RENAMED:
        file.kind = ChangeKind::Renamed;
        file.oldPath = delta.old_file.path;
        break;
    case GIT_DELTA_TYPECHANGE: file.kind = ChangeKind::TypeChanged; break;
    default: break;
    }
    return file;
}

/// What \p file is when read in the other direction.
ChangedFile reversed(ChangedFile file)
{
    if (file.kind == ChangeKind::Renamed)
        std::swap(file.path, file.oldPath);
    else if (file.kind == ChangeKind::Added || file.kind == ChangeKind::Removed)
        file.kind = file.kind == ChangeKind::Added ? ChangeKind::Removed : ChangeKind::Added;
    return file;
}

Expected<TreeHandle> treeIn(git_repository *repository, const std::string &commitId)
{
    const Expected<CommitHandle> commit = commitIn(repository, commitId);
    if (!commit)
        return std::unexpected(commit.error());
    TreeHandle tree;
    if (const int code = git_commit_tree(out(tree), commit->get()); code != 0)
        return std::unexpected(libgit2Error(code, "reading the tree of commit " + commitId));
    return tree;
}

/// From \p left to \p right, or from \p right to \p left if that is the working tree.
Expected<DiffHandle> diffIn(git_repository *repository, const Revision &left, const Revision &right)
{
    git_diff_options options = GIT_DIFF_OPTIONS_INIT;
    options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK | GIT_DIFF_INCLUDE_UNTRACKED
                    | GIT_DIFF_RECURSE_UNTRACKED_DIRS;
    const Expected<TreeHandle> first = treeIn(repository, left.isWorkingTree() ? right.commit : left.commit);
    if (!first)
        return std::unexpected(first.error());
    DiffHandle diff;
    int code = 0;
    if (left.isWorkingTree() || right.isWorkingTree()) {
        code = git_diff_tree_to_workdir_with_index(out(diff), repository, first->get(), &options);
    } else {
        const Expected<TreeHandle> second = treeIn(repository, right.commit);
        if (!second)
            return std::unexpected(second.error());
        code = git_diff_tree_to_tree(out(diff), repository, first->get(), second->get(), &options);
    }
    if (code != 0)
        return std::unexpected(libgit2Error(code, "comparing " + tiphys::quoted(left.requested) + " and "
                                                      + tiphys::quoted(right.requested)));
    return diff;
}

/// Ids of what stands at \p paths in the tree of \p commit, "" where nothing does.
std::vector<std::string> idsAt(git_commit *commit, const std::vector<std::string> &paths)
{
    std::vector<std::string> ids;
    TreeHandle tree;
    if (git_commit_tree(out(tree), commit) != 0)
        return std::vector<std::string>(paths.size());
    for (const std::string &path : paths) {
        git_tree_entry *raw = nullptr;
        if (path.empty())
            ids.push_back(hexOf(*git_tree_id(tree.get())));
        else if (git_tree_entry_bypath(&raw, tree.get(), path.c_str()) == 0)
            ids.push_back(hexOf(*git_tree_entry_id(raw)));
        else
            ids.emplace_back();
        git_tree_entry_free(raw);
    }
    return ids;
}

/// As `git log -- paths`: a commit counts if it differs from each of its parents there.
bool changesPaths(git_commit *commit, const std::vector<std::string> &paths)
{
    if (paths.empty())
        return true;
    const std::vector<std::string> here = idsAt(commit, paths);
    const unsigned parents = git_commit_parentcount(commit);
    if (parents == 0)
        return std::ranges::any_of(here, [](const std::string &id) { return !id.empty(); });
    for (unsigned i = 0; i < parents; ++i) {
        CommitHandle parent;
        const int code = git_commit_parent(out(parent), commit, i);
        if (code == 0 && idsAt(parent.get(), paths) == here)
            return false;
    }
    return true;
}

std::vector<std::string> namesBelow(const std::vector<Ref> &refs, std::string_view prefix)
{
    std::vector<std::string> names;
    for (const Ref &ref : refs)
        if (ref.name.starts_with(prefix))
            names.push_back(ref.name.substr(prefix.size()));
    return names;
}

} // namespace

Expected<Repository> Repository::open(const std::string &place)
{
    startLibgit2();
    const std::string path = place.starts_with("file://") ? localPathOf(place) : place;
    std::error_code fault;
    const fs::path absolute = fs::absolute(path.empty() ? "." : path, fault);
    if (!fs::exists(absolute, fault))
        return failure(fault == std::errc::permission_denied ? ErrorCode::Denied : ErrorCode::NotFound,
                       "no folder " + tiphys::quoted(path));
    RepositoryHandle handle;
    const int code = git_repository_open_ext(out(handle), absolute.c_str(), GIT_REPOSITORY_OPEN_CROSS_FS, nullptr);
    if (code == GIT_ENOTFOUND)
        return failure(ErrorCode::NotFound, tiphys::quoted(path) + " is not in a Git repository");
    if (code != 0)
        return std::unexpected(libgit2Error(code, "opening repository " + tiphys::quoted(path)));
    auto state = std::make_shared<State>();
    state->workFolder = withoutSlash(git_repository_workdir(handle.get()));
    // A bare repository whose configuration does not say so: libgit2 takes the folder around it for the work tree.
    if (!state->workFolder.empty() && !fs::exists(fs::path(state->workFolder) / ".git", fault))
        state->workFolder.clear();
    state->gitFolder = withoutSlash(git_repository_path(handle.get()));
    state->commonFolder = withoutSlash(git_repository_commondir(handle.get()));
    if (!state->workFolder.empty()) {
        const fs::path inside =
            fs::weakly_canonical(absolute, fault).lexically_relative(fs::weakly_canonical(state->workFolder, fault));
        const std::string text = inside.generic_string();
        if (text != "." && !text.starts_with(".."))
            state->prefix = text.ends_with('/') ? text.substr(0, text.size() - 1) : text;
        if (state->prefix == ".git" || state->prefix.starts_with(".git/"))
            state->prefix.clear();
    }
    state->store = std::make_shared<ObjectStore>(state->workFolder.empty() ? state->gitFolder : state->workFolder);
    return Repository(std::move(state));
}

const std::string &Repository::workFolder() const
{
    return m_state->workFolder;
}
const std::string &Repository::gitFolder() const
{
    return m_state->gitFolder;
}
const std::string &Repository::prefix() const
{
    return m_state->prefix;
}

bool Repository::isShallow() const
{
    std::error_code fault;
    return fs::exists(m_state->commonFolder + "/shallow", fault);
}

std::vector<std::string> Repository::remoteUrls() const
{
    const Expected<std::vector<std::string>> urls = m_state->store->with<std::vector<std::string>>(
        [](git_repository *repository) -> Expected<std::vector<std::string>> {
            git_strarray names = {};
            if (const int code = git_remote_list(&names, repository); code != 0)
                return std::unexpected(libgit2Error(code, "reading remotes"));
            std::vector<std::string> found;
            for (std::size_t i = 0; i < names.count; ++i) {
                RemoteHandle remote;
                const int code = git_remote_lookup(out(remote), repository, names.strings[i]);
                if (code != 0 || !git_remote_url(remote.get()))
                    continue;
                const bool isFirst = std::string_view(names.strings[i]) == "origin";
                found.insert(isFirst ? found.begin() : found.end(), git_remote_url(remote.get()));
            }
            git_strarray_dispose(&names);
            return found;
        });
    return urls.value_or(std::vector<std::string>());
}

Expected<std::vector<Ref>> Repository::refs() const
{
    return m_state->store->with<std::vector<Ref>>(
        [](git_repository *repository) { return refsIn(repository, Peel::Yes); });
}

std::vector<std::string> Repository::branches() const
{
    const auto found =
        m_state->store->with<std::vector<Ref>>([](git_repository *one) { return refsIn(one, Peel::No); });
    return namesBelow(found.value_or(std::vector<Ref>()), "refs/heads/");
}

std::vector<std::string> Repository::tags() const
{
    const auto found =
        m_state->store->with<std::vector<Ref>>([](git_repository *one) { return refsIn(one, Peel::No); });
    return namesBelow(found.value_or(std::vector<Ref>()), "refs/tags/");
}

Expected<Revision> Repository::resolve(const std::string &text, const std::string &tagPrefix) const
{
    if (text == kWorkingTreeText) {
        if (isBare())
            return failure(ErrorCode::InvalidInput,
                           "repository " + tiphys::quoted(gitFolder()) + " is bare and has no working tree");
        return Revision{text, "", ""};
    }
    return m_state->store->with<Revision>([&](git_repository *repository) -> Expected<Revision> {
        const Expected<std::vector<Ref>> refs = refsIn(repository, Peel::No);
        if (!refs)
            return std::unexpected(refs.error());
        Expected<Revision> revision = revisionAmong(*refs, text, tagPrefix);
        if (revision) {
            const Expected<CommitHandle> commit = commitIn(repository, revision->commit);
            if (!commit)
                return std::unexpected(commit.error());
            revision->commit = idText(*commit);
            return revision;
        }
        if ((text.empty() || text == "HEAD") && git_repository_head_unborn(repository) == 1)
            return failure(ErrorCode::NotFound, "repository " + tiphys::quoted(gitFolder()) + " has no commit yet");
        for (const std::string &name : {text, "refs/remotes/origin/" + text}) {
            const Expected<std::string> id = parsedRevision(repository, name);
            if (id)
                return Revision{text, *id, name == text ? "" : name};
            if (id.error().code() != ErrorCode::NotFound)
                return std::unexpected(id.error());
        }
        if (git_repository_is_shallow(repository) && text.find_first_of("~^") != std::string::npos)
            return failure(ErrorCode::NotFound,
                           revision.error().message() + ": the history is cut off (shallow clone)");
        return revision;
    });
}

Expected<std::shared_ptr<const render::FileTree>> Repository::tree(const Revision &revision,
                                                                   SubmoduleTrees submodules) const
{
    const std::string lfsFolder = m_state->commonFolder + "/lfs/objects";
    if (revision.isWorkingTree()) {
        if (isBare())
            return failure(ErrorCode::Unsupported,
                           "repository " + tiphys::quoted(gitFolder()) + " is bare and has no working tree");
        return workingTree(workFolder(), m_state->store, lfsFolder);
    }
    const Expected<git_oid> root = m_state->store->with<git_oid>([&](git_repository *repository) -> Expected<git_oid> {
        const Expected<CommitHandle> commit = commitIn(repository, revision.commit);
        if (!commit)
            return std::unexpected(commit.error());
        return *git_commit_tree_id(commit->get());
    });
    if (!root)
        return std::unexpected(root.error());
    const std::string modules = m_state->commonFolder + "/modules/";
    SubmoduleTrees present =
        [modules, submodules](const Submodule &submodule) -> Expected<std::shared_ptr<const render::FileTree>> {
        if (const Expected<std::string> name = render::cleanPath(submodule.name); name && !name->empty())
            if (const Expected<Repository> inner = Repository::open(modules + *name);
                inner && inner->gitFolder().ends_with(*name))
                if (auto files = inner->tree(Revision{submodule.commit, submodule.commit, ""}, submodules))
                    return files;
        if (submodules)
            return submodules(submodule);
        return failure(ErrorCode::NotFound, "submodule " + tiphys::quoted(submodule.path) + " is not fetched");
    };
    return std::make_shared<const CommitTree>(m_state->store, *root, lfsFolder, std::move(present));
}

Expected<std::vector<Submodule>> Repository::submodules(const Revision &revision) const
{
    const Expected<std::shared_ptr<const render::FileTree>> files = tree(revision);
    if (!files)
        return std::unexpected(files.error());
    const Expected<render::FileContent> text = (*files)->read(".gitmodules");
    if (!text)
        return text.error().code() == ErrorCode::NotFound ? Expected<std::vector<Submodule>>()
                                                          : std::unexpected(text.error());
    std::vector<Submodule> found = submodulesIn(text->text);
    for (Submodule &submodule : found)
        if (const Expected<render::FileEntry> entry = (*files)->entry(submodule.path))
            submodule.commit = entry->id;
    return found;
}

Expected<Revision> Repository::mergeBase(const Revision &left, const Revision &right) const
{
    return m_state->store->with<Revision>([&](git_repository *repository) -> Expected<Revision> {
        git_oid ids[2];
        const Revision *const sides[2] = {&left, &right};
        for (int i = 0; i < 2; ++i) {
            const Expected<std::string> id =
                sides[i]->isWorkingTree() ? parsedRevision(repository, "HEAD") : sides[i]->commit;
            if (!id)
                return std::unexpected(id.error());
            const Expected<CommitHandle> commit = commitIn(repository, *id);
            if (!commit)
                return std::unexpected(commit.error());
            ids[i] = *git_commit_id(commit->get());
        }
        const std::string both = tiphys::quoted(left.requested) + " and " + tiphys::quoted(right.requested);
        git_oid base;
        const int code = git_merge_base(&base, repository, &ids[0], &ids[1]);
        if (code == GIT_ENOTFOUND) {
            std::string message = both + " have no common ancestor";
            if (git_repository_is_shallow(repository))
                message += " here: the history is cut off (shallow clone)";
            return failure(ErrorCode::NotFound, std::move(message));
        }
        if (code != 0)
            return std::unexpected(libgit2Error(code, "merge base of " + both));
        return Revision{left.requested + "..." + right.requested, hexOf(base), ""};
    });
}

Expected<std::vector<ChangedFile>> Repository::changedFiles(const Revision &left, const Revision &right,
                                                            Renames renames) const
{
    if (left.isWorkingTree() && right.isWorkingTree())
        return std::vector<ChangedFile>();
    return m_state->store->with<std::vector<ChangedFile>>(
        [&](git_repository *repository) -> Expected<std::vector<ChangedFile>> {
            const Expected<DiffHandle> diff = diffIn(repository, left, right);
            if (!diff)
                return std::unexpected(diff.error());
            if (renames == Renames::Detected) {
                git_diff_find_options options = GIT_DIFF_FIND_OPTIONS_INIT;
                options.flags = GIT_DIFF_FIND_RENAMES | GIT_DIFF_FIND_FOR_UNTRACKED;
                if (const int code = git_diff_find_similar(diff->get(), &options); code != 0)
                    return std::unexpected(libgit2Error(code, "looking for renamed files"));
            }
            std::vector<ChangedFile> files;
            for (std::size_t i = 0; i < git_diff_num_deltas(diff->get()); ++i) {
                const git_diff_delta *delta = git_diff_get_delta(diff->get(), i);
                if (delta->status != GIT_DELTA_UNMODIFIED && delta->status != GIT_DELTA_IGNORED)
                    files.push_back(left.isWorkingTree() ? reversed(changedFileOf(*delta)) : changedFileOf(*delta));
            }
            std::ranges::sort(files, {}, &ChangedFile::path);
            return files;
        });
}

Expected<CommitMetadata> Repository::commit(const Revision &revision) const
{
    return m_state->store->with<CommitMetadata>([&](git_repository *repository) -> Expected<CommitMetadata> {
        const Expected<std::string> id =
            revision.isWorkingTree() ? parsedRevision(repository, "HEAD") : revision.commit;
        if (!id)
            return std::unexpected(id.error());
        const Expected<CommitHandle> found = commitIn(repository, *id);
        if (!found)
            return std::unexpected(found.error());
        return metadataOf(found->get());
    });
}

Expected<SignedText> Repository::signedText(const Revision &revision) const
{
    return m_state->store->with<SignedText>([&](git_repository *repository) -> Expected<SignedText> {
        ReferenceHandle reference;
        if (revision.ref.starts_with("refs/tags/"))
            git_reference_lookup(out(reference), repository, revision.ref.c_str());
        const git_oid *target = reference ? git_reference_target(reference.get()) : nullptr;
        OdbHandle odb;
        OdbObjectHandle object;
        int code = git_repository_odb(out(odb), repository);
        if (code == 0 && target)
            code = git_odb_read(out(object), odb.get(), target);
        if (code != 0)
            return std::unexpected(libgit2Error(code, "reading tag " + tiphys::quoted(revision.ref)));
        if (object && git_odb_object_type(object.get()) == GIT_OBJECT_TAG)
            return signedTextOf(
                {static_cast<const char *>(git_odb_object_data(object.get())), git_odb_object_size(object.get())});
        const Expected<CommitHandle> commit = commitIn(repository, revision.commit);
        if (!commit)
            return std::unexpected(commit.error());
        git_oid id = *git_commit_id(commit->get());
        git_buf signature = GIT_BUF_INIT;
        git_buf payload = GIT_BUF_INIT;
        SignedText text;
        if (git_commit_extract_signature(&signature, &payload, repository, &id, nullptr) == 0)
            text = {{signature.ptr, signature.size}, {payload.ptr, payload.size}};
        git_buf_dispose(&signature);
        git_buf_dispose(&payload);
        return text;
    });
}

Expected<std::vector<CommitMetadata>> Repository::history(const Revision &revision, const HistoryOptions &options) const
{
    return m_state->store->with<std::vector<CommitMetadata>>(
        [&](git_repository *repository) -> Expected<std::vector<CommitMetadata>> {
            const Expected<std::string> id =
                revision.isWorkingTree() ? parsedRevision(repository, "HEAD") : revision.commit;
            if (!id)
                return std::unexpected(id.error());
            const Expected<CommitHandle> start = commitIn(repository, *id);
            if (!start)
                return std::unexpected(start.error());
            WalkHandle walk;
            int code = git_revwalk_new(out(walk), repository);
            if (code == 0)
                code = git_revwalk_sorting(walk.get(), GIT_SORT_TIME);
            if (code == 0)
                code = git_revwalk_push(walk.get(), git_commit_id(start->get()));
            std::vector<CommitMetadata> commits;
            git_oid next;
            while (code == 0 && commits.size() < options.limit && (code = git_revwalk_next(&next, walk.get())) == 0) {
                const Expected<CommitHandle> commit = commitIn(repository, hexOf(next));
                if (!commit)
                    return std::unexpected(commit.error());
                if (changesPaths(commit->get(), options.paths))
                    commits.push_back(metadataOf(commit->get()));
            }
            if (code != 0 && code != GIT_ITEROVER)
                return std::unexpected(libgit2Error(code, "history of " + tiphys::quoted(revision.requested)));
            return commits;
        });
}

} // namespace tiphys::git
