// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "offline/applications.h"
#include "render/render_context.h"

#include <optional>

namespace tiphys::offline {

enum class ChangeKind { Changed, Added, Removed, Error };

/// One object that differs between the two revisions; the absent side is null.
struct ResourceChange
{
    object::ObjectKey key;
    ChangeKind change = ChangeKind::Changed;
    object::Object before;
    object::Object after;
    std::string fileBefore; ///< where the object stands in each revision
    std::string fileAfter;
};

/// One application that differs, or could not be rendered (then error is set and resources is empty).
struct AppChange
{
    std::string name;
    std::string ns;
    std::string path;
    ChangeKind change = ChangeKind::Changed;
    std::string error;
    std::vector<ResourceChange> resources; ///< removed ones first, then by key
    std::vector<std::string> warnings;
    std::vector<render::RemoteNeed> needs; ///< what has to be fetched before it can be rendered
};

/// An application in both revisions; null where it is absent.
struct AppPair
{
    const OfflineApp *before = nullptr;
    const OfflineApp *after = nullptr;
};

/// The applications of both revisions side by side, by identity.
std::vector<AppPair> pairsOf(const OfflineApps &before, const OfflineApps &after);

/// Whether plugins of this machine may claim a source whose Application names no type.
enum class Plugins { None, Known };

/// True if both sides have the same sources over the same content, told by object ids without rendering: their folders and
/// what they reach (OfflineApp::reach of the first revision). A plugin sees all files of its repository.
bool isUntouched(const AppPair &pair, const render::FileTree &before, const render::FileTree &after,
                 Plugins plugins = Plugins::None);

/// What differs; nothing if the rendered objects are equal, or cannot be rendered from the same files. \p base is what rendering depends on beside the
/// application (clock, what was fetched, build options); its environment, references, templates and needs are not read.
/// Thread-safe for different pairs.
std::optional<AppChange> changeOf(const AppPair &pair, const render::FileTree &before, const render::FileTree &after,
                                  const render::RenderContext &base = {});

/// The files of \p changed that no application of either revision reads.
std::vector<std::string> unmatchedFiles(const std::vector<std::string> &changed, const OfflineApps &before,
                                        const OfflineApps &after);

} // namespace tiphys::offline
