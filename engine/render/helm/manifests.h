// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "base/for_each.h"
#include "object/value.h"
#include "render/rendered.h"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// One document of the output of `helm template`.
struct HelmManifest
{
    std::string source; ///< path of its template, as `# Source:` names it
    std::string_view text;
    std::optional<object::Value>
        value;              ///< what the text and the line feed that Helm writes after it mean, if it is known
    bool isCrdFile = false; ///< a whole file of crds/, not split
    bool isHook = false;
};

enum class Tests { Include, Skip };

/// A file of crds/ with the path that `# Source:` names.
struct CrdFile
{
    std::string source;
    std::string_view text;
};

/// Manifests and what keeps the texts of those that come from templates.
struct HelmOutput
{
    std::map<std::string, std::string> texts;
    std::vector<HelmManifest> manifests;
};

/// The output of a chart: files of crds/ first, then manifests in the order in which Helm installs kinds, then hooks.
/// \p rendered holds the text of each template by path. The texts of \p crds stay where they are. Many documents are read
/// by \p forEach.
///
/// Errors: InvalidInput "YAML parse error on PATH: …".
/// Source: helm pkg/release/v1/util/{manifest,manifest_sorter,kind_sorter}.go, pkg/cmd/template.go@v4.2.4
Expected<HelmOutput> outputOf(std::map<std::string, std::string> rendered, const std::vector<CrdFile> &crds,
                              Tests tests, const ForEach &forEach = {});

enum class Lists { Keep, Expand };

/// The objects of \p manifests, lists kept or replaced by their items, documents without content left out.
/// Many texts are read by \p forEach. Errors: InvalidInput naming the template for YAML that is no object.
Expected<Rendered> renderedOf(const std::vector<HelmManifest> &manifests, Lists lists, const ForEach &forEach = {});

} // namespace tiphys::render
