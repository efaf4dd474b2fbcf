// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/source_edit.h"

/// A source as a form of named texts.
namespace tiphys::crd {

/// How a field is written.
enum class SourceFieldKind {
    Text,
    Switch, ///< "true" or "false"
    Lines,  ///< one item a line; pairs as "name=value"
    Yaml,   ///< a document
};

/// A parameter of a source: `name` is its place in the manifest ("helm.releaseName").
struct SourceField
{
    std::string name;
    SourceFieldKind kind = SourceFieldKind::Text;
    std::string text;

    bool operator==(const SourceField &) const = default;
};

/// The parameters of \p source for the tool that renders it: the one that it names, else \p statusType
/// (`status.sourceType`), else Helm for a chart; of an unknown tool only the revision. Helm parameters that are always
/// text stand apart, in "helm.parameters (forceString)", variables that are code in "directory.jsonnet.tlas (code)".
/// Errors: as explicitType.
Expected<std::vector<SourceField>> sourceFields(const ApplicationSource &source, std::string_view statusType = {});

/// \p source with the fields that \p texts names; those whose text is unchanged stay exactly as they are stored, and
/// blocks that say nothing are dropped. Errors: InvalidInput for an unknown name or a text of a wrong form.
Expected<ApplicationSource> withFields(const ApplicationSource &source,
                                       const std::vector<std::pair<std::string, std::string>> &texts);

} // namespace tiphys::crd
