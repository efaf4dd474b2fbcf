// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tiphys::models {

/// How well \p text answers \p query: all letters of the query in their order, better at the start of words and in
/// runs; -1 if it does not, 0 for an empty query.
int fuzzyScore(const QString &query, const QString &text);

} // namespace tiphys::models
