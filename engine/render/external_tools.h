// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/file_tree.h"
#include "render/rendered.h"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

struct HelmOptions;

/// One `kustomize build` as Argo CD has it done.
struct KustomizeCall
{
    object::Value options;          ///< the source's member kustomize: edits before the build; empty: none
    std::vector<std::string> flags; ///< of the build
    /// Replaces `$NAME` by the build environment of the Application; null: texts stay.
    std::function<std::string(std::string_view)> substitute = {};
};

/// helm and kustomize of this machine, for the applications that somebody chose them for. Any thread.
class ExternalTools
{
public:
    virtual ~ExternalTools() = default;

    /// True if \p application is rendered by them instead of by this program.
    virtual bool areChosenFor(const std::string &application) const = 0;
    /// What `helm template` makes of the chart at \p folder. Errors: NotFound (no helm), InvalidInput with its words,
    /// Timeout, LimitExceeded.
    virtual Expected<Rendered> chart(const FileTree &files, const std::string &folder, const HelmOptions &options) = 0;
    /// What kustomize makes of \p folder after the edits of \p call. Errors: as above.
    virtual Expected<Rendered> kustomization(const FileTree &files, const std::string &folder,
                                             const KustomizeCall &call) = 0;
};

} // namespace tiphys::render
