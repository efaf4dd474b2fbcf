// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/comparison.h"

#include <QString>

namespace tiphys::models {

/// Names a difference by what it says: another text, or the other direction, has another print. \p scope is where it
/// stands, an application's address for instance.
QString diffPrint(const service::ResourceDiff &diff, const QString &scope);
/// The same of a resource of a comparison, wherever it stands.
QString diffPrint(const service::ComparedResource &resource);

} // namespace tiphys::models
