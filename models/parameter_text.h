// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/source_parameters.h"

#include <QString>

namespace tiphys::models {

/// A parameter in words: "Release name" for "helm.releaseName"; the name itself for an unknown one.
QString parameterTitle(std::string_view name);
/// One sentence on what it does and how it is entered.
QString parameterExplanation(std::string_view name);
/// One of those that most people look for; the others stand below a fold.
bool isMainParameter(std::string_view name);
/// The title of a column of a table.
QString columnTitle(std::string_view column);
/// What the row for a new item says.
QString newItemText(std::string_view name);
/// A source in a choice: "charts/shop · Helm", with its place where there are several.
QString sourceFormTitle(const service::SourceForm &form);
/// What a preview comes to: "3 lines of the application change; 2 resources will be rendered differently."
QString previewText(const service::SourcePreview &preview);

} // namespace tiphys::models
