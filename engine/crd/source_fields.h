// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "crd/source_edit.h"

/// A source as a form of named fields.
namespace tiphys::crd {

/// How a field is written.
enum class SourceFieldKind {
    Text,
    Switch, ///< "true" or "false"
    Lines,  ///< items, one cell a row
    Table,  ///< rows with a cell for each of SourceField::columns
    Yaml,   ///< a document
};

/// A parameter of a source: `name` is its place in the manifest ("helm.releaseName").
struct SourceField
{
    std::string name;
    SourceFieldKind kind = SourceFieldKind::Text;
    std::string text;                           ///< of Text, Switch and Yaml
    std::vector<std::vector<std::string>> rows; ///< of Lines and Table
    std::vector<std::string> columns;           ///< of Table; "forceString" and "code" hold "true" or "false"

    bool operator==(const SourceField &) const = default;
};

/// What renders \p source: the tool that it names, else \p statusType (`status.sourceType`), else Helm for a chart;
/// "" if that is not known. Errors: as explicitType.
Expected<std::string> toolOf(const ApplicationSource &source, std::string_view statusType = {});

/// The parameters of \p source for the tool that renders it; of an unknown tool only the revision. An image of Kustomize
/// is a row of image, new name, tag and digest. Errors: as explicitType.
Expected<std::vector<SourceField>> sourceFields(const ApplicationSource &source, std::string_view statusType = {});

/// \p source with \p fields, of which name, text and rows are read; those that say what the source says stay exactly as
/// they are stored, and the rest is as storedAfterChange has it. Rows without any text are passed over.
/// Errors: InvalidInput for an unknown name, a text of a wrong form, and two tools at once.
Expected<ApplicationSource> withFields(const ApplicationSource &source, const std::vector<SourceField> &fields,
                                       SourcePlace place = SourcePlace::Single);

/// An image override of Kustomize in its parts.
struct KustomizeImageParts
{
    std::string image;   ///< which one is replaced
    std::string newName; ///< "" keeps the name
    std::string tag;
    std::string digest;

    bool operator==(const KustomizeImageParts &) const = default;
};

/// The parts of "[old=]new[:tag][@digest]".
KustomizeImageParts imagePartsOf(std::string_view text);
/// Their text.
std::string imageText(const KustomizeImageParts &parts);

} // namespace tiphys::crd
