// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/comparison_acts.h"

#include <QString>

namespace tiphys::models {

/// What is missing for a comparison, in one sentence with its first items.
QString missingText(const std::vector<std::string> &missing);
/// All of it, one a line.
QString missingList(const std::vector<std::string> &missing);
/// Whether tools of this machine agree: a sentence, and below it those that differ or were not asked.
QString verdictsText(const std::vector<service::ToolVerdict> &verdicts);
/// Every verdict, one a line.
QString verdictsList(const std::vector<service::ToolVerdict> &verdicts);

} // namespace tiphys::models
