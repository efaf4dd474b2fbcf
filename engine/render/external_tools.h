// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "object/value.h"
#include "render/file_tree.h"
#include "render/rendered.h"

#include <string>

namespace tiphys::render {

struct HelmOptions;

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
    /// What `kustomize build` with the flags \p buildOptions makes of \p folder. Errors: as above.
    virtual Expected<Rendered> kustomization(const FileTree &files, const std::string &folder, const std::string &buildOptions) = 0;
};

} // namespace tiphys::render
